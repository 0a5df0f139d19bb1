/** The wait of callers who were answered. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Average speed of answer (ASA), in seconds.
 *
 * Formula: `waitTime / answered`.
 *
 * Inputs: `waitTime` (seconds that the answered calls waited, all together), `answered` (their count).
 *
 * Edge cases: `null` if an input is `null` or nothing was answered. Never below 0.
 *
 * Statistics: `Total_Answered`, and the total time of the same calls in the queue, for which no public source shows a name.
 * `AverageWaitingTime` is something else: the average of every wait, including callers who hung up.
 *
 * Source: the usual definition; Genesys publishes no formula for it in this API.
 *
 * @example
 * averageSpeedOfAnswer({ waitTime: 900, answered: 90 }); // 10
 */
export const averageSpeedOfAnswer: Formula<{ readonly waitTime: Count; readonly answered: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'averageSpeedOfAnswer',
  unit: 'seconds',
  needs: ['waitTime', 'answered'],
  ofTotals: true,
  quotient: ({ waitTime, answered }) => ({ part: waitTime, whole: answered }),
});
