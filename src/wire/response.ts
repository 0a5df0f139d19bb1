/**
 * The answer of a program's own transport, which may be anything: `node:http` gives lists of headers, others numbers, `Headers`
 * or a `Map`. Owns turning it into text: a header that cannot be turned is dropped, any other part is a failure. Knows no request.
 */
import { StatisticsNetworkError } from '../model/errors.js';

/** @throws StatisticsNetworkError for anything but a promise. */
export function promised<T>(given: Promise<T>): Promise<T> {
  if (typeof (given as Promise<T> | undefined)?.then !== 'function') {
    throw new StatisticsNetworkError('the transport gave no promise', 'unreadable');
  }
  return given;
}

/** A transport's answer, as text throughout. */
interface TextResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly setCookies?: readonly string[];
}

/** @throws StatisticsNetworkError where there is no status, no headers or no body. */
export function readResponse(given: unknown): TextResponse {
  const { status, headers, body, setCookies } = (given ?? {}) as Partial<Record<keyof TextResponse, unknown>>;
  if (typeof status !== 'number' || !Number.isInteger(status) || typeof headers !== 'object' || headers === null || typeof body !== 'string') {
    throw new StatisticsNetworkError('the transport gave no status, headers and body', 'unreadable');
  }
  const texts = new Map<string, string[]>();
  for (const [name, value] of entriesOf(headers)) {
    const key = name.toLowerCase();
    texts.set(key, [...(texts.get(key) ?? []), ...textsOf(value)]);
  }
  const cookies = setCookies === undefined ? texts.get('set-cookie') : textsOf(setCookies);
  return {
    status,
    headers: Object.fromEntries([...texts].filter(([, values]) => values.length > 0).map(([name, values]) => [name, values.join(', ')])),
    body,
    ...(cookies === undefined ? {} : { setCookies: cookies }),
  };
}

/** The pairs of a record, or of what gives them by iteration: `Headers`, a `Map`, a list of pairs. */
function entriesOf(headers: object): [string, unknown][] {
  const pairs: unknown[] = Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  return pairs.filter((pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === 'string');
}

/** The texts of a header's value or values. An object has none. */
function textsOf(value: unknown): string[] {
  return [value].flat().flatMap((each) => (['string', 'number', 'boolean', 'bigint'].includes(typeof each) ? String(each) : []));
}
