/**
 * A recording by time: the value of each statistic, and the failures of the server. Statistics may be requested in other sets and in
 * another order than in the recording. Knows nothing of sockets.
 */
import type { RecordedExchange } from './entry.js';

export type Operation = 'open' | 'read' | 'close' | 'peek' | 'peekMany';

/** A requested statistic. */
export interface Asked {
  readonly statisticId?: string;
  readonly name?: string;
  readonly definition?: unknown;
  readonly objectId: string;
  readonly objectType: string;
}

export interface Timeline {
  /**
   * The latest entry at a time, in milliseconds from the beginning, without its id; before the first entry, that one. `undefined`:
   * never recorded.
   */
  entryAt(asked: Asked, time: number): Readonly<Record<string, unknown>> | undefined;
  /** The failure that is in force at a time. */
  failureAt(operation: Operation, time: number): RecordedExchange | undefined;
  /** Whether the server forgot its subscriptions after `from`, and at `to` or earlier. */
  hasForgotten(from: number, to: number): boolean;
  /** Milliseconds from the beginning to the last answer. */
  readonly length: number;
  /** The number of distinct statistics. */
  readonly statistics: number;
}

interface Moment<T> {
  readonly at: number;
  readonly what: T;
}

/** Temporary refusals by a gateway, which are not about a statistic. */
const passing = [408, 425, 429];

export function createTimeline(exchanges: readonly RecordedExchange[]): Timeline {
  const values = new Map<string, Moment<Record<string, unknown>>[]>();
  const outcomes = new Map<Operation, Moment<RecordedExchange | undefined>[]>();
  const forgotten: number[] = [];
  const opened = new Map<string, Map<string, string>>();
  const inOrder = exchanges.map((exchange) => ({ exchange, at: exchange.after + exchange.took })).sort((a, b) => a.at - b.at);
  const hasAnswers = exchanges.some(isSuccess);

  for (const { exchange, at } of inOrder) {
    const { operation, id, asked } = routeOf(exchange.method, exchange.path, exchange.body);
    if (operation === undefined) {
      continue;
    }
    if (!isSuccess(exchange)) {
      const { status = 0 } = exchange;
      const isRefusal = status >= 400 && status < 500 && !passing.includes(status);
      if (operation === 'read' && isRefusal) {
        forgotten.push(at);
      } else if (!isRefusal || !hasAnswers) {
        // Refusals are left out: a refused statistic has no value here, so every request for it is refused anyway.
        push(outcomes, operation, { at, what: exchange });
      }
      continue;
    }
    push(outcomes, operation, { at, what: undefined });
    const data = dataOf(exchange.answer);
    const ids = operation === 'open' ? new Map(asked.map((one) => [one.statisticId ?? '', keyOf(one)])) : opened.get(id);
    if (operation === 'open') {
      opened.set(textOf(data['subscriptionId']) ?? id, new Map(asked.map((one) => [one.statisticId ?? '', keyOf(one)])));
    }
    entriesOf(data).forEach((entry, index) => {
      const key = ids?.get(textOf(entry['statisticId']) ?? '') ?? (isNamed(entry) ? keyOf(entry) : asked[index] === undefined ? undefined : keyOf(asked[index]));
      if (key !== undefined && 'value' in entry) {
        const { statisticId: _, ...rest } = entry;
        push(values, key, { at, what: rest });
      }
    });
  }

  const latest = <T>(moments: readonly Moment<T>[] | undefined, time: number): Moment<T> | undefined => moments?.findLast(({ at }) => at <= time);
  return {
    entryAt(asked, time) {
      const moments = values.get(keyOf(asked));
      return (latest(moments, time) ?? moments?.[0])?.what;
    },
    failureAt: (operation, time) => latest(outcomes.get(operation), time)?.what,
    hasForgotten: (from, to) => forgotten.some((at) => at > from && at <= to),
    length: inOrder.at(-1)?.at ?? 0,
    statistics: values.size,
  };
}

function push<K, T>(moments: Map<K, Moment<T>[]>, key: K, moment: Moment<T>): void {
  const known = moments.get(key);
  if (known === undefined) {
    moments.set(key, [moment]);
  } else {
    known.push(moment);
  }
}

/** The operation of a request, and the statistics or the subscription that it names. */
export function routeOf(method: string, target: string, body: string | undefined): { operation: Operation | undefined; id: string; asked: readonly Asked[]; verbose: boolean; ids: readonly string[] | undefined } {
  const { pathname, searchParams } = new URL(target, 'http://host');
  const [resource = '', second = '', third] = pathname.split('/').filter((part) => part !== '').map(decode);
  const verbose = searchParams.get('verbose') !== 'OFF';
  const ids = searchParams.get('statisticIds')?.split(',');
  const { operationId, data } = recordOf(body) as { operationId?: unknown; data?: { statistics?: unknown } };
  const statistics = Array.isArray(data?.statistics) ? (data.statistics as unknown[]).filter(isAsked) : [];
  const route = (operation: Operation | undefined, id = second, asked: readonly Asked[] = statistics) => ({ operation, id, asked, verbose, ids });
  switch (`${method} ${resource}`) {
    case 'POST subscriptions':
      return route('open', textOf(operationId) ?? '');
    case 'GET subscriptions':
      return route(third === 'statistic-values' ? 'read' : undefined);
    case 'DELETE subscriptions':
      return route('close');
    case 'GET statistic-values':
      return route('peek', '', [{ name: second, objectId: searchParams.get('objectId') ?? '', objectType: searchParams.get('objectType') ?? '' }]);
    case 'POST operations':
      return route('peekMany', '');
    default:
      return route(undefined);
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether an answer is a success in HTTP and in the envelope. */
function isSuccess({ status = 0, answer = '' }: RecordedExchange): boolean {
  const { status: envelope } = recordOf(answer) as { status?: { code?: unknown } };
  return status >= 200 && status < 300 && (envelope?.code === undefined || envelope.code === 0 || envelope.code === 1) && (answer.trim() === '' || answer.trimStart().startsWith('{'));
}

function recordOf(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function dataOf(answer: string | undefined): Record<string, unknown> {
  const { data } = recordOf(answer);
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

function entriesOf({ statistics, statistic }: Record<string, unknown>): Record<string, unknown>[] {
  const all: unknown[] = Array.isArray(statistics) ? statistics : [statistic];
  return all.filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isAsked = (value: unknown): value is Asked => typeof value === 'object' && value !== null && 'objectId' in value && 'objectType' in value;
const isNamed = (entry: Record<string, unknown>): entry is Record<string, unknown> & Asked => typeof entry['name'] === 'string' && isAsked(entry);

/** The key of a statistic, equal for equal statistics whatever the order of a definition's fields. */
function keyOf({ name, definition, objectId, objectType }: Asked): string {
  const fields = definition === undefined ? name : Object.entries(definition as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([fields, objectType, objectId]);
}
