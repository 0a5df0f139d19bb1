/** The operator from a growing counter to its steps. Knows nothing of time. */
import { defer, mergeMap, type OperatorFunction } from 'rxjs';
import { counterGain } from './counter-gain.js';
import { timedNumber, type TimedInput } from './input.js';

/**
 * An operator from a growing counter to the difference between each number and the previous one.
 *
 * A fall means that the counter was reset (midnight, a restart), so the new number itself is the difference. If a counter has already
 * grown beyond the previous number since its reset, the reset goes unnoticed. Inputs without a number change nothing. Not for
 * statistics over a sliding window, which fall without a reset.
 *
 * @example
 * statistic$('Total_Answered', sales).pipe(delta()).subscribe((more) => { ... }); // 10, 12, 15, 2 give 2, 3, 2
 */
export function delta(): OperatorFunction<TimedInput, number> {
  return (inputs) =>
    defer(() => {
      let last: number | undefined;
      return inputs.pipe(
        mergeMap((input) => {
          const number = timedNumber(input)?.number;
          const gain = number === undefined || last === undefined ? [] : [counterGain(last, number)];
          last = number ?? last;
          return gain;
        }),
      );
    });
}
