/** The share of callers who hung up. Knows nothing of streams. */
import { countedAbandons } from './counted-abandons.js';
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Abandon rate, in percent (0..100) of the calls offered.
 *
 * Formula: `100 * (abandoned - shortAbandoned) / (answered + abandoned - shortAbandoned + flowOuts)`.
 *
 * Inputs, all counts: `answered`, `abandoned` (the short ones included), `shortAbandoned?` (too soon to count), `flowOuts?`
 * (left the queue in another way).
 *
 * Edge cases: `null` if an input is `null` or nothing was offered, because no calls are not 0 %. Clamped to 0..100. Short abandons
 * never exceed the abandons. Totals count from when Stat Server first opened the statistic.
 *
 * Statistics: `Total_Answered` and `Total_Abandoned`; `TotalAnswered` and `TotalAbandoned` of route points; with `AG` of groups.
 *
 * Source: Genesys Cloud Resource Center, "Metric definitions"; leaving out short abandons is usual in the industry.
 *
 * @example
 * abandonRate({ answered: 90, abandoned: 10 }); // 10
 * abandonRate({ answered: 90, abandoned: 20, shortAbandoned: 10 }); // 10
 * abandonRate({ answered: 0, abandoned: 0 }); // null
 */
export const abandonRate: Formula<{
  readonly answered: Count;
  readonly abandoned: Count;
  readonly shortAbandoned?: Count | undefined;
  readonly flowOuts?: Count | undefined;
}> = /* @__PURE__ */ quotientFormula({
  name: 'abandonRate',
  unit: 'percent',
  needs: ['answered', 'abandoned'],
  takes: ['shortAbandoned', 'flowOuts'],
  ofTotals: true,
  quotient({ answered, abandoned, shortAbandoned, flowOuts }) {
    const { count, clamped } = countedAbandons(abandoned, shortAbandoned);
    return { part: count, whole: answered + count + flowOuts, clamped };
  },
});
