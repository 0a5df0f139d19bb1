/** How many callers wait for each agent who could answer. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Calls waiting per ready agent, a ratio.
 *
 * Formula: `waiting / ready`.
 *
 * Inputs, both counts at this moment: `waiting` (calls), `ready` (agents).
 *
 * Edge cases: `null` if an input is `null` or nobody is ready, however many wait. Never below 0.
 *
 * Statistics: `Current_In_Queue` or `CurrentInQueueAG`, `CurrentReadyAgents`.
 *
 * Source: inferred from the definitions of the two statistics; Genesys publishes no formula.
 *
 * @example
 * waitingPerReadyAgent({ waiting: 6, ready: 4 }); // 1.5
 */
export const waitingPerReadyAgent: Formula<{ readonly waiting: Count; readonly ready: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'waitingPerReadyAgent',
  unit: 'ratio',
  needs: ['waiting', 'ready'],
  ofTotals: false,
  quotient: ({ waiting, ready }) => ({ part: waiting, whole: ready }),
});
