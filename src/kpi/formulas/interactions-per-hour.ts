/** How much is handled in an hour of work. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Interactions handled per hour of login.
 *
 * Formula: `3600 * handled / loginTime`.
 *
 * Inputs: `handled` (a count), `loginTime` (seconds).
 *
 * Edge cases: `null` if an input is `null` or nobody was logged in. Never below 0. `figure` reports the login time in
 * seconds as the denominator.
 *
 * Statistics: `LoginDuration`; `InboundCalls` and `OutboundCalls` add up to `handled`. `Productivity` is computed by Stat
 * Server: show it as it is.
 *
 * Source: Genesys Cloud Resource Center, "Select and manage metrics".
 *
 * @example
 * interactionsPerHour({ handled: 40, loginTime: 4 * 3_600 }); // 10
 */
export const interactionsPerHour: Formula<{ readonly handled: Count; readonly loginTime: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'interactionsPerHour',
  unit: 'perHour',
  needs: ['handled', 'loginTime'],
  ofTotals: true,
  quotient: ({ handled, loginTime }) => ({ part: handled * 3600, whole: loginTime }),
});
