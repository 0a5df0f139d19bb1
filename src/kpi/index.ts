/**
 * `genesys-statistics-rx/kpi`: numbers computed from several statistics. Owns the names that this entry exports. Imports only the
 * public surface of the package.
 */

// Formulas
export { serviceLevel, serviceLevelOfAnswered, serviceLevelWithAbandons } from './formulas/service-level.js';
export { abandonRate } from './formulas/abandon-rate.js';
export { answerRate } from './formulas/answer-rate.js';
export { averageSpeedOfAnswer } from './formulas/average-speed-of-answer.js';
export {
  averageHandlingTime,
  averageHoldTime,
  averageTalkTime,
  averageWrapTime,
  holdShare,
  wrapShare,
} from './formulas/handling-time.js';
export type { HandlingParts } from './formulas/handling-time.js';
export { transferRate } from './formulas/transfer-rate.js';
export { interactionsPerHour } from './formulas/interactions-per-hour.js';
export { occupancy, occupancyOfLogin, utilization } from './formulas/occupancy.js';
export type { HandlingTimes } from './formulas/occupancy.js';
export { notReadyShare } from './formulas/not-ready-share.js';
export { readyShare } from './formulas/ready-share.js';
export { waitingPerReadyAgent } from './formulas/waiting-per-ready-agent.js';
export { estimatedWait } from './formulas/estimated-wait.js';
export { longestWait } from './formulas/longest-wait.js';
export { weightedAverage } from './formulas/weighted-average.js';
export type { AveragePart } from './formulas/weighted-average.js';
export { percentOf } from './formulas/percent-of.js';
export { formatKpi } from './formulas/format-kpi.js';
export type { FormatOptions } from './formulas/format-kpi.js';
export type { Count, Explanation, Formula, KpiUnit } from './formulas/formula.js';

// Streams of snapshots
export { kpi } from './kpi.js';
export { kpis } from './kpis.js';
export { figure } from './figure.js';
export type { Figure, FigureOptions } from './figure.js';
export type { KpiInputs, KpiSnapshot, SnapshotOf } from './snapshot-numbers.js';
export { combineStatistics } from './combine-statistics.js';
export type { Combined, StreamSet } from './combine-statistics.js';

// Operators over time
export { delta } from './over-time/delta.js';
export { rate } from './over-time/rate.js';
export type { RateOptions } from './over-time/rate.js';
export { movingAverage } from './over-time/moving-average.js';
export { ewma } from './over-time/ewma.js';
export { minMax } from './over-time/min-max.js';
export type { Extremes } from './over-time/min-max.js';
export { perInterval } from './over-time/per-interval.js';
export type { IntervalGain, PerIntervalOptions } from './over-time/per-interval.js';
export { threshold } from './over-time/threshold.js';
export type { ThresholdLevel, ThresholdOptions } from './over-time/threshold.js';
export { sustained } from './over-time/sustained.js';
export type { SustainedInput } from './over-time/sustained.js';
export type { TimedInput } from './over-time/input.js';

// Queueing theory
export { erlangB } from './queueing/erlang-b.js';
export { erlangC } from './queueing/erlang-c.js';
export type { Load, Offered } from './queueing/offered.js';
export { forecast } from './queueing/forecast.js';
export type { Forecast, ForecastArguments } from './queueing/forecast.js';
export { agentsNeeded } from './queueing/agents-needed.js';
export type { AgentsNeededArguments } from './queueing/agents-needed.js';

// Ready-made
export { defineStatistic } from './ready-made/define-statistic.js';
export type { DefinedStatistic, StatisticSpec, StatisticUnit, TypedObject } from './ready-made/define-statistic.js';
export { statistics } from './ready-made/statistics.js';
export type { KnownStatistic, SeenIn } from './ready-made/statistics.js';
export { agentStatus } from './ready-made/agent-status.js';
export type { AgentGroup, AgentStatus } from './ready-made/agent-status.js';
export { queue$ } from './ready-made/queue.js';
export type { QueueFigures, QueueOptions } from './ready-made/queue.js';
export { agent$ } from './ready-made/agent.js';
export type { AgentFigures, AgentOptions } from './ready-made/agent.js';
export { group$ } from './ready-made/group.js';
export type { GroupFigures, GroupOptions } from './ready-made/group.js';
export type { StatisticsSource } from './ready-made/known-members.js';
export type { ReadyMadeOptions } from './ready-made/read-members.js';
