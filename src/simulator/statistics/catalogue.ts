/**
 * The configured statistics as data: name, object types, unit and definition. Deployments use different names; public sources show
 * these. Knows nothing of their computation.
 */
import type { ObjectType } from '../centre/centre.js';
import { originOf, type Origin } from '../origin.js';
import type { WrittenDefinition } from './definition.js';
import { sourceOf } from './sources.js';

/** The unit of a statistic. */
export type Unit = 'count' | 'seconds' | 'percent' | 'per hour' | 'state';

/** One configured statistic, and whether a public source shows its name. */
export type CatalogueEntry = Origin & {
  readonly name: string;
  readonly objectTypes: readonly ObjectType[];
  readonly unit: Unit;
  readonly definition: WrittenDefinition;
};

const AGENT: readonly ObjectType[] = ['Agent'];
const GROUP: readonly ObjectType[] = ['GroupAgents'];
const AGENTS: readonly ObjectType[] = ['Agent', 'GroupAgents'];
const ROUTE: readonly ObjectType[] = ['RoutePoint'];
const QUEUES: readonly ObjectType[] = ['Queue', 'RoutePoint', 'GroupQueues', 'GroupAgents'];

const TALK = 'CallUnknown,CallConsult,CallInternal,CallOutbound,CallInbound';
const LOGGED_IN = '*,~LoggedOut,~NotMonitored';

function entry(
  names: string | readonly string[],
  objectTypes: readonly ObjectType[],
  unit: Unit,
  category: string,
  subject: string,
  mainMask: string,
  more: WrittenDefinition = {},
): CatalogueEntry[] {
  return [names].flat().map((name) => ({ name, objectTypes, unit, definition: { category, subject, mainMask, ...more }, ...originOf(sourceOf(name)) }));
}

/** Every configured statistic. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  // Agents: states and times in them
  ...entry(['CurrentAgentState', 'ExtendedCurrentStatus'], AGENT, 'state', 'CurrentState', 'DNAction', '*'),
  ...entry('Custom_CurrentAgentDNState', AGENT, 'state', 'CurrentState', 'DNAction', '*'),
  ...entry('CurrentTargetState', AGENT, 'state', 'CurrentTargetState', 'DNStatus', '*'),
  ...entry(['TimeInCurrentState', 'TimeInCurrentStateVoice'], AGENT, 'seconds', 'CurrentTime', 'DNStatus', '*'),
  ...entry('LoginDuration', AGENTS, 'seconds', 'TotalTime', 'AgentStatus', LOGGED_IN),
  ...entry('ReadyDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'DNStatus', 'WaitForNextCall'),
  ...entry('NotReadyDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'AgentStatus', 'NotReadyForNextCall'),
  ...entry('TalkDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'DNAction', TALK),
  ...entry('HoldDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'DNAction',
    'CallOnHoldInbound,CallOnHoldOutbound,CallOnHoldInternal,CallOnHoldConsult,CallOnHoldUnknown'),
  ...entry('WrapDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'AgentStatus', 'AfterCallWork'),
  // Made-up names: with these two the durations of an agent add up to LoginDuration
  ...entry('RingDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'DNAction', 'CallRinging'),
  ...entry('DialDuration', AGENTS, 'seconds', 'TotalAdjustedTime', 'DNAction', 'CallDialing'),
  ...entry('TotalTalkStatusTime', AGENT, 'seconds', 'TotalTime', 'AgentStatus', TALK),
  // Agents: calls
  ...entry('InboundCalls', AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallInbound'),
  ...entry('OutboundCalls', AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallOutbound'),
  ...entry('InternalCalls', AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallInternal'),
  ...entry('ConsultCalls', AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallConsult'),
  ...entry('MissedCalls', AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallForwarded', { dynamicTimeProfile: '3600:10' }),
  ...entry('RefusedCalls', AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallAbandonedFromRinging'),
  ...entry(['InteractionTransferred', 'InteractionTransfered'], AGENTS, 'count', 'TotalNumber', 'DNAction', 'CallTransferMade'),
  ...entry(['AverageHandlingTime', 'AverHandleStatusTime'], AGENTS, 'seconds', 'AverageTime', 'DNStatus', `${TALK},AfterCallWork`, {
    relativeMask: TALK,
  }),
  ...entry('Productivity', AGENTS, 'per hour', 'AverageNumberPerRelativeHour', 'DNStatus',
    'CallUnknown,CallInternal,CallOutbound,CallInbound', { relativeMask: LOGGED_IN }),
  ...entry('Average_Calls_Per_Hour', [...AGENTS, 'Place', 'GroupPlaces'], 'per hour', 'AverageNumberPerRelativeHour', 'AgentStatus',
    'CallUnknown,CallInternal,CallOutbound,CallInbound', { relativeMask: LOGGED_IN }),
  // Groups of agents, now
  ...entry('CurrentGroupState', GROUP, 'state', 'CurrentState', 'GroupStatus', '*'),
  ...entry('CurrentLoggedInAgents', GROUP, 'count', 'CurrentNumber', 'AgentStatus', '*,~LoggedOut'),
  ...entry('CurrentReadyAgents', GROUP, 'count', 'CurrentNumber', 'DNStatus', 'WaitForNextCall'),
  ...entry(['CurrentNotReadyAgents', 'CurrNumberNotReadyStatuses'], GROUP, 'count', 'CurrentNumber', 'AgentStatus', 'NotReadyForNextCall'),
  ...entry('CurrentNumberInCall', GROUP, 'count', 'CurrentNumber', 'AgentStatus', TALK),
  ...entry('LongestIdleTime', GROUP, 'seconds', 'CurrentMaxTime', 'AgentStatus', 'WaitForNextCall'),
  ...entry('CurrNumberInboundStatuses', GROUP, 'count', 'CurrentNumber', 'AgentStatus', 'CallInbound'),
  ...entry('CurrNumberOutboundStatuses', GROUP, 'count', 'CurrentNumber', 'AgentStatus', 'CallOutbound'),
  ...entry('CurrNumberInternalStatuses', GROUP, 'count', 'CurrentNumber', 'AgentStatus', 'CallInternal'),
  ...entry('CurrNumberACWStatuses', GROUP, 'count', 'CurrentNumber', 'AgentStatus', 'AfterCallWork'),
  // Queues, and the queues a group of agents serves
  ...entry(['Current_In_Queue', 'CurrentNumberWaitingCalls'], QUEUES, 'count', 'CurrentNumber', 'DNAction', 'CallWait'),
  ...entry('CurrentInQueue', ROUTE, 'count', 'CurrentNumber', 'DNAction', 'CallWait'),
  ...entry('CurrentInQueueAG', GROUP, 'count', 'CurrentNumber', 'DNAction', 'CallWait'),
  ...entry('CurrMaxCallWaitingTime', QUEUES, 'seconds', 'CurrentMaxTime', 'DNAction', 'CallWait'),
  ...entry('CurrMaxCallWaitingTimeAG', GROUP, 'seconds', 'CurrentMaxTime', 'DNAction', 'CallWait'),
  // The mean of all ended waits, abandoned ones included: not the average speed of answer
  ...entry('AverageWaitingTime', QUEUES, 'seconds', 'AverageTime', 'DNAction', 'CallWait', { relativeMask: 'CallWait' }),
  ...entry('AverageWaitingTimeAG', GROUP, 'seconds', 'AverageTime', 'DNAction', 'CallWait', { relativeMask: 'CallWait' }),
  ...entry('AverageDistributionTime', ROUTE, 'seconds', 'AverageTime', 'DNAction', 'CallDistributed'),
  ...entry('ServiceLevel', QUEUES, 'percent', 'ServiceFactor1', 'DNAction', 'CallAnswered', {
    timeRangeLeft: 0, timeRangeRight: 120, timeRangeLeft2: 0, timeRangeRight2: 10,
  }),
  ...entry('Total_Answered', QUEUES, 'count', 'TotalNumber', 'DNAction', 'CallAnswered'),
  ...entry('TotalAnswered', ROUTE, 'count', 'TotalNumber', 'DNAction', 'CallAnswered'),
  ...entry('TotalAnsweredAG', GROUP, 'count', 'TotalNumber', 'DNAction', 'CallAnswered'),
  ...entry('Total_Abandoned', QUEUES, 'count', 'TotalNumber', 'DNAction', 'CallAbandoned'),
  ...entry('TotalAbandoned', ROUTE, 'count', 'TotalNumber', 'DNAction', 'CallAbandoned'),
  ...entry('TotalAbandonedAG', GROUP, 'count', 'TotalNumber', 'DNAction', 'CallAbandoned'),
  ...entry(['Total_Calls_Entered', 'CallsEntered'], QUEUES, 'count', 'TotalNumber', 'DNAction', 'CallEntered'),
  ...entry('TotalDistributed', ROUTE, 'count', 'TotalNumber', 'DNAction', 'CallDistributed'),
  // Made-up names, in the ranges of ServiceLevel: answered within 120 s, abandoned within 10 s
  ...entry('Total_Answered_In_Threshold', QUEUES, 'count', 'TotalNumberInTimeRange', 'DNAction', 'CallAnswered', {
    timeRangeLeft: 0, timeRangeRight: 120,
  }),
  ...entry('Total_Abandoned_Short', QUEUES, 'count', 'TotalNumberInTimeRange', 'DNAction', 'CallAbandoned', {
    timeRangeLeft: 0, timeRangeRight: 10,
  }),
];
