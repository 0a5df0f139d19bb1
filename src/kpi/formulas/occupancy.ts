/**
 * How busy agents are, in three variants. The words occupancy and utilization are used for different things in the
 * industry, so the inputs say what each of these means.
 */
import { quotientFormula, type Count, type Formula } from './formula.js';

/** The times that make up handling, in seconds. Leave `holdTime` out where `talkTime` contains it. */
export type HandlingTimes = { readonly talkTime: Count; readonly holdTime?: Count | undefined; readonly wrapTime?: Count | undefined };

/**
 * Occupancy: the share of the time on handling, of handling and being ready, in percent (0..100).
 *
 * Formula: `100 * handling / (handling + readyTime)`, where `handling` is `talkTime + holdTime + wrapTime`.
 *
 * Inputs, all seconds: `talkTime`, `holdTime?`, `wrapTime?`, `readyTime` (idle and waiting for a call).
 *
 * Edge cases: `null` where an input is `null` and where there was neither. Clamped to 0..100. Leave `holdTime` out where the
 * talk time contains it. Time that is not ready counts nowhere.
 *
 * Statistics: `TalkDuration`, `HoldDuration`, `WrapDuration`, `ReadyDuration`.
 *
 * Source: the usual definition in workforce management, handling over handling and available.
 *
 * @example
 * occupancy({ talkTime: 1_500, holdTime: 300, wrapTime: 600, readyTime: 600 }); // 80
 */
export const occupancy: Formula<HandlingTimes & { readonly readyTime: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'occupancy',
  unit: 'percent',
  needs: ['talkTime', 'readyTime'],
  takes: ['holdTime', 'wrapTime'],
  ofTotals: true,
  quotient({ talkTime, holdTime, wrapTime, readyTime }) {
    const handling = talkTime + holdTime + wrapTime;
    return { part: handling, whole: handling + readyTime };
  },
});

/**
 * Occupancy of the login time: the share of being logged in that went to handling, in percent (0..100).
 *
 * Formula: `100 * (talkTime + holdTime + wrapTime) / loginTime`.
 *
 * Inputs, all seconds: `talkTime`, `holdTime?`, `wrapTime?`, `loginTime`.
 *
 * Edge cases: `null` where an input is `null` and where nobody was logged in. Clamped to 0..100. Time that is not ready lowers
 * it, unlike {@link occupancy}.
 *
 * Statistics: `TalkDuration`, `HoldDuration`, `WrapDuration`, `LoginDuration`.
 *
 * Source: trade press (Contact Center Pipeline), which notes that switches differ; Genesys publishes no such formula.
 *
 * @example
 * occupancyOfLogin({ talkTime: 1_500, holdTime: 300, wrapTime: 600, loginTime: 4_000 }); // 60
 */
export const occupancyOfLogin: Formula<HandlingTimes & { readonly loginTime: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'occupancyOfLogin',
  unit: 'percent',
  needs: ['talkTime', 'loginTime'],
  takes: ['holdTime', 'wrapTime'],
  ofTotals: true,
  quotient: ({ talkTime, holdTime, wrapTime, loginTime }) => ({ part: talkTime + holdTime + wrapTime, whole: loginTime }),
});

/**
 * Utilization: the share of being logged in that went to handling or to being ready, in percent (0..100).
 *
 * Formula: `100 * (talkTime + holdTime + wrapTime + readyTime) / loginTime`.
 *
 * Inputs, all seconds: `talkTime`, `holdTime?`, `wrapTime?`, `readyTime`, `loginTime`.
 *
 * Edge cases: `null` where an input is `null` and where nobody was logged in. Clamped to 0..100.
 *
 * Statistics: `TalkDuration`, `HoldDuration`, `WrapDuration`, `ReadyDuration`, `LoginDuration`.
 *
 * Source: workforce management vendors and ICMI; Genesys publishes no such formula.
 *
 * @example
 * utilization({ talkTime: 1_500, holdTime: 300, wrapTime: 600, readyTime: 600, loginTime: 4_000 }); // 75
 */
export const utilization: Formula<HandlingTimes & { readonly readyTime: Count; readonly loginTime: Count }> = /* @__PURE__ */ quotientFormula({
  name: 'utilization',
  unit: 'percent',
  needs: ['talkTime', 'readyTime', 'loginTime'],
  takes: ['holdTime', 'wrapTime'],
  ofTotals: true,
  quotient: ({ talkTime, holdTime, wrapTime, readyTime, loginTime }) => ({
    part: talkTime + holdTime + wrapTime + readyTime,
    whole: loginTime,
  }),
});
