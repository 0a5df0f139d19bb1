/** The average of averages, weighted by their counts. Knows nothing of streams. */
import { finiteInput, type Count } from './formula.js';
import { StatisticsOptionError } from '../../index.js';

/** One average, and the count that it was computed from. */
export interface AveragePart {
  readonly average: Count;
  readonly count: Count;
}

/**
 * Computes the average of a group from the averages of its members, in the same unit.
 *
 * Formula: `sum(average * count) / sum(count)`. The mean of the averages would give a queue with one call as much weight as a
 * queue with a thousand. Use it for service levels too, with the denominator of each as its count.
 *
 * Inputs: an array of `{ average, count }`.
 *
 * Edge cases: a part whose count is 0 or negative is left out, whatever its average. `null` if any other part lacks a number, or if
 * no part is left.
 *
 * Statistics: `AverageHandlingTime` with the calls handled, `AverageWaitingTime` with the calls that waited.
 *
 * Source: arithmetic.
 *
 * @throws StatisticsOptionError for anything but an array of such parts.
 *
 * @example
 * weightedAverage([{ average: 10, count: 90 }, { average: 60, count: 10 }]); // 15
 */
export function weightedAverage(parts: readonly AveragePart[]): number | null {
  const given: unknown = parts;
  if (!Array.isArray(given) || given.some((part) => typeof part !== 'object' || part === null)) {
    throw new StatisticsOptionError('weightedAverage takes an array of { average, count }', 'parts');
  }
  let [sum, total, least, most] = [0, 0, Infinity, -Infinity];
  for (const [index, part] of parts.entries()) {
    const count = finiteInput('weightedAverage', `parts[${index}].count`, part.count);
    const average = finiteInput('weightedAverage', `parts[${index}].average`, part.average);
    if (count === null) {
      return null;
    }
    if (count > 0) {
      if (average === null) {
        return null;
      }
      sum += average * count;
      total += count;
      least = Math.min(least, average);
      most = Math.max(most, average);
    }
  }
  const result = total > 0 ? sum / total : NaN;
  // Rounding must not carry the result beyond its smallest or largest part.
  return Number.isFinite(result) ? Math.min(Math.max(result, least), most) + 0 : null;
}
