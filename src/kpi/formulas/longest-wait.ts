/** The longest of several waits. Knows nothing of streams. */
import { asFormula, finiteInput, inputsOf, type Count, type Formula } from './formula.js';

/**
 * The longest wait of several queues, in seconds.
 *
 * Formula: the largest of the inputs.
 *
 * Inputs: an array, or an object with any keys, of seconds.
 *
 * Edge cases: inputs that are `null` or not finite are left out; `null` if none is left. Never below 0. `figure` reports the number
 * of compared waits as the denominator.
 *
 * Statistics: `CurrMaxCallWaitingTime`, `CurrMaxCallWaitingTimeAG`.
 *
 * Source: inferred from the definition of the statistic; Genesys publishes no formula.
 *
 * @example
 * longestWait({ sales: 12, support: null, billing: 40 }); // 40
 */
export const longestWait: Formula<{ readonly [queue: string]: Count | undefined } | readonly (Count | undefined)[]> = /* @__PURE__ */ asFormula(
  'longestWait',
  'seconds',
  [],
  (inputs) => {
    const waits = Object.entries(inputsOf('longestWait', inputs)).flatMap(([key, wait]) => finiteInput('longestWait', key, wait) ?? []);
    // `reduce`, because spreading thousands of queues into Math.max would overflow the stack.
    const longest = waits.reduce((most, wait) => Math.max(most, wait), -Infinity);
    const value = waits.length === 0 ? null : Math.max(longest, 0);
    return { value, of: waits.length, clamped: value !== null && longest < 0 };
  },
);
