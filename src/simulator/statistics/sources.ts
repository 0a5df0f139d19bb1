/** The public source that shows the name of each configured statistic. Data only. Any other name is made up. */

/** Names, each with the source that showed it first. */
const NAMES: readonly (readonly [string, string])[] = [
  ['agent-api-simulator', `
    CurrentAgentState, TimeInCurrentStateVoice, CurrentTargetState, LoginDuration, ReadyDuration, NotReadyDuration,
    TalkDuration, HoldDuration, WrapDuration, AverageHandlingTime, InboundCalls, OutboundCalls, InternalCalls,
    ConsultCalls, MissedCalls, RefusedCalls, InteractionTransferred, Productivity, CurrentReadyAgents,
    Current_In_Queue, CurrentNumberWaitingCalls, CurrMaxCallWaitingTime, AverageWaitingTime, ServiceLevel,
    Total_Answered, Total_Abandoned,
  `],
  ['list of statistics of a cloud account', `
    TimeInCurrentState, InteractionTransfered, CurrentGroupState, CurrentLoggedInAgents, CurrentNotReadyAgents,
    CurrentNumberInCall, LongestIdleTime, CurrentInQueue, CurrentInQueueAG, CurrMaxCallWaitingTimeAG,
    AverageWaitingTimeAG, AverageDistributionTime, TotalAnswered, TotalAnsweredAG, TotalAbandoned, TotalAbandonedAG,
    CallsEntered, TotalDistributed,
  `],
  ['Genesys documentation', `
    Custom_CurrentAgentDNState, ExtendedCurrentStatus, TotalTalkStatusTime, Average_Calls_Per_Hour,
  `],
  ['public code on Stat Server', `
    AverHandleStatusTime, CurrNumberInboundStatuses, CurrNumberOutboundStatuses, CurrNumberInternalStatuses,
    CurrNumberACWStatuses, CurrNumberNotReadyStatuses, Total_Calls_Entered,
  `],
];

const SOURCES = new Map(NAMES.flatMap(([source, names]) => names.split(/[\s,]+/).map((name) => [name, source] as const)));

/** `undefined` if no public source shows the name. */
export const sourceOf = (name: string): string | undefined => SOURCES.get(name);
