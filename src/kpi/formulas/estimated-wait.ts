/** How long a caller at the end of the queue will wait. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * The estimated wait of a caller at the end of the queue, in seconds.
 *
 * Formula: `waiting * averageHandlingTime / agents`.
 *
 * Inputs: `waiting` (calls ahead, a count), `averageHandlingTime` (seconds), `agents` (those who can serve the queue, a count).
 *
 * Edge cases: `null` if an input is `null` or there are no agents. Never below 0. It assumes that every agent is
 * busy with this queue and that nobody hangs up.
 *
 * Statistics: `Current_In_Queue`, `AverageHandlingTime`, `CurrentLoggedInAgents`.
 *
 * Source: usual in the industry. Stat Server's own categories (`EstimWaitTime`, `ExpectedWaitTime2`) know more: prefer them.
 *
 * @example
 * estimatedWait({ waiting: 6, averageHandlingTime: 240, agents: 12 }); // 120
 */
export const estimatedWait: Formula<{ readonly waiting: Count; readonly averageHandlingTime: Count; readonly agents: Count }> =
  /* @__PURE__ */ quotientFormula({
    name: 'estimatedWait',
    unit: 'seconds',
    needs: ['waiting', 'averageHandlingTime', 'agents'],
    ofTotals: false,
    quotient: ({ waiting, averageHandlingTime, agents }) => ({ part: waiting * averageHandlingTime, whole: agents }),
  });
