/**
 * What the wallboard shows, as plain data, and the streams that keep it up to date: statistics and KPIs through the real
 * client. Knows nothing of terminals.
 */
import { catchError, ignoreElements, map, merge, Observable, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { numberOf, type Health, type StatisticsClient, type StatisticValue } from '../index.js';
import { abandonRate, kpi, serviceLevel } from '../kpi/index.js';

export interface QueueRow {
  readonly name: string;
  waiting?: number | null;
  /** Seconds. */
  longestWait?: number | null;
  entered?: number | null;
  answered?: number | null;
  abandoned?: number | null;
  /** 0 to 100. */
  serviceLevel?: number | null;
  /** 0 to 100. */
  abandonRate?: number | null;
  error?: string;
}

export interface AgentRow {
  readonly name: string;
  /** Stat Server's number of a status. */
  status?: number | null;
  /** Seconds in it. */
  seconds?: number | null;
  calls?: number | null;
  error?: string;
}

export interface Board {
  readonly title: string;
  readonly queues: readonly QueueRow[];
  readonly agents: readonly AgentRow[];
  health?: Health;
  polls: number;
  retries: number;
  /** Epoch milliseconds. */
  answeredAt?: number;
}

/** One change, as a line of JSON tells it. */
export type Change =
  | { readonly type: 'statistic'; readonly name: string; readonly objectId: string; readonly objectType: string; readonly value: unknown; readonly timestamp: number | null }
  | { readonly type: 'kpi'; readonly name: string; readonly objectId: string; readonly value: number | null }
  | { readonly type: 'health'; readonly status: string; readonly upstreams: number; readonly statistics: number; readonly error?: string }
  | { readonly type: 'error'; readonly objectId: string; readonly message: string };

export function createBoard(title: string, queues: readonly string[], agents: readonly string[]): Board {
  return { title, queues: queues.map((name) => ({ name })), agents: agents.map((name) => ({ name })), polls: 0, retries: 0 };
}

/** Keeps `board` up to date for as long as it is subscribed, and emits each change. */
export function liveBoard(client: StatisticsClient, board: Board): Observable<Change> {
  return merge(
    ...board.queues.map((row) => liveQueue(client, row)),
    ...board.agents.map((row) => liveAgent(client, row)),
    liveHealth(client, board),
    client.events$.pipe(
      tap(({ type }) => {
        board.polls += type === 'polled' ? 1 : 0;
        board.retries += type === 'retrying' ? 1 : 0;
        if (type === 'polled' || type === 'opened') {
          board.answeredAt = Date.now();
        }
      }),
      ignoreElements(),
    ),
  );
}

/** One consistent set per queue: its numbers and its KPIs come from one answer. */
function liveQueue(client: StatisticsClient, row: QueueRow): Observable<Change> {
  const object = { objectId: row.name, objectType: 'Queue' };
  const set$ = client.subscription$({
    waiting: { name: 'Current_In_Queue', ...object },
    longestWait: { name: 'CurrMaxCallWaitingTime', ...object },
    entered: { name: 'Total_Calls_Entered', ...object },
    answered: { name: 'Total_Answered', ...object },
    abandoned: { name: 'Total_Abandoned', ...object },
    answeredWithin: { name: 'Total_Answered_In_Threshold', ...object },
  });
  const rate = (name: 'serviceLevel' | 'abandonRate', value$: Observable<number | null>): Observable<Change> =>
    value$.pipe(
      tap((value) => (row[name] = value)),
      map((value) => ({ type: 'kpi', name, objectId: row.name, value })),
    );
  const numbers$ = new Observable<Change>((subscriber) => {
    const last = new Map<string, StatisticValue>();
    return set$.subscribe({
      next(snapshot) {
        for (const [key, value] of Object.entries(snapshot)) {
          if (key !== 'answeredWithin') {
            row[key as 'waiting'] = numberOf(value.value);
          }
          if (numberOf(last.get(key)?.value) !== numberOf(value.value)) {
            subscriber.next(changeOf(value));
          }
          last.set(key, value);
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
  // The set is shared: three observers, one upstream.
  return merge(
    numbers$,
    rate('serviceLevel', set$.pipe(kpi(serviceLevel))),
    rate('abandonRate', set$.pipe(kpi(abandonRate))),
  ).pipe(tellingErrors(row));
}

function liveAgent({ statistic$ }: StatisticsClient, row: AgentRow): Observable<Change> {
  const object = { objectId: row.name, objectType: 'Agent' };
  const number = (name: string, field: 'seconds' | 'calls'): Observable<Change> =>
    statistic$(name, object).pipe(
      tap(({ value }) => (row[field] = numberOf(value))),
      map(changeOf),
    );
  const state$ = statistic$('CurrentAgentState', object).pipe(
    tap(({ value }) => (row.status = statusOf(value))),
    map(changeOf),
  );
  return merge(state$, number('TimeInCurrentState', 'seconds'), number('InboundCalls', 'calls')).pipe(tellingErrors(row));
}

function liveHealth({ health$ }: StatisticsClient, board: Board): Observable<Change> {
  return health$.pipe(
    tap((health) => (board.health = health)),
    map(({ status, upstreams, statistics, lastError }) => ({
      type: 'health',
      status,
      upstreams,
      statistics,
      ...(lastError === undefined ? {} : { error: lastError.message }),
    })),
  );
}

/** A refused statistic is one row's misfortune. */
function tellingErrors(row: QueueRow | AgentRow): MonoTypeOperatorFunction<Change> {
  return catchError((error: unknown) => {
    row.error = error instanceof Error ? error.message : String(error);
    return new Observable<Change>((subscriber) => {
      subscriber.next({ type: 'error', objectId: row.name, message: row.error ?? '' });
      subscriber.complete();
    });
  });
}

function changeOf({ name = '', objectId, objectType, value, timestamp }: StatisticValue): Change {
  return { type: 'statistic', name, objectId, objectType, value: statusOf(value) ?? numberOf(value) ?? value, timestamp };
}

/** The JSON of an agent's state is shown by no public source: a status is looked for where it is likeliest, else unknown. */
export function statusOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const { status, agentStatus, stateValue } = value as { status?: unknown; agentStatus?: unknown; stateValue?: unknown };
  const found = [status, agentStatus, stateValue].find((candidate) => candidate !== undefined);
  return typeof found === 'number' ? found : found === undefined ? null : statusOf(found);
}
