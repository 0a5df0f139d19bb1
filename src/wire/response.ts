/**
 * Reads the answer of a program's own transport, which may have any shape: headers may be lists (`node:http`), numbers, `Headers`
 * or a `Map`. Converts it to text: a header that cannot be converted is dropped, any other unusable part is an error.
 */
import { StatisticsNetworkError } from '../model/errors.js';

/** @throws StatisticsNetworkError if `given` is not a promise. */
export function promised<T>(given: Promise<T>): Promise<T> {
  if (typeof (given as Promise<T> | undefined)?.then !== 'function') {
    throw new StatisticsNetworkError('the transport gave no promise', 'unreadable');
  }
  return given;
}

/** A transport's answer, with all headers and the body as text. */
interface TextResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly setCookies?: readonly string[];
}

/** @throws StatisticsNetworkError if the status, the headers or the body are missing or unusable. */
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

/** The pairs of a record, or of an iterable of pairs: `Headers`, a `Map`, an array. */
function entriesOf(headers: object): [string, unknown][] {
  const pairs: unknown[] = Symbol.iterator in headers ? [...(headers as Iterable<unknown>)] : Object.entries(headers);
  return pairs.filter((pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === 'string');
}

/** The texts of a header's value or values. An object is dropped. */
function textsOf(value: unknown): string[] {
  return [value].flat().flatMap((each) => (['string', 'number', 'boolean', 'bigint'].includes(typeof each) ? String(each) : []));
}
