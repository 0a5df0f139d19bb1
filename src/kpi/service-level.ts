/** Service level from three or four counts. Knows nothing of streams. */
import { share, sum, type Count } from './share.js';

/**
 * The service level, in percent (0..100) of what was offered.
 *
 * `100 * answeredWithin / (answered + abandoned)`, the variant "of offered". With `shortAbandoned` it is the variant
 * "short abandons out": `100 * answeredWithin / (answered + abandoned - shortAbandoned)`.
 * Source: Genesys documentation: configure the service level calculation (all switches at their defaults; short
 * abandons excluded).
 *
 * All inputs are counts. `null` where one of them is `null`, and where nothing was offered: no calls is not 0 %. Clamped
 * to 0..100, and short abandons never exceed the abandons, because statistics may arrive apart and are reset apart.
 * Totals count from when the statistic was first requested, so a freshly opened "today" is not all of today. Where
 * Stat Server computes a service level itself (category ServiceFactor1), show that one instead.
 *
 * @param inputs.answeredWithin - answered within the target time.
 * @param inputs.answered - answered at all.
 * @param inputs.abandoned - abandoned at all, the short ones included.
 * @param inputs.shortAbandoned - abandoned too soon to count; leave it out to count every abandon.
 *
 * @example
 * serviceLevel({ answeredWithin: 80, answered: 90, abandoned: 10 }); // 80
 * serviceLevel({ answeredWithin: 80, answered: 90, abandoned: 20, shortAbandoned: 10 }); // 80
 * serviceLevel({ answeredWithin: 0, answered: 0, abandoned: 0 }); // null
 */
export function serviceLevel(inputs: {
  readonly answeredWithin: Count;
  readonly answered: Count;
  readonly abandoned: Count;
  readonly shortAbandoned?: Count | undefined;
}): number | null {
  const { answeredWithin, answered, abandoned, shortAbandoned = 0 } = inputs;
  const counted = abandoned === null || shortAbandoned === null ? null : Math.max(abandoned - shortAbandoned, 0);
  return share(answeredWithin, sum(answered, counted), 100);
}
