/** A part as a percentage of a whole, for formulas that this package does not have. Knows nothing of what is counted. */
import { divide, finiteInput, type Count } from './formula.js';

/**
 * `100 * part / whole`, in percent (0..100).
 *
 * `null` if either number is `null` or not finite, or if the whole is 0 or less. Clamped to 0..100.
 *
 * @example
 * percentOf(29, 100); // 29
 * percentOf(0, 0); // null
 */
export function percentOf(part: Count, whole: Count): number | null {
  const [over, under] = [finiteInput('percentOf', 'part', part), finiteInput('percentOf', 'whole', whole)];
  return over === null || under === null ? null : divide({ part: over, whole: under }, 'percent').value;
}
