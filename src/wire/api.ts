/**
 * The five endpoints of the Statistics API as typed functions: one attempt each, nothing shared, nothing retried.
 * Owns paths, queries and bodies; the envelope and the exchange are beside it.
 */
import { expected, StatisticsApiError, StatisticsNetworkError } from '../model/errors.js';
import type { StatisticDefinition, StatisticObject, StatisticValue } from '../model/statistic.js';
import { parseRetryAfter } from '../time/backoff.js';
import type { Clock } from '../time/clock.js';
import type { Credentials } from './credentials.js';
import {
  isRecord,
  readEnvelope,
  readStatistic,
  readStatistics,
  textOf,
  withoutData,
  type AnswerContext,
  type AnsweredStatistic,
} from './envelope.js';
import type { Exchange, ExchangeRequest } from './exchange.js';

/** What answers tell beside the values: `'OFF'` leaves names and objects out. */
export type Verbose = 'OFF' | 'INFO';

/** A statistic to open: a name or a definition, and an id that is unique in its subscription and holds no comma. */
export interface OpenStatistic extends StatisticObject {
  readonly statisticId: string;
  readonly name?: string | undefined;
  readonly definition?: StatisticDefinition | undefined;
}

/** A configured statistic to peek at. */
export interface PeekStatistic extends StatisticObject {
  readonly name: string;
}

/** A subscription as the server tells of it. */
export interface SubscriptionData {
  /** What the server calls it from now on: usually the `operationId` it was opened with. */
  readonly subscriptionId: string;
  readonly statistics: readonly AnsweredStatistic[];
}

export interface CallOptions {
  /** Aborts the request; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions {
  /** Only these; all of the subscription where it is left out. */
  readonly statisticIds?: readonly string[] | undefined;
  /** `'INFO'` where it is left out. */
  readonly verbose?: Verbose | undefined;
}

/**
 * The endpoints. Each rejects with a `StatisticsApiError` when the server says no, with a `StatisticsNetworkError` when
 * nothing usable comes, and with a `StatisticsOptionError` for an id or a name that no path can hold.
 */
export interface StatisticsApi {
  /** POST /subscriptions: opens the statistics and gives their values. `operationId` must never be used twice. */
  openSubscription(operationId: string, statistics: readonly OpenStatistic[], options?: CallOptions): Promise<SubscriptionData>;
  /** GET /subscriptions/{id}/statistic-values: the current values. */
  readSubscription(id: string, read?: ReadOptions, options?: CallOptions): Promise<SubscriptionData>;
  /** DELETE /subscriptions/{id}: the server says yes whether or not it knew the id. */
  closeSubscription(id: string, options?: CallOptions): Promise<void>;
  /** GET /statistic-values/{name}: one configured statistic, without a subscription. */
  getStatistic(name: string, object: StatisticObject, options?: CallOptions): Promise<StatisticValue>;
  /** POST /operations/get-statistic-ex: many of them, in whatever order the server likes. */
  getStatistics(statistics: readonly PeekStatistic[], options?: CallOptions): Promise<readonly AnsweredStatistic[]>;
}

export function createApi(exchange: Exchange, credentials: Credentials, clock: Clock): StatisticsApi {
  async function call(
    request: ExchangeRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ data: Record<string, unknown> | undefined; context: AnswerContext }> {
    const answer = await exchange(request, signal);
    const context = {
      operation: `${request.method} ${request.path}`,
      httpStatus: answer.status,
      retryAfter: parseRetryAfter(answer.headers['retry-after'], clock.now()),
      redact: credentials.redact,
    };
    try {
      return { data: readEnvelope(answer.body, context), context };
    } catch (error) {
      if (error instanceof StatisticsApiError && error.httpStatus === 401) {
        credentials.refused(error, answer.generation);
      }
      throw error;
    }
  }

  return {
    async openSubscription(operationId, statistics, options) {
      const id = readId(operationId, 'operationId');
      const body = { operationId: id, data: { statistics: statistics.map(wireStatistic) } };
      const { data, context } = await call({ method: 'POST', path: '/subscriptions', query: 'verbose=INFO', body }, options?.signal);
      const opened = readStatistics(data);
      if (data === undefined || opened === undefined) {
        throw withoutData(context);
      }
      const subscriptionId = textOf(data['subscriptionId']) ?? id;
      if (!isId(subscriptionId)) {
        throw new StatisticsNetworkError(`${context.operation} answered with a subscriptionId that no path can hold`, 'unreadable');
      }
      return { subscriptionId, statistics: opened };
    },

    async readSubscription(id, read, options) {
      const query = [`verbose=${read?.verbose ?? 'INFO'}`];
      if (read?.statisticIds !== undefined) {
        query.unshift(`statisticIds=${read.statisticIds.map((id, index) => encodeURIComponent(readStatisticId(id, index))).join(',')}`);
      }
      const path = `/subscriptions/${encodeURIComponent(readId(id, 'id'))}/statistic-values`;
      const { data, context } = await call({ method: 'GET', path, query: query.join('&') }, options?.signal);
      const statistics = readStatistics(data);
      if (data === undefined || statistics === undefined) {
        throw withoutData(context);
      }
      return { subscriptionId: textOf(data['subscriptionId']) ?? id, statistics };
    },

    async closeSubscription(id, options) {
      await call({ method: 'DELETE', path: `/subscriptions/${encodeURIComponent(readId(id, 'id'))}` }, options?.signal);
    },

    async getStatistic(name, { objectId, objectType }, options) {
      const query = `objectId=${encodeURIComponent(objectId)}&objectType=${encodeURIComponent(objectType)}`;
      const path = `/statistic-values/${encodeURIComponent(readName(name))}`;
      const { data, context } = await call({ method: 'GET', path, query }, options?.signal);
      const statistic = data?.['statistic'];
      if (!isRecord(statistic)) {
        throw withoutData(context);
      }
      const { timestamp, value } = readStatistic(statistic);
      return Object.freeze({ name, objectId, objectType, timestamp, value });
    },

    async getStatistics(statistics, options) {
      const body = { data: { statistics: statistics.map(({ name, objectId, objectType }) => ({ name, objectId, objectType })) } };
      const { data, context } = await call({ method: 'POST', path: '/operations/get-statistic-ex', body }, options?.signal);
      const answered = readStatistics(data);
      if (answered === undefined) {
        throw withoutData(context);
      }
      return answered;
    },
  };
}

function wireStatistic({ statisticId, objectId, objectType, name, definition }: OpenStatistic): unknown {
  return { statisticId: readStatisticId(statisticId, 0), objectId, objectType, ...(definition === undefined ? { name } : { definition }) };
}

/** What stays one segment of a path whatever a proxy decodes or collapses. */
function isId(id: unknown): id is string {
  return typeof id === 'string' && /^[^/\\%?#\p{Cc}\p{Surrogate}]{1,512}$/u.test(id) && id !== '.' && id !== '..';
}

function readId(id: unknown, option: string): string {
  if (!isId(id)) {
    throw expected(option, id, 'a non-empty string that is one segment of a path');
  }
  return id;
}

function readName(name: unknown): string {
  if (typeof name !== 'string' || !/^\P{Surrogate}+$/u.test(name) || name === '.' || name === '..') {
    throw expected('name', name, 'a non-empty name that is one segment of a path');
  }
  return name;
}

/** The reference joins ids by commas, so one with a comma could not be asked for. */
function readStatisticId(id: unknown, index: number): string {
  if (typeof id !== 'string' || id === '' || id.includes(',') || /\p{Surrogate}/u.test(id)) {
    throw expected(`statisticIds[${index}]`, id, 'a non-empty string without a comma');
  }
  return id;
}
