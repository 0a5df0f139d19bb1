/** Service level in three variants. The number means nothing without its variant, so each variant has its own name. */
import { countedAbandons } from './counted-abandons.js';
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Service level, in percent (0..100) of the calls offered.
 *
 * Formula: `100 * answeredWithin / (answered + abandoned - shortAbandoned + flowOuts)`.
 *
 * Inputs, all counts: `answeredWithin` (answered within the target time), `answered` (at all), `abandoned` (at all, the
 * short ones included), `shortAbandoned?` (too soon to count), `flowOuts?` (left the queue in another way).
 *
 * Edge cases: `null` if an input is `null` or nothing was offered, because no calls are not 0 %. Clamped to 0..100. Short abandons
 * never exceed the abandons. Totals count from when Stat Server first opened the statistic.
 *
 * Statistics: `Total_Answered`, `Total_Abandoned`. No public source shows a name for `answeredWithin` or `shortAbandoned`; a
 * deployment that has them defines them with a time range. `ServiceLevel` is computed by Stat Server: show it as it is.
 *
 * Source: Genesys Cloud Resource Center, "Configure the service level calculation"; without the optional inputs, all
 * switches are at their defaults.
 *
 * @example
 * serviceLevel({ answeredWithin: 80, answered: 90, abandoned: 10 }); // 80
 * serviceLevel({ answeredWithin: 80, answered: 90, abandoned: 20, shortAbandoned: 10 }); // 80
 * serviceLevel({ answeredWithin: 0, answered: 0, abandoned: 0 }); // null
 */
export const serviceLevel: Formula<{
  readonly answeredWithin: Count;
  readonly answered: Count;
  readonly abandoned: Count;
  readonly shortAbandoned?: Count | undefined;
  readonly flowOuts?: Count | undefined;
}> = /* @__PURE__ */ quotientFormula({
  name: 'serviceLevel',
  unit: 'percent',
  needs: ['answeredWithin', 'answered', 'abandoned'],
  takes: ['shortAbandoned', 'flowOuts'],
  ofTotals: true,
  quotient({ answeredWithin, answered, abandoned, shortAbandoned, flowOuts }) {
    const { count, clamped } = countedAbandons(abandoned, shortAbandoned);
    return { part: answeredWithin, whole: answered + count + flowOuts, clamped };
  },
});

/**
 * Service level, in percent (0..100) of the calls answered. Abandons do not lower it.
 *
 * Formula: `100 * answeredWithin / answered`.
 *
 * Inputs, both counts: `answeredWithin` (answered within the target time), `answered` (at all).
 *
 * Edge cases: `null` if an input is `null` or nothing was answered. Clamped to 0..100.
 *
 * Statistics: `Total_Answered`; for `answeredWithin` see {@link serviceLevel}.
 *
 * Source: Genesys Cloud Resource Center, "Configure the service level calculation", with abandons excluded.
 *
 * @example
 * serviceLevelOfAnswered({ answeredWithin: 80, answered: 90 }); // 88.88888888888889
 */
export const serviceLevelOfAnswered: Formula<{ readonly answeredWithin: Count; readonly answered: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'serviceLevelOfAnswered',
  unit: 'percent',
  needs: ['answeredWithin', 'answered'],
  ofTotals: true,
  quotient: ({ answeredWithin, answered }) => ({ part: answeredWithin, whole: answered }),
});

/**
 * Service level, in percent (0..100) of the calls offered. An abandon within the target time counts as a success.
 *
 * Formula: `100 * (answeredWithin + abandonedWithin) / (answered + abandoned)`.
 *
 * Inputs, all counts: `answeredWithin` and `abandonedWithin` (within the target time), `answered` and `abandoned` (at all).
 *
 * Edge cases: `null` if an input is `null` or nothing was offered. Clamped to 0..100.
 *
 * Statistics: `Total_Answered`, `Total_Abandoned`. No public source shows a name for the other two.
 *
 * Source: a variant common in the industry; Genesys publishes no such formula.
 *
 * @example
 * serviceLevelWithAbandons({ answeredWithin: 80, abandonedWithin: 6, answered: 90, abandoned: 10 }); // 86
 */
export const serviceLevelWithAbandons: Formula<{
  readonly answeredWithin: Count;
  readonly abandonedWithin: Count;
  readonly answered: Count;
  readonly abandoned: Count;
}> = /* @__PURE__ */ quotientFormula({
  name: 'serviceLevelWithAbandons',
  unit: 'percent',
  needs: ['answeredWithin', 'abandonedWithin', 'answered', 'abandoned'],
  ofTotals: true,
  quotient: ({ answeredWithin, abandonedWithin, answered, abandoned }) => ({
    part: answeredWithin + abandonedWithin,
    whole: answered + abandoned,
  }),
});
