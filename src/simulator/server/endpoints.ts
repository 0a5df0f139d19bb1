/** The five endpoints: from the parts of a request to an answer. Owns the checks and their statuses. Knows no sockets, headers or faults. */
import type { LedgerBook, OpenEntry } from '../ledger.js';
import { randomId } from '../random-id.js';
import { Refusal } from '../statistics/refusal.js';
import type { Asked, Statistic, Statistics } from '../statistics/statistics.js';
import { ApiError, ok, type Answer } from './answer.js';
import { Subscribed, subscriptionText, type Subscription } from './subscriptions.js';

/** The collaborators of the endpoints. */
export interface EndpointContext {
  readonly statistics: Statistics;
  readonly subscriptions: Map<string, Subscription>;
  readonly book: LedgerBook;
  readonly partial: boolean;
  readonly maxStatistics: number;
  /** Lets the centre catch up with the clock, and returns its epoch second. */
  now(): number;
}

/**
 * POST /subscriptions. Without the option `partial`, one bad statistic refuses all. How the real service treats a bad statistic is
 * not public.
 */
export function open(context: EndpointContext, query: URLSearchParams, body: unknown, entry: OpenEntry): Answer {
  const verbose = isVerbose(query);
  const descriptions = statisticsOf(body, context.maxStatistics);
  const now = context.now();
  const id = operationIdOf(body) ?? randomId();
  if (context.subscriptions.has(id)) throw new ApiError(400, `operationId ${JSON.stringify(id)} is in use`);
  const statistics = new Map<string, Subscribed>();
  const errors: string[] = [];
  descriptions.forEach((description, index) => {
    try {
      const asked = askedIn(description);
      const statisticId = stringIn(description, 'statisticId') ?? randomId();
      if (statistics.has(statisticId)) throw new Refusal(`statisticId ${JSON.stringify(statisticId)} comes twice`);
      statistics.set(statisticId, new Subscribed(statisticId, context.statistics.find(asked), asked));
    } catch (error) {
      errors.push(`statistics[${index}]: ${reason(error)}`);
    }
  });
  if (errors.length > 0 && (!context.partial || statistics.size === 0)) {
    throw new ApiError(400, errors[0] ?? '', errors);
  }
  const subscription = { id, statistics };
  context.subscriptions.set(id, subscription);
  context.book.opened(id);
  entry.subscriptionId = id;
  return ok(subscriptionText(subscription, now, verbose), errors);
}

/** POST /subscriptions of a server that accepts at once, with code 1, and provides values later. */
export function openLater(context: EndpointContext, query: URLSearchParams, body: unknown, entry: OpenEntry): Answer {
  open(context, query, body, entry);
  const id = entry.subscriptionId;
  return { status: 200, body: JSON.stringify({ status: { code: 1 }, data: { subscriptionId: id, operationId: id, statistics: [] } }) };
}

/** GET /subscriptions/{id}/statistic-values. */
export function read(context: EndpointContext, id: string, query: URLSearchParams): Answer {
  const verbose = isVerbose(query);
  const now = context.now();
  const subscription = context.subscriptions.get(id);
  if (subscription === undefined) throw new ApiError(404, `there is no subscription ${JSON.stringify(id)}`);
  // Comma-delimited as documented, and repeated as the vendor's own client sends it.
  const ids = query.getAll('statisticIds').flatMap((list) => list.split(',')).map((one) => one.trim()).filter((one) => one !== '');
  return ok(subscriptionText(subscription, now, verbose, ids.length === 0 ? undefined : ids));
}

/** DELETE /subscriptions/{id}: always a success. */
export function close(context: EndpointContext, id: string): Answer {
  if (context.subscriptions.delete(id)) context.book.deleted(id);
  return ok('{}');
}

/** GET /statistic-values/{name}. */
export function peek(context: EndpointContext, name: string, query: URLSearchParams): Answer {
  const now = context.now();
  const asked: Asked = {
    name,
    definition: undefined,
    objectId: required(query.get('objectId'), 'objectId'),
    objectType: required(query.get('objectType'), 'objectType'),
  };
  if (!context.statistics.knowsName(name)) throw new ApiError(404, `no statistic is called ${JSON.stringify(name)}`);
  try {
    return ok(`{"statistic":${peekedText(context.statistics.find(asked), asked, now)}}`);
  } catch (error) {
    throw new ApiError(400, reason(error));
  }
}

/** POST /operations/get-statistic-ex. Takes names only; one bad statistic refuses all. */
export function peekAll(context: EndpointContext, body: unknown): Answer {
  const descriptions = statisticsOf(body, context.maxStatistics);
  const now = context.now();
  const texts: string[] = [];
  const errors: string[] = [];
  descriptions.forEach((description, index) => {
    try {
      const asked = askedIn(description);
      if (asked.name === undefined) throw new Refusal('only configured statistics can be read without a subscription: name is required');
      texts.push(peekedText(context.statistics.find(asked), asked, now));
    } catch (error) {
      errors.push(`statistics[${index}]: ${reason(error)}`);
    }
  });
  if (errors.length > 0) throw new ApiError(400, errors[0] ?? '', errors);
  return ok(`{"statistics":[${texts.join(',')}]}`);
}

function peekedText(statistic: Statistic, { name, objectId, objectType }: Asked, now: number): string {
  const current = statistic.read(now);
  const info = JSON.stringify({ objectId, objectType, name }).slice(1);
  return `{"value":${current?.text ?? 'null'},"timestamp":${current?.at ?? 'null'},${info}`;
}

/** The message for a refused statistic. Any other error is a bug of the simulator. */
function reason(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  throw error;
}

function isVerbose(query: URLSearchParams): boolean {
  const verbose = query.get('verbose') ?? 'INFO';
  if (verbose !== 'INFO' && verbose !== 'OFF') throw new ApiError(400, `verbose must be INFO or OFF, got ${JSON.stringify(verbose)}`);
  return verbose === 'INFO';
}

function required(value: string | null, name: string): string {
  if (value === null || value.trim() === '') throw new ApiError(400, `${name} is required`);
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function statisticsOf(body: unknown, most: number): readonly unknown[] {
  const data = isObject(body) ? body['data'] : undefined;
  const statistics = isObject(data) ? data['statistics'] : undefined;
  if (!Array.isArray(statistics) || statistics.length === 0) throw new ApiError(400, 'data.statistics must be a non-empty array');
  if (statistics.length > most) throw new ApiError(413, `at most ${most} statistics in one request, got ${statistics.length}`);
  return statistics;
}

function operationIdOf(body: unknown): string | undefined {
  try {
    return stringIn(body, 'operationId');
  } catch (error) {
    throw new ApiError(400, reason(error));
  }
}

function askedIn(description: unknown): Asked {
  if (!isObject(description)) throw new Refusal('must be an object');
  const name = stringIn(description, 'name');
  const definition = description['definition'] ?? undefined;
  if ((name === undefined) === (definition === undefined)) throw new Refusal('exactly one of name and definition is required');
  const objectId = stringIn(description, 'objectId');
  const objectType = stringIn(description, 'objectType');
  if (objectId === undefined) throw new Refusal('objectId is required');
  if (objectType === undefined) throw new Refusal('objectType is required');
  return { name, definition, objectId, objectType };
}

/** Reads a non-blank string; `undefined` if there is none. */
function stringIn(object: unknown, key: string): string | undefined {
  const value = isObject(object) ? object[key] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.trim() === '') throw new Refusal(`${key} must be a non-blank string`);
  return value;
}
