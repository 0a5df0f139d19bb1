/** The figures of a queue that a supervisor looks at. Does not know how unknown members are found. */
import { map, type Observable } from 'rxjs';
import { abandonRate } from '../formulas/abandon-rate.js';
import { knownMembers$, type StatisticsSource } from './known-members.js';
import { hasAll, memberNumbers } from './member-numbers.js';
import { readMembers, type ReadyMadeOptions } from './read-members.js';

const names = {
  waiting: 'Current_In_Queue',
  longestWait: 'CurrMaxCallWaitingTime',
  answered: 'Total_Answered',
  abandoned: 'Total_Abandoned',
  serviceLevel: 'ServiceLevel',
  averageWait: 'AverageWaitingTime',
} as const;

/** A queue at one moment. A member that the deployment does not know is absent; `null` is a value without a number. */
export interface QueueFigures {
  /** Calls. */
  readonly waiting?: number | null;
  /** Seconds. */
  readonly longestWait?: number | null;
  /** Calls, counted by Stat Server since its reset. */
  readonly answered?: number | null;
  /** Calls, counted by Stat Server since its reset. */
  readonly abandoned?: number | null;
  /** Percent (0..100), as Stat Server computes it. */
  readonly serviceLevel?: number | null;
  /** Percent (0..100) of the calls offered, by `abandonRate`. */
  readonly abandonRate?: number | null;
  /** Seconds: the average of every wait, including callers who hung up. */
  readonly averageWait?: number | null;
}

/** Options of {@link queue$}. `objectType` is `'Queue'` by default. */
export type QueueOptions = ReadyMadeOptions<keyof typeof names>;

/**
 * A queue's figures, live and frozen, from one subscription: each emission comes from one answer.
 *
 * A statistic that the server refuses is left out, and the others stay live. If all are refused, the stream errors with
 * `StatisticRejectedError`. Otherwise it behaves like `subscription$`.
 *
 * @throws StatisticsOptionError for an unusable argument.
 *
 * @example
 * queue$(client, 'Sales@SIP').subscribe(({ waiting, abandonRate }) => { ... });
 * queue$(client, '+15550123456@us-east-1', { objectType: 'RoutePoint', names: { waiting: 'CurrentInQueue' } });
 */
export function queue$(client: StatisticsSource, objectId: string, options: QueueOptions = {}): Observable<QueueFigures> {
  return knownMembers$(client, readMembers(names, 'Queue', objectId, options)).pipe(
    map((members) => {
      const numbers = memberNumbers(members);
      return Object.freeze(hasAll(numbers, 'answered', 'abandoned') ? { ...numbers, abandonRate: abandonRate(numbers) } : numbers);
    }),
  );
}
