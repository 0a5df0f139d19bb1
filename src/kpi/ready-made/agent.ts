/** The figures of an agent that a supervisor looks at. Does not know how unknown members are found. */
import { map, type Observable } from 'rxjs';
import { notReadyShare } from '../formulas/not-ready-share.js';
import { occupancy } from '../formulas/occupancy.js';
import { agentStatus, type AgentStatus } from './agent-status.js';
import { knownMembers$, type StatisticsSource } from './known-members.js';
import { hasAll, memberNumbers } from './member-numbers.js';
import { readMembers, type ReadyMadeOptions } from './read-members.js';

const names = {
  state: 'CurrentAgentState',
  timeInState: 'TimeInCurrentState',
  loginTime: 'LoginDuration',
  readyTime: 'ReadyDuration',
  notReadyTime: 'NotReadyDuration',
  talkTime: 'TalkDuration',
  holdTime: 'HoldDuration',
  wrapTime: 'WrapDuration',
  inboundCalls: 'InboundCalls',
  outboundCalls: 'OutboundCalls',
  averageHandlingTime: 'AverageHandlingTime',
} as const;

/** An agent at one moment. A member that the deployment does not know is absent; `null` is a value without a number. */
export interface AgentFigures {
  readonly state?: AgentStatus;
  /** Seconds. */
  readonly timeInState?: number | null;
  /** Seconds, counted by Stat Server since its reset, like all times below. */
  readonly loginTime?: number | null;
  readonly readyTime?: number | null;
  readonly notReadyTime?: number | null;
  readonly talkTime?: number | null;
  readonly holdTime?: number | null;
  readonly wrapTime?: number | null;
  /** Calls, counted by Stat Server since its reset. */
  readonly inboundCalls?: number | null;
  readonly outboundCalls?: number | null;
  /** Seconds, as Stat Server computes it. */
  readonly averageHandlingTime?: number | null;
  /** Percent (0..100), by `occupancy` of talk, hold, wrap-up and ready times. */
  readonly occupancy?: number | null;
  /** Percent (0..100) of the login time, by `notReadyShare`. */
  readonly notReadyShare?: number | null;
}

/** Options of {@link agent$}. `objectType` is `'Agent'` by default. */
export type AgentOptions = ReadyMadeOptions<keyof typeof names>;

/**
 * An agent's figures, live and frozen, from one subscription: each emission comes from one answer. Statistics that the server refuses
 * are left out, as in `queue$`.
 *
 * @throws StatisticsOptionError for an unusable argument.
 *
 * @example
 * agent$(client, 'kim').subscribe(({ state, occupancy }) => { ... });
 */
export function agent$(client: StatisticsSource, objectId: string, options: AgentOptions = {}): Observable<AgentFigures> {
  return knownMembers$(client, readMembers(names, 'Agent', objectId, options)).pipe(
    map(({ state, ...rest }): AgentFigures => {
      const numbers = memberNumbers(rest);
      return Object.freeze({
        ...(state === undefined ? {} : { state: agentStatus(state.value) }),
        ...numbers,
        ...(hasAll(numbers, 'talkTime', 'holdTime', 'wrapTime', 'readyTime') ? { occupancy: occupancy(numbers) } : {}),
        ...(hasAll(numbers, 'notReadyTime', 'loginTime') ? { notReadyShare: notReadyShare(numbers) } : {}),
      });
    }),
  );
}
