/** The share of calls that reached somebody. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Answer rate, in percent (0..100) of the calls offered.
 *
 * Formula: `100 * answered / (answered + abandoned + flowOuts)`.
 *
 * Inputs, all counts: `answered`, `abandoned`, `flowOuts?` (left the queue in another way).
 *
 * Edge cases: `null` if an input is `null` or nothing was offered. Clamped to 0..100. Without flow-outs and short
 * abandons, it and the abandon rate add up to 100.
 *
 * Statistics: `Total_Answered` and `Total_Abandoned`; `TotalAnswered` and `TotalAbandoned` of route points; with `AG` of groups.
 *
 * Source: Genesys Cloud Resource Center, "Metric definitions".
 *
 * @example
 * answerRate({ answered: 90, abandoned: 10 }); // 90
 */
export const answerRate: Formula<{ readonly answered: Count; readonly abandoned: Count; readonly flowOuts?: Count | undefined }> =
  /* @__PURE__ */ quotientFormula({
    name: 'answerRate',
    unit: 'percent',
    needs: ['answered', 'abandoned'],
    takes: ['flowOuts'],
    ofTotals: true,
    quotient: ({ answered, abandoned, flowOuts }) => ({ part: answered, whole: answered + abandoned + flowOuts }),
  });
