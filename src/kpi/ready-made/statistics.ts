/**
 * The well-known statistics: names, object types, units, and the sources of each name. Data only. Names are configuration, so a
 * deployment may lack any of them, and have others.
 */
import { defineStatistic, type DefinedStatistic, type StatisticUnit } from './define-statistic.js';

/**
 * Where a name was seen.
 * - `'aas'`: in the definitions of Genesys' agent-api-simulator.
 * - `'cloud'`: in a list of what a live Multicloud CX cloud account offers.
 * - `'documentation'`: in Genesys' documentation or tutorials.
 * - `'code'`: in other public code that talks to a Stat Server.
 * - `'simulator'`: nowhere in public. The simulator of this package made it up.
 */
export type SeenIn = 'aas' | 'cloud' | 'documentation' | 'code' | 'simulator';

/** A well-known statistic. */
export interface KnownStatistic<T extends readonly [string, ...string[]] = readonly [string, ...string[]]> extends DefinedStatistic<T> {
  readonly seenIn: readonly SeenIn[];
}

function known<const T extends readonly [string, ...string[]]>(
  name: string,
  objectTypes: T,
  unit: StatisticUnit,
  ...seenIn: readonly [SeenIn, ...SeenIn[]]
): KnownStatistic<T> {
  return Object.freeze({ ...defineStatistic({ name, objectTypes, unit }), seenIn: Object.freeze(seenIn) });
}

/**
 * The well-known statistics, by name.
 *
 * @example
 * client.subscription$({ waiting: statistics.Current_In_Queue.of({ objectId: 'Sales@SIP', objectType: 'Queue' }) });
 * statistics.Current_In_Queue.seenIn; // ['aas']
 */
export const statistics = /* @__PURE__ */ Object.freeze({
  // Agents: states, and times in them
  CurrentAgentState: known('CurrentAgentState', ['Agent'], 'state', 'aas', 'cloud', 'documentation'),
  TimeInCurrentState: known('TimeInCurrentState', ['Agent'], 'seconds', 'cloud', 'documentation'),
  TimeInCurrentStateVoice: known('TimeInCurrentStateVoice', ['Agent'], 'seconds', 'aas'),
  CurrentTargetState: known('CurrentTargetState', ['Agent'], 'state', 'aas'),
  Custom_CurrentAgentDNState: known('Custom_CurrentAgentDNState', ['Agent'], 'state', 'documentation'),
  ExtendedCurrentStatus: known('ExtendedCurrentStatus', ['Agent'], 'state', 'documentation'),
  LoginDuration: known('LoginDuration', ['Agent'], 'seconds', 'aas', 'cloud'),
  ReadyDuration: known('ReadyDuration', ['Agent'], 'seconds', 'aas', 'cloud'),
  NotReadyDuration: known('NotReadyDuration', ['Agent'], 'seconds', 'aas', 'cloud'),
  TalkDuration: known('TalkDuration', ['Agent'], 'seconds', 'aas', 'cloud'),
  HoldDuration: known('HoldDuration', ['Agent'], 'seconds', 'aas', 'cloud'),
  WrapDuration: known('WrapDuration', ['Agent'], 'seconds', 'aas', 'cloud'),
  RingDuration: known('RingDuration', ['Agent'], 'seconds', 'simulator'),
  DialDuration: known('DialDuration', ['Agent'], 'seconds', 'simulator'),
  TotalTalkStatusTime: known('TotalTalkStatusTime', ['Agent'], 'seconds', 'documentation'),
  // Agents and groups of them: calls
  AverageHandlingTime: known('AverageHandlingTime', ['Agent', 'GroupAgents'], 'seconds', 'aas', 'cloud'),
  AverHandleStatusTime: known('AverHandleStatusTime', ['Agent'], 'seconds', 'code'),
  InboundCalls: known('InboundCalls', ['Agent', 'GroupAgents'], 'count', 'aas', 'cloud'),
  OutboundCalls: known('OutboundCalls', ['Agent', 'GroupAgents'], 'count', 'aas', 'cloud'),
  InternalCalls: known('InternalCalls', ['Agent', 'GroupAgents'], 'count', 'aas', 'cloud'),
  ConsultCalls: known('ConsultCalls', ['Agent', 'GroupAgents'], 'count', 'aas', 'cloud'),
  MissedCalls: known('MissedCalls', ['Agent', 'GroupAgents'], 'count', 'aas', 'cloud'),
  RefusedCalls: known('RefusedCalls', ['Agent'], 'count', 'aas', 'cloud'),
  InteractionTransferred: known('InteractionTransferred', ['Agent', 'GroupAgents'], 'count', 'aas', 'cloud'),
  // The spelling of a cloud account, for groups
  InteractionTransfered: known('InteractionTransfered', ['GroupAgents'], 'count', 'cloud'),
  Productivity: known('Productivity', ['Agent', 'GroupAgents'], 'perHour', 'aas', 'cloud'),
  Average_Calls_Per_Hour: known('Average_Calls_Per_Hour', ['GroupAgents', 'GroupPlaces', 'Agent', 'Place'], 'perHour', 'documentation'),
  // Groups of agents, now
  CurrentGroupState: known('CurrentGroupState', ['GroupAgents'], 'state', 'cloud'),
  CurrentLoggedInAgents: known('CurrentLoggedInAgents', ['GroupAgents'], 'count', 'cloud'),
  CurrentReadyAgents: known('CurrentReadyAgents', ['GroupAgents'], 'count', 'aas', 'cloud', 'code'),
  CurrentNotReadyAgents: known('CurrentNotReadyAgents', ['GroupAgents'], 'count', 'cloud'),
  CurrentNumberInCall: known('CurrentNumberInCall', ['GroupAgents'], 'count', 'cloud'),
  LongestIdleTime: known('LongestIdleTime', ['GroupAgents'], 'seconds', 'cloud'),
  CurrNumberInboundStatuses: known('CurrNumberInboundStatuses', ['GroupAgents'], 'count', 'code'),
  CurrNumberOutboundStatuses: known('CurrNumberOutboundStatuses', ['GroupAgents'], 'count', 'code'),
  CurrNumberInternalStatuses: known('CurrNumberInternalStatuses', ['GroupAgents'], 'count', 'code'),
  CurrNumberACWStatuses: known('CurrNumberACWStatuses', ['GroupAgents'], 'count', 'code'),
  CurrNumberNotReadyStatuses: known('CurrNumberNotReadyStatuses', ['GroupAgents'], 'count', 'code'),
  // Queues, route points, and the queues that a group of agents serves
  Current_In_Queue: known('Current_In_Queue', ['RoutePoint', 'GroupAgents', 'Queue'], 'count', 'aas'),
  CurrentInQueue: known('CurrentInQueue', ['RoutePoint'], 'count', 'cloud'),
  CurrentInQueueAG: known('CurrentInQueueAG', ['GroupAgents'], 'count', 'cloud'),
  CurrentNumberWaitingCalls: known('CurrentNumberWaitingCalls', ['RoutePoint', 'Queue'], 'count', 'aas', 'cloud'),
  CurrMaxCallWaitingTime: known('CurrMaxCallWaitingTime', ['Queue', 'RoutePoint'], 'seconds', 'aas', 'cloud'),
  CurrMaxCallWaitingTimeAG: known('CurrMaxCallWaitingTimeAG', ['GroupAgents'], 'seconds', 'cloud'),
  AverageWaitingTime: known('AverageWaitingTime', ['GroupAgents', 'Queue', 'GroupQueues', 'RoutePoint'], 'seconds', 'aas', 'cloud'),
  AverageWaitingTimeAG: known('AverageWaitingTimeAG', ['GroupAgents'], 'seconds', 'cloud'),
  AverageDistributionTime: known('AverageDistributionTime', ['RoutePoint'], 'seconds', 'cloud'),
  ServiceLevel: known('ServiceLevel', ['RoutePoint', 'GroupAgents', 'Queue'], 'percent', 'aas', 'cloud'),
  Total_Answered: known('Total_Answered', ['RoutePoint', 'GroupAgents', 'Queue'], 'count', 'aas'),
  TotalAnswered: known('TotalAnswered', ['RoutePoint'], 'count', 'cloud'),
  TotalAnsweredAG: known('TotalAnsweredAG', ['GroupAgents'], 'count', 'cloud'),
  Total_Abandoned: known('Total_Abandoned', ['RoutePoint', 'GroupAgents', 'Queue'], 'count', 'aas'),
  TotalAbandoned: known('TotalAbandoned', ['RoutePoint'], 'count', 'cloud'),
  TotalAbandonedAG: known('TotalAbandonedAG', ['GroupAgents'], 'count', 'cloud'),
  Total_Calls_Entered: known('Total_Calls_Entered', ['GroupQueues', 'Queue'], 'count', 'code'),
  CallsEntered: known('CallsEntered', ['RoutePoint'], 'count', 'cloud'),
  TotalDistributed: known('TotalDistributed', ['RoutePoint'], 'count', 'cloud'),
  Total_Answered_In_Threshold: known('Total_Answered_In_Threshold', ['Queue', 'RoutePoint', 'GroupQueues', 'GroupAgents'], 'count', 'simulator'),
  Total_Abandoned_Short: known('Total_Abandoned_Short', ['Queue', 'RoutePoint', 'GroupQueues', 'GroupAgents'], 'count', 'simulator'),
});
