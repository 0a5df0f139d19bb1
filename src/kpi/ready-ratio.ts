/** The share of ready agents from two counts. Knows nothing of streams. */
import { share, type Count } from './share.js';

/**
 * The ready agents as a part (0..1) of those logged in.
 *
 * `ready / loggedIn`, such as CurrentReadyAgents over CurrentLoggedInAgents of one group. Inferred from the definitions
 * of the two statistics; Genesys publishes no formula.
 *
 * Both inputs are counts of agents at this moment. `null` where one of them is `null`, and where nobody is logged in.
 * Clamped to 0..1: the two statistics may arrive apart, and then there are more ready than logged in for a moment.
 *
 * @example
 * readyRatio({ ready: 3, loggedIn: 12 }); // 0.25
 * readyRatio({ ready: 0, loggedIn: 0 }); // null
 */
export function readyRatio(inputs: { readonly ready: Count; readonly loggedIn: Count }): number | null {
  return share(inputs.ready, inputs.loggedIn, 1);
}
