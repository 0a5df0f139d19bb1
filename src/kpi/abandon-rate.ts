/** Abandon rate from two counts. Knows nothing of streams. */
import { share, sum, type Count } from './share.js';

/**
 * The abandon rate, in percent (0..100) of what was offered.
 *
 * `100 * abandoned / (answered + abandoned)`: offered is what was answered or abandoned, without flow-outs, and short
 * abandons count as any other. Source: Genesys documentation: metric definitions.
 *
 * Both inputs are counts. `null` where one of them is `null`, and where nothing was offered: no calls is not 0 %.
 * Totals count from when the statistic was first requested, so a freshly opened "today" is not all of today.
 *
 * @example
 * abandonRate({ answered: 90, abandoned: 10 }); // 10
 * abandonRate({ answered: 0, abandoned: 0 }); // null
 */
export function abandonRate(inputs: { readonly answered: Count; readonly abandoned: Count }): number | null {
  const { answered, abandoned } = inputs;
  return share(abandoned, sum(answered, abandoned), 100);
}
