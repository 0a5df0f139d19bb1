/** The share of the login time that agents could not take calls. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * The share of the login time that agents were not ready, in percent (0..100).
 *
 * Formula: `100 * notReadyTime / loginTime`.
 *
 * Inputs, both seconds: `notReadyTime`, `loginTime`.
 *
 * Edge cases: `null` if an input is `null` or nobody was logged in. Clamped to 0..100.
 *
 * Statistics: `NotReadyDuration`, `LoginDuration`.
 *
 * Source: inferred from the definitions of the two statistics; Genesys publishes no formula.
 *
 * @example
 * notReadyShare({ notReadyTime: 3_600, loginTime: 8 * 3_600 }); // 12.5
 */
export const notReadyShare: Formula<{ readonly notReadyTime: Count; readonly loginTime: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'notReadyShare',
  unit: 'percent',
  needs: ['notReadyTime', 'loginTime'],
  ofTotals: true,
  quotient: ({ notReadyTime, loginTime }) => ({ part: notReadyTime, whole: loginTime }),
});
