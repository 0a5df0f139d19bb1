/** The share of agents that could take a call now. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * The ready agents, in percent (0..100) of those logged in.
 *
 * Formula: `100 * ready / loggedIn`.
 *
 * Inputs, both counts of agents at this moment: `ready`, `loggedIn`.
 *
 * Edge cases: `null` if an input is `null` or nobody is logged in. Clamped to 0..100: the two statistics may arrive at
 * different times, so that for a moment more agents seem ready than logged in.
 *
 * Statistics: `CurrentReadyAgents`, `CurrentLoggedInAgents`.
 *
 * Source: inferred from the definitions of the two statistics; Genesys publishes no formula.
 *
 * @example
 * readyShare({ ready: 3, loggedIn: 12 }); // 25
 * readyShare({ ready: 0, loggedIn: 0 }); // null
 */
export const readyShare: Formula<{ readonly ready: Count; readonly loggedIn: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'readyShare',
  unit: 'percent',
  needs: ['ready', 'loggedIn'],
  ofTotals: false,
  quotient: ({ ready, loggedIn }) => ({ part: ready, whole: loggedIn }),
});
