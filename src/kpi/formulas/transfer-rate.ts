/** The share of handled calls that were transferred. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Transfer rate, in percent (0..100) of the calls handled.
 *
 * Formula: `100 * transferred / handled`.
 *
 * Inputs, both counts: `transferred`, `handled`.
 *
 * Edge cases: `null` if an input is `null` or nothing was handled. Clamped to 0..100, because one call may be transferred more than
 * once.
 *
 * Statistics: `InteractionTransferred`; `InboundCalls` and `OutboundCalls` add up to `handled`.
 *
 * Source: Genesys Cloud Resource Center, "Select and manage metrics".
 *
 * @example
 * transferRate({ transferred: 3, handled: 60 }); // 5
 */
export const transferRate: Formula<{ readonly transferred: Count; readonly handled: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'transferRate',
  unit: 'percent',
  needs: ['transferred', 'handled'],
  ofTotals: true,
  quotient: ({ transferred, handled }) => ({ part: transferred, whole: handled }),
});
