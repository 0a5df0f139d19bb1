/**
 * The formulas by name, each with the default statistics for its inputs. Data only. A deployment may use other names, and some
 * inputs have no well-known name.
 */
import {
  abandonRate, answerRate, averageHandlingTime, averageHoldTime, averageSpeedOfAnswer, averageTalkTime, averageWrapTime, estimatedWait, holdShare,
  interactionsPerHour, notReadyShare, occupancy, occupancyOfLogin, readyShare, serviceLevel, serviceLevelOfAnswered, serviceLevelWithAbandons,
  transferRate, utilization, waitingPerReadyAgent, wrapShare, type Explanation, type KpiUnit,
} from '../../kpi/index.js';

export interface NamedFormula {
  readonly unit: KpiUnit;
  readonly explain: (inputs: Readonly<Record<string, number | null>>) => Explanation;
  /** The name of the statistic for each input; `undefined` if none is well known. */
  readonly inputs: Readonly<Record<string, string | undefined>>;
  /** Inputs that count as 0 unless they are given. */
  readonly optional: readonly string[];
  /** The object type of these statistics. */
  readonly of: string;
}

interface AnyFormula {
  readonly unit: KpiUnit;
  readonly explain: (inputs: never) => Explanation;
}

function named(formula: AnyFormula, of: string, inputs: NamedFormula['inputs'], ...optional: string[]): NamedFormula {
  return { unit: formula.unit, explain: formula.explain as NamedFormula['explain'], inputs, optional, of };
}

const calls = { answered: 'Total_Answered', abandoned: 'Total_Abandoned' };
/** A made-up name, which the simulator has. Deployments have their own. */
const answeredWithin = 'Total_Answered_In_Threshold';
const handling = { talkTime: 'TalkDuration', holdTime: 'HoldDuration', wrapTime: 'WrapDuration' };

export const formulas: Readonly<Record<string, NamedFormula>> = {
  serviceLevel: named(serviceLevel, 'Queue', { answeredWithin, ...calls }, 'shortAbandoned', 'flowOuts'),
  serviceLevelOfAnswered: named(serviceLevelOfAnswered, 'Queue', { answeredWithin, answered: calls.answered }),
  serviceLevelWithAbandons: named(serviceLevelWithAbandons, 'Queue', { answeredWithin, abandonedWithin: 'Total_Abandoned_Short', ...calls }),
  abandonRate: named(abandonRate, 'Queue', calls, 'shortAbandoned', 'flowOuts'),
  answerRate: named(answerRate, 'Queue', calls, 'flowOuts'),
  averageSpeedOfAnswer: named(averageSpeedOfAnswer, 'Queue', { waitTime: undefined, answered: calls.answered }),
  averageHandlingTime: named(averageHandlingTime, 'Agent', { talkTime: handling.talkTime, wrapTime: handling.wrapTime, handled: 'InboundCalls' }, 'holdTime'),
  averageTalkTime: named(averageTalkTime, 'Agent', { talkTime: handling.talkTime, talks: 'InboundCalls' }),
  averageHoldTime: named(averageHoldTime, 'Agent', { holdTime: handling.holdTime, holds: undefined }),
  averageWrapTime: named(averageWrapTime, 'Agent', { wrapTime: handling.wrapTime, wraps: undefined }),
  holdShare: named(holdShare, 'Agent', handling),
  wrapShare: named(wrapShare, 'Agent', handling),
  transferRate: named(transferRate, 'Agent', { transferred: 'InteractionTransferred', handled: 'InboundCalls' }),
  interactionsPerHour: named(interactionsPerHour, 'Agent', { handled: 'InboundCalls', loginTime: 'LoginDuration' }),
  occupancy: named(occupancy, 'Agent', { ...handling, readyTime: 'ReadyDuration' }),
  occupancyOfLogin: named(occupancyOfLogin, 'Agent', { ...handling, loginTime: 'LoginDuration' }),
  utilization: named(utilization, 'Agent', { ...handling, readyTime: 'ReadyDuration', loginTime: 'LoginDuration' }),
  notReadyShare: named(notReadyShare, 'Agent', { notReadyTime: 'NotReadyDuration', loginTime: 'LoginDuration' }),
  readyShare: named(readyShare, 'GroupAgents', { ready: 'CurrentReadyAgents', loggedIn: 'CurrentLoggedInAgents' }),
  waitingPerReadyAgent: named(waitingPerReadyAgent, 'GroupAgents', { waiting: 'Current_In_Queue', ready: 'CurrentReadyAgents' }),
  estimatedWait: named(estimatedWait, 'GroupAgents', { waiting: 'Current_In_Queue', averageHandlingTime: 'AverageHandlingTime', agents: 'CurrentLoggedInAgents' }),
};
