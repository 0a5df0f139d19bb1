/**
 * How busy agents are, in three variants. The industry uses the words occupancy and utilization for different things, so the inputs
 * define each variant.
 */
import { quotientFormula, type Count, type Formula } from './formula.js';

/** The times that make up handling, in seconds. Leave `holdTime` out if `talkTime` contains it. */
export type HandlingTimes = { readonly talkTime: Count; readonly holdTime?: Count | undefined; readonly wrapTime?: Count | undefined };

/**
 * Occupancy: the time spent on handling, in percent (0..100) of the time spent on handling or being ready.
 *
 * Formula: `100 * handling / (handling + readyTime)`, where `handling` is `talkTime + holdTime + wrapTime`.
 *
 * Inputs, all seconds: `talkTime`, `holdTime?`, `wrapTime?`, `readyTime` (idle and waiting for a call).
 *
 * Edge cases: `null` if an input is `null` or there was neither. Clamped to 0..100. Leave `holdTime` out if the talk
 * time contains it. Not-ready time does not count.
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
 * Occupancy of the login time: the time spent on handling, in percent (0..100) of the login time.
 *
 * Formula: `100 * (talkTime + holdTime + wrapTime) / loginTime`.
 *
 * Inputs, all seconds: `talkTime`, `holdTime?`, `wrapTime?`, `loginTime`.
 *
 * Edge cases: `null` if an input is `null` or nobody was logged in. Clamped to 0..100. Not-ready time lowers it, unlike
 * {@link occupancy}.
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
 * Utilization: the time spent on handling or being ready, in percent (0..100) of the login time.
 *
 * Formula: `100 * (talkTime + holdTime + wrapTime + readyTime) / loginTime`.
 *
 * Inputs, all seconds: `talkTime`, `holdTime?`, `wrapTime?`, `readyTime`, `loginTime`.
 *
 * Edge cases: `null` if an input is `null` or nobody was logged in. Clamped to 0..100.
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
