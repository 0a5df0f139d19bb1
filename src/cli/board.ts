/**
 * What the wallboard knows, as plain data, and the streams that keep it up to date: statistics and KPIs through the real
 * client. Knows nothing of terminals.
 */
import { catchError, distinctUntilChanged, EMPTY, ignoreElements, map, merge, Observable, tap } from 'rxjs';
import {
  numberOf, StatisticsError, type Health, type StatisticsClient, type StatisticState, type StatisticValue,
} from '../index.js';
import { abandonRate, agentStatus, kpi, statistics } from '../kpi/index.js';

/** The statistics of a row. Each name was seen on real systems. */
export const queueNames = ['Current_In_Queue', 'CurrMaxCallWaitingTime', 'ServiceLevel', 'Total_Answered', 'Total_Abandoned', 'AverageWaitingTime'] as const;
export const agentNames = ['CurrentAgentState', 'TimeInCurrentState', 'InboundCalls'] as const;

export type QueueName = (typeof queueNames)[number];
export type AgentName = (typeof agentNames)[number];

/** One object, and the state of each of its statistics. */
export interface Row<N extends string> {
  readonly name: string;
  readonly objectType: string;
  readonly states: Partial<Record<N, StatisticState>>;
  /** Epoch milliseconds of the last answer, while the row is stale. */
  confirmedAt?: number | undefined;
}

export type QueueRow = Row<QueueName>;
export type AgentRow = Row<AgentName>;

export interface Board {
  readonly title: string;
  readonly queues: readonly QueueRow[];
  readonly agents: readonly AgentRow[];
  health?: Health;
  polls: number;
  /** Epoch milliseconds of the last answer about anything. */
  answeredAt?: number;
}

interface Subject {
  readonly name: string;
  readonly objectId: string;
  readonly objectType: string;
}

type News =
  | ({ readonly type: 'statistic'; readonly value: unknown; readonly unit: string; readonly timestamp: number | null } & Subject)
  | ({ readonly type: 'kpi'; readonly value: number | null; readonly unit: string } & Subject)
  | { readonly type: 'health'; readonly status: string; readonly upstreams: number; readonly statistics: number; readonly error?: string }
  | ({ readonly type: 'error'; readonly message: string } & Subject);

/** One change, as a line of JSON reports it. `at` is ISO time. */
export type Change = News & { readonly at: string };

export function createBoard(title: string, queues: readonly string[], agents: readonly string[]): Board {
  return {
    title,
    queues: queues.map((name) => ({ name, objectType: 'Queue', states: {} })),
    agents: agents.map((name) => ({ name, objectType: 'Agent', states: {} })),
    polls: 0,
  };
}

/**
 * Keeps `board` up to date for as long as it is subscribed, and emits each change. Errors when the server refuses every
 * statistic, since nothing could change any more; refusals are held back until it is clear that this is not the case.
 */
export function liveBoard(client: StatisticsClient, board: Board, staleAfter: number): Observable<Change> {
  const news$ = merge(
    ...board.queues.map((row) => merge(liveRow(client, board, row, queueNames, staleAfter), liveAbandonRate(client, row))),
    ...board.agents.map((row) => liveRow(client, board, row, agentNames, staleAfter)),
    liveHealth(client, board),
    client.events$.pipe(
      tap(({ type }) => {
        board.polls += type === 'polled' ? 1 : 0;
        if (type === 'polled' || type === 'opened') {
          board.answeredAt = Date.now();
        }
      }),
      ignoreElements(),
    ),
  );
  return news$.pipe(failingWhenAllIsRefused(board), map((news) => ({ ...news, at: new Date().toISOString() })));
}

function liveRow<N extends string>(
  { statisticState$ }: StatisticsClient, board: Board, row: Row<N>, names: readonly N[], staleAfter: number,
): Observable<News> {
  return merge(
    ...names.map((name) => {
      let last: StatisticValue | undefined;
      const subject = { name, objectId: row.name, objectType: row.objectType };
      return new Observable<News>((subscriber) =>
        statisticState$(name, subject).subscribe({
          next(state) {
            row.states[name] = state;
            const isStale = names.some((other) => row.states[other]?.status === 'stale');
            row.confirmedAt = isStale ? (row.confirmedAt ?? lastConfirmation(board, staleAfter)) : undefined;
            if (state.status === 'failed') {
              subscriber.next({ type: 'error', ...subject, message: reasonOf(state.error) });
            } else if (state.value !== undefined && state.value !== last) {
              last = state.value;
              subscriber.next({ type: 'statistic', ...subject, value: shownValue(last.value), unit: unitOf(name), timestamp: last.timestamp });
            }
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    }),
  );
}

/** Staleness is announced `staleAfter` after the last answer, or later where the process was suspended. */
function lastConfirmation({ answeredAt = Infinity }: Board, staleAfter: number): number {
  return Math.min(answeredAt, Date.now() - staleAfter);
}

/** Both numbers come from one answer. If one is refused, its own state says so. */
function liveAbandonRate({ subscription$ }: StatisticsClient, { name: objectId, objectType }: QueueRow): Observable<News> {
  return subscription$({
    answered: { name: 'Total_Answered', objectId, objectType },
    abandoned: { name: 'Total_Abandoned', objectId, objectType },
  }).pipe(
    kpi(abandonRate),
    catchError(() => EMPTY),
    map((value) => (value === null ? null : rounded(value))),
    distinctUntilChanged(),
    map((value): News => ({ type: 'kpi', name: 'abandonRate', objectId, objectType, value, unit: abandonRate.unit })),
  );
}

function liveHealth({ health$ }: StatisticsClient, board: Board): Observable<News> {
  return health$.pipe(
    tap((health) => (board.health = health)),
    distinctUntilChanged((a, b) => (['status', 'upstreams', 'statistics', 'lastError'] as const).every((field) => a[field] === b[field])),
    map(({ status, upstreams, statistics: count, lastError }): News => ({
      type: 'health',
      status,
      upstreams,
      statistics: count,
      ...(lastError === undefined ? {} : { error: lastError.message }),
    })),
  );
}

function failingWhenAllIsRefused(board: Board) {
  return (news$: Observable<News>): Observable<News> =>
    new Observable<News>((subscriber) => {
      const wanted = board.queues.length * queueNames.length + board.agents.length * agentNames.length;
      const withheld: News[] = [];
      let refused = 0;
      let isAccepted = false;
      return news$.subscribe({
        next(news) {
          refused += news.type === 'error' ? 1 : 0;
          if (refused === wanted) {
            subscriber.error(allRefused(board));
            return;
          }
          isAccepted ||= news.type === 'statistic';
          if (news.type === 'error' && !isAccepted) {
            withheld.push(news);
            return;
          }
          for (const one of isAccepted ? withheld.splice(0) : []) {
            subscriber.next(one);
          }
          subscriber.next(news);
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      });
    });
}

function allRefused({ queues, agents }: Board): StatisticsError {
  const errors = [...queues, ...agents].flatMap((row) => Object.values(row.states).flatMap(({ error }) => error ?? []));
  const reasons = [...new Set(errors.map(reasonOf))];
  const cause = errors[0];
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  return new StatisticsError(`the server refuses every statistic: ${reasons[0] ?? 'no reason'}${more}. ${adviceFor(cause)}`, { cause });
}

function adviceFor(error: StatisticsError | undefined): string {
  const status = (error?.cause as { httpStatus?: unknown } | undefined)?.httpStatus;
  return status === 401 || status === 403
    ? 'Check GENESYS_API_KEY and GENESYS_TOKEN.'
    : 'Check the path of --base-url, and whether the server knows these statistics and objects.';
}

/** Why a statistic is refused, without its name, so that equal reasons are equal texts. */
export function reasonOf(error: StatisticsError): string {
  return error.cause instanceof StatisticsError ? error.cause.message : error.message;
}

/** A state by its name, a number as itself with at most two decimals. */
function shownValue(value: unknown): unknown {
  const number = numberOf(value);
  return number === null ? (agentStatus(value).status ?? value) : Math.round(number * 100) / 100;
}

const rounded = (percent: number): number => Math.round(percent * 10) / 10;

function unitOf(name: string): string {
  return Object.hasOwn(statistics, name) ? statistics[name as QueueName].unit : 'unknown';
}
