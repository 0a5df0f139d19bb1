/**
 * Keeps figures up to date through the client, and reports each change as data. Ends when no further change is possible. Knows
 * nothing of terminals.
 */
import { distinctUntilChanged, ignoreElements, map, merge, Observable, tap } from 'rxjs';
import { StatisticsApiError, StatisticsError, type Health, type StatisticsClient } from '../../index.js';
import type { Figure, FigureSource, Subject } from './figure.js';
import { addPoint } from './trend.js';

/** The figures of a command, and the health of the client. */
export interface Live {
  readonly figures: readonly Figure[];
  health?: Health;
  polls: number;
  /** Epoch milliseconds of the last answer about any figure. */
  answeredAt?: number;
}

type News =
  | ({ readonly type: 'statistic'; readonly value: unknown; readonly unit: string; readonly timestamp: number | null } & Subject)
  | ({ readonly type: 'kpi'; readonly value: unknown; readonly unit: string; readonly of: number | null } & Subject)
  | ({ readonly type: 'stale'; readonly unit: string; readonly confirmedAt: string | null; readonly message?: string } & Subject)
  | ({ readonly type: 'error'; readonly unit: string; readonly message: string } & Subject)
  | { readonly type: 'health'; readonly status: string; readonly unit: 'state'; readonly upstreams: number; readonly statistics: number; readonly error?: string };

/** One change, as a line of JSON reports it. `at` is ISO time. */
export type Change = News & { readonly at: string };

export interface LiveOptions {
  /** `poll.staleAfter` of the client. */
  readonly staleAfter: number;
  /** Whether the token may be renewed. If so, a refused token does not end the command. */
  readonly isTokenRenewable: boolean;
}

/**
 * Updates `live` while subscribed, and emits each change. Errors if the server refuses every figure or the only credentials,
 * because then nothing can change. Refusals are held back until another figure is accepted.
 */
export function follow(client: StatisticsClient, live: Live, sources: readonly FigureSource[], options: LiveOptions): Observable<Change> {
  const news$ = merge(
    ...sources.map((source) => followFigure(live, source, options)),
    followHealth(client, live, options),
    client.events$.pipe(
      tap(({ type }) => {
        live.polls += type === 'polled' ? 1 : 0;
        if (type === 'polled' || type === 'opened' || type === 'peeked') {
          live.answeredAt = Date.now();
        }
      }),
      ignoreElements(),
    ),
  );
  return news$.pipe(failingWhenAllIsRefused(live), map((news) => ({ ...news, at: new Date().toISOString() })));
}

function followFigure(live: Live, { figure, states$ }: FigureSource, { staleAfter }: LiveOptions): Observable<News> {
  const { name, objectId, objectType, unit, type } = figure;
  const subject = { name, objectId, objectType };
  return new Observable<News>((subscriber) => {
    let last: unknown;
    return states$.subscribe({
      next(state) {
        const wasStale = figure.status === 'stale';
        figure.status = state.status;
        figure.error = state.error;
        const isOld = state.status === 'stale' && state.value !== undefined;
        figure.confirmedAt = isOld ? (figure.confirmedAt ?? lastConfirmation(live, staleAfter)) : undefined;
        if (state.status === 'failed') {
          subscriber.next({ type: 'error', ...subject, unit, message: reasonOf(state.error) });
          return;
        }
        if (state.status === 'stale' && !wasStale) {
          const confirmedAt = figure.confirmedAt === undefined ? null : new Date(figure.confirmedAt).toISOString();
          subscriber.next({ type: 'stale', ...subject, unit, confirmedAt, ...(state.error === undefined ? {} : { message: state.error.message }) });
        }
        const reading = state.value;
        if (reading === undefined || (reading.raw === last && figure.reading !== undefined && !wasStale)) {
          return;
        }
        last = reading.raw;
        const before = figure.reading;
        figure.reading = reading;
        if (reading.number !== null) {
          figure.change = before?.number === undefined || before.number === null ? (figure.change ?? 0) : before.number === reading.number ? (figure.change ?? 0) : reading.number - before.number;
          addPoint(figure.trend, Date.now(), reading.number);
        }
        const { value, timestamp, of = null } = reading;
        subscriber.next(type === 'kpi' ? { type, ...subject, value, unit, of } : { type, ...subject, value, unit, timestamp });
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
}

/** A value turns stale `staleAfter` milliseconds after the last answer, or later if the process was suspended. */
function lastConfirmation({ answeredAt = Infinity }: Live, staleAfter: number): number {
  return Math.min(answeredAt, Date.now() - staleAfter);
}

function followHealth({ health$ }: StatisticsClient, live: Live, { isTokenRenewable }: LiveOptions): Observable<News> {
  return health$.pipe(
    tap((health) => {
      live.health = health;
      const { lastError } = health;
      const isRefused = lastError instanceof StatisticsApiError && lastError.httpStatus === 401;
      if (isRefused && !isTokenRenewable && (health.status === 'unauthorized' || live.answeredAt === undefined)) {
        throw new StatisticsError(`${lastError.message}. ${adviceFor(lastError)}`, { cause: lastError });
      }
    }),
    distinctUntilChanged((a, b) => (['status', 'upstreams', 'statistics', 'lastError'] as const).every((field) => a[field] === b[field])),
    map(({ status, upstreams, statistics, lastError }): News => ({
      type: 'health',
      status,
      unit: 'state',
      upstreams,
      statistics,
      ...(lastError === undefined ? {} : { error: lastError.message }),
    })),
  );
}

function failingWhenAllIsRefused(live: Live) {
  return (news$: Observable<News>): Observable<News> =>
    new Observable<News>((subscriber) => {
      const withheld: News[] = [];
      let isAccepted = false;
      return news$.subscribe({
        next(news) {
          if (news.type === 'error' && live.figures.every(({ status }) => status === 'failed')) {
            subscriber.error(allRefused(live.figures));
            return;
          }
          isAccepted ||= news.type === 'statistic' || news.type === 'kpi';
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

function allRefused(figures: readonly Figure[]): StatisticsError {
  const errors = figures.flatMap(({ error }) => error ?? []);
  const reasons = [...new Set(errors.map(reasonOf))];
  const [cause] = errors;
  const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : '';
  return new StatisticsError(`the server refuses every statistic: ${reasons[0] ?? 'no reason'}${more}. ${adviceFor(cause?.cause)}`, { cause });
}

/** The advice about a refusal, in one sentence. */
export function adviceFor(error: unknown): string {
  const status = error instanceof StatisticsApiError ? error.httpStatus : undefined;
  return status === 401 || status === 403
    ? 'Check GENESYS_API_KEY and GENESYS_TOKEN, or their files; genesys-statistics doctor finds which.'
    : 'Check the path of the base URL, and whether the server knows these statistics and objects.';
}

/** The reason of a refusal, without the statistic's name, so that equal reasons are equal texts. */
export function reasonOf(error: StatisticsError): string {
  return error.cause instanceof StatisticsError ? error.cause.message : error.message;
}

/** A shorter form of the reason, which begins with the server's own message. */
export function shortReasonOf(error: StatisticsError): string {
  const reason = reasonOf(error);
  const [, words] = / answered \d{3}[^:]*: (.+)$/s.exec(reason) ?? [];
  const answer = error instanceof StatisticsApiError ? error : error.cause;
  const status = answer instanceof StatisticsApiError ? ` (${answer.httpStatus})` : '';
  return words === undefined ? reason : `${words.replace(/^statistics\[\d+\]: /, '')}${status}`;
}
