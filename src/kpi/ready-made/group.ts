/** The figures of a group of agents that a supervisor looks at. Does not know how unknown members are found. */
import { map, type Observable } from 'rxjs';
import { readyShare } from '../formulas/ready-share.js';
import { waitingPerReadyAgent } from '../formulas/waiting-per-ready-agent.js';
import { knownMembers$, type StatisticsSource } from './known-members.js';
import { hasAll, memberNumbers } from './member-numbers.js';
import { readMembers, type ReadyMadeOptions } from './read-members.js';

const names = {
  loggedIn: 'CurrentLoggedInAgents',
  ready: 'CurrentReadyAgents',
  notReady: 'CurrentNotReadyAgents',
  inCall: 'CurrentNumberInCall',
  longestIdle: 'LongestIdleTime',
  waiting: 'CurrentInQueueAG',
} as const;

/** A group at one moment. A member that the deployment does not know is absent; `null` is a value without a number. */
export interface GroupFigures {
  /** A number of agents, as are `ready`, `notReady` and `inCall`. */
  readonly loggedIn?: number | null;
  readonly ready?: number | null;
  readonly notReady?: number | null;
  readonly inCall?: number | null;
  /** Seconds. */
  readonly longestIdle?: number | null;
  /** Calls in the queues that the group serves. */
  readonly waiting?: number | null;
  /** Percent (0..100) of the agents logged in, by `readyShare`. */
  readonly readyShare?: number | null;
  /** A ratio, by `waitingPerReadyAgent`. */
  readonly waitingPerReadyAgent?: number | null;
}

/** Options of {@link group$}. `objectType` is `'GroupAgents'` by default. */
export type GroupOptions = ReadyMadeOptions<keyof typeof names>;

/**
 * The figures of a group of agents, live and frozen, from one subscription: each emission comes from one answer. Statistics that the
 * server refuses are left out, as in `queue$`.
 *
 * @throws StatisticsOptionError for an unusable argument.
 *
 * @example
 * group$(client, 'SalesTeam').subscribe(({ ready, readyShare }) => { ... });
 */
export function group$(client: StatisticsSource, objectId: string, options: GroupOptions = {}): Observable<GroupFigures> {
  return knownMembers$(client, readMembers(names, 'GroupAgents', objectId, options)).pipe(
    map((members): GroupFigures => {
      const numbers = memberNumbers(members);
      return Object.freeze({
        ...numbers,
        ...(hasAll(numbers, 'ready', 'loggedIn') ? { readyShare: readyShare(numbers) } : {}),
        ...(hasAll(numbers, 'waiting', 'ready') ? { waitingPerReadyAgent: waitingPerReadyAgent(numbers) } : {}),
      });
    }),
  );
}
