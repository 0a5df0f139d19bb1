/** How long a contact takes, and what the time goes to: talk, hold and wrap-up. Knows nothing of streams. */
import { quotientFormula, type Count, type Formula } from './formula.js';

/**
 * Average handling time (AHT), in seconds.
 *
 * Formula: `(talkTime + holdTime + wrapTime) / handled`.
 *
 * Inputs: `talkTime`, `holdTime?`, `wrapTime?` (seconds, all calls together), `handled` (their count).
 *
 * Edge cases: `null` if an input is `null` or nothing was handled. Never below 0. Leave `holdTime` out if the talk
 * time contains it: with subject `DNAction`, no public source says whether it does.
 *
 * Statistics: `TalkDuration`, `HoldDuration`, `WrapDuration`; `InboundCalls` and `OutboundCalls` add up to `handled`.
 * `AverageHandlingTime` is computed by Stat Server: show it as it is.
 *
 * Source: Genesys Glossary, "Average handle time (AHT)".
 *
 * @example
 * averageHandlingTime({ talkTime: 1_800, holdTime: 200, wrapTime: 400, handled: 10 }); // 240
 */
export const averageHandlingTime: Formula<{
  readonly talkTime: Count;
  readonly holdTime?: Count | undefined;
  readonly wrapTime?: Count | undefined;
  readonly handled: Count;
}> = /* @__PURE__ */ quotientFormula({
  name: 'averageHandlingTime',
  unit: 'seconds',
  needs: ['talkTime', 'handled'],
  takes: ['holdTime', 'wrapTime'],
  ofTotals: true,
  quotient: ({ talkTime, holdTime, wrapTime, handled }) => ({ part: talkTime + holdTime + wrapTime, whole: handled }),
});

/**
 * Average talk time, in seconds per call with talk time.
 *
 * Formula: `talkTime / talks`.
 *
 * Inputs: `talkTime` (seconds), `talks` (the calls that had any).
 *
 * Edge cases: `null` if an input is `null` or there was no talk. Never below 0. The denominator is not `handled`.
 *
 * Statistics: `TalkDuration`; `InboundCalls`, `OutboundCalls`, `InternalCalls` and `ConsultCalls` add up to `talks`.
 *
 * Source: Genesys Cloud Resource Center, "View agent performance statistics".
 *
 * @example
 * averageTalkTime({ talkTime: 1_800, talks: 10 }); // 180
 */
export const averageTalkTime: Formula<{ readonly talkTime: Count; readonly talks: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'averageTalkTime',
  unit: 'seconds',
  needs: ['talkTime', 'talks'],
  ofTotals: true,
  quotient: ({ talkTime, talks }) => ({ part: talkTime, whole: talks }),
});

/**
 * Average hold time, in seconds per call that was held.
 *
 * Formula: `holdTime / holds`.
 *
 * Inputs: `holdTime` (seconds), `holds` (the calls that were held).
 *
 * Edge cases: `null` if an input is `null` or nothing was held. Never below 0. The denominator is not `handled`.
 *
 * Statistics: `HoldDuration`; no public source shows a name for the count of holds.
 *
 * Source: Genesys Cloud Resource Center, "View agent performance statistics".
 *
 * @example
 * averageHoldTime({ holdTime: 200, holds: 4 }); // 50
 */
export const averageHoldTime: Formula<{ readonly holdTime: Count; readonly holds: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'averageHoldTime',
  unit: 'seconds',
  needs: ['holdTime', 'holds'],
  ofTotals: true,
  quotient: ({ holdTime, holds }) => ({ part: holdTime, whole: holds }),
});

/**
 * Average after-call work, in seconds per call that had any.
 *
 * Formula: `wrapTime / wraps`.
 *
 * Inputs: `wrapTime` (seconds), `wraps` (the calls with after-call work).
 *
 * Edge cases: `null` if an input is `null` or there was no after-call work. Never below 0.
 *
 * Statistics: `WrapDuration`; no public source shows a name for the count.
 *
 * Source: Genesys Cloud Resource Center, "View agent performance statistics".
 *
 * @example
 * averageWrapTime({ wrapTime: 400, wraps: 8 }); // 50
 */
export const averageWrapTime: Formula<{ readonly wrapTime: Count; readonly wraps: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'averageWrapTime',
  unit: 'seconds',
  needs: ['wrapTime', 'wraps'],
  ofTotals: true,
  quotient: ({ wrapTime, wraps }) => ({ part: wrapTime, whole: wraps }),
});

/** The three parts of the handling time, in seconds. */
export type HandlingParts = { readonly talkTime: Count; readonly holdTime: Count; readonly wrapTime: Count };

/**
 * The share of the handling time that callers spent on hold, in percent (0..100).
 *
 * Formula: `100 * holdTime / (talkTime + holdTime + wrapTime)`.
 *
 * Inputs, all seconds: `talkTime` (without hold), `holdTime`, `wrapTime`.
 *
 * Edge cases: `null` if an input is `null` or nothing was handled. Clamped to 0..100.
 *
 * Statistics: `TalkDuration`, `HoldDuration`, `WrapDuration`.
 *
 * Source: Genesys Cloud Resource Center, "Select and manage metrics" (hold ratio).
 *
 * @example
 * holdShare({ talkTime: 1_500, holdTime: 300, wrapTime: 200 }); // 15
 */
export const holdShare: Formula<HandlingParts> = /* @__PURE__ */ quotientFormula({
  name: 'holdShare',
  unit: 'percent',
  needs: ['talkTime', 'holdTime', 'wrapTime'],
  ofTotals: true,
  quotient: ({ talkTime, holdTime, wrapTime }) => ({ part: holdTime, whole: talkTime + holdTime + wrapTime }),
});

/**
 * The share of the handling time that agents spent on after-call work, in percent (0..100).
 *
 * Formula: `100 * wrapTime / (talkTime + holdTime + wrapTime)`.
 *
 * Inputs, all seconds: `talkTime` (without hold), `holdTime`, `wrapTime`.
 *
 * Edge cases: `null` if an input is `null` or nothing was handled. Clamped to 0..100.
 *
 * Statistics: `TalkDuration`, `HoldDuration`, `WrapDuration`.
 *
 * Source: Genesys Cloud Resource Center, "Select and manage metrics" (after-call work ratio).
 *
 * @example
 * wrapShare({ talkTime: 1_500, holdTime: 300, wrapTime: 200 }); // 10
 */
export const wrapShare: Formula<HandlingParts> = /* @__PURE__ */ quotientFormula({
  name: 'wrapShare',
  unit: 'percent',
  needs: ['talkTime', 'holdTime', 'wrapTime'],
  ofTotals: true,
  quotient: ({ talkTime, holdTime, wrapTime }) => ({ part: wrapTime, whole: talkTime + holdTime + wrapTime }),
});
