/**
 * The options of a client: their types, defaults and bounds, and a clear error for an unusable value. The errors never quote a
 * secret. Knows nothing of how the options are used.
 */
import { expected, expectedSecret, harmless, StatisticsOptionError } from './model/errors.js';
import type { BackoffOptions } from './time/backoff.js';
import { maxDelay } from './time/clock.js';
import { journalOf, type Journal, type JournalDecorator } from './upstream/cleanup/journal-option.js';
import type { PollSettings } from './upstream/context.js';
import { fallbackOf, type Fallback, type FallbackDecorator } from './upstream/fallback/fallback-option.js';
import type { Verbose } from './wire/api.js';
import { inHeader, isHeaderValue, isToken, tokenExpected, type Token } from './wire/credentials.js';
import type { Transport } from './wire/transport.js';

/** Options of `createStatisticsClient`. All times are milliseconds; an explicit `undefined` means the default. */
export interface StatisticsClientOptions {
  /** The base URL of the API with its path: `https://host/statistics/v3`. `http:` is for loopback only, unless `allowInsecure` is set. */
  readonly baseUrl: string | URL;
  /** Allows `http:` to other hosts, which sends credentials unencrypted. @defaultValue false */
  readonly allowInsecure?: boolean | undefined;
  /** Sent as `x-api-key`. @defaultValue none */
  readonly apiKey?: string | undefined;
  /**
   * Sent as `Authorization: Bearer`, so give it without a scheme. A function is called before the first request, and again
   * after a 401. @defaultValue none
   */
  readonly token?: Token | undefined;
  /** More headers for every request, such as an `authorization` of another scheme. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends the requests. @defaultValue the platform's `fetch`, else `cross-fetch` */
  readonly transport?: Transport | undefined;
  /**
   * Keeps configured statistics live if no subscription can be opened (403), or each is lost as soon as it is open:
   * `peekFallback()`. Without a fallback, a 403 is a refusal like any other, and a lost subscription is opened again with backoff.
   * @defaultValue none
   */
  readonly fallback?: Fallback | undefined;
  /**
   * Records the subscriptions that are open on the server, so that after a kill or a crash the next start deletes them:
   * `fileJournal(directory)` of `genesys-statistics-rx/node`, or `createJournal(store)`. @defaultValue none
   */
  readonly journal?: Journal | undefined;
  readonly poll?: PollOptions | undefined;
  readonly retry?: RetryOptions | undefined;
  readonly sharing?: SharingOptions | undefined;
  readonly batch?: BatchingOptions | undefined;
  readonly request?: RequestOptions | undefined;
}

/** The options of polling. Times in milliseconds. */
export interface PollOptions {
  /** From the end of one poll to the start of the next, while values change: 1 to 2^31-1. @defaultValue 5000 */
  readonly interval?: number | undefined;
  /** The longest interval, reached while nothing changes. Equal to `interval`: no growth. @defaultValue 30000, at least `interval` */
  readonly maxInterval?: number | undefined;
  /** The interval grows by this factor with each unchanged poll: at least 1. @defaultValue 1.5 */
  readonly factor?: number | undefined;
  /**
   * The shortest interval while the page is hidden or offline: at least `interval`, at most 2^31-1. Any answer proves that the page
   * is online, even if `navigator.onLine` denies it. @defaultValue 30000, at least `maxInterval`
   */
  readonly hiddenInterval?: number | undefined;
  /** The detail of polls: `'OFF'` leaves names and objects out once the server has returned each id. @defaultValue 'OFF' */
  readonly verbose?: Verbose | undefined;
  /** Values are stale after this time without a usable answer. @defaultValue 2 x `maxInterval` + `request.timeout` */
  readonly staleAfter?: number | undefined;
}

/** The wait between attempts while requests fail. Times in milliseconds. */
export interface RetryOptions {
  /** The ceiling of the random backoff after the first failure. No wait is shorter than a tenth of it. @defaultValue 1000 */
  readonly minTimeout?: number | undefined;
  /** The ceiling after any number of failures, and of any `Retry-After`. @defaultValue 30000, at least `minTimeout` */
  readonly maxTimeout?: number | undefined;
  /** The ceiling grows by this factor with each failure: at least 1. @defaultValue 2 */
  readonly factor?: number | undefined;
}

/** Upstreams (server-side subscriptions) are kept for the next observer. Times in milliseconds. */
export interface SharingOptions {
  /** The time for which an upstream without observers is kept, and polled, before its DELETE. @defaultValue 1000 */
  readonly linger?: number | undefined;
  /** The most upstreams without observers that are kept at once. The least recently used one is deleted first. @defaultValue 32 */
  readonly maxIdle?: number | undefined;
}

/** Statistics are packed into upstreams (server-side subscriptions). Times in milliseconds. */
export interface BatchingOptions {
  /** Statistics and sets that are subscribed to within this time are opened together; sooner if they fill an upstream. @defaultValue 10 */
  readonly window?: number | undefined;
  /** The most statistics in one upstream. A larger set has an upstream of its own. @defaultValue 500 */
  readonly size?: number | undefined;
}

/** Limits of a single request, and of the number of requests at once. Times in milliseconds. */
export interface RequestOptions {
  /** The deadline of a whole request, from sending it to the end of the answer's body: 1 to 2^31-1. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  /** The most bytes of an answer's decoded body. @defaultValue 16 MiB */
  readonly maxBodyBytes?: number | undefined;
  /**
   * The most requests to the server at once: opens, polls, peeks and DELETEs together. Further requests wait, and the kinds take
   * turns. Only DELETEs may exceed the limit: when the page is left, or when a closing client gets no answers.
   * @defaultValue 16
   */
  readonly concurrency?: number | undefined;
}

/** The options after reading: complete, and within their bounds. */
export interface ClientSettings {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly token: Token | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: Transport | undefined;
  readonly fallback: FallbackDecorator | undefined;
  readonly journal: JournalDecorator | undefined;
  readonly poll: PollSettings;
  readonly retry: BackoffOptions;
  readonly sharing: { readonly linger: number; readonly maxIdle: number };
  readonly batch: { readonly window: number; readonly size: number };
  readonly request: { readonly timeout: number; readonly maxBodyBytes: number; readonly concurrency: number };
}

/** @throws StatisticsOptionError that names the first unusable option. */
export function readClientOptions(given: StatisticsClientOptions): ClientSettings {
  const options = readGroup('options', given, [
    'baseUrl', 'allowInsecure', 'apiKey', 'token', 'headers', 'transport', 'fallback', 'journal', 'poll', 'retry', 'sharing', 'batch', 'request',
  ]);
  const allowInsecure = options['allowInsecure'] ?? false;
  if (typeof allowInsecure !== 'boolean') {
    throw expected('allowInsecure', allowInsecure, 'true or false');
  }
  const request = readGroup('request', options['request'], ['timeout', 'maxBodyBytes', 'concurrency']);
  const timeout = readNumber('request.timeout', request['timeout'], 10_000, { min: 1, max: maxDelay });
  return Object.freeze({
    baseUrl: readBaseUrl(options['baseUrl'], allowInsecure),
    apiKey: readApiKey(options['apiKey']),
    token: readToken(options['token']),
    headers: readHeaders(options['headers']),
    transport: readTransport(options['transport']),
    fallback: readHandedIn('fallback', options['fallback'], fallbackOf, 'peekFallback()'),
    journal: readHandedIn('journal', options['journal'], journalOf, 'fileJournal(directory) or createJournal(store)'),
    poll: readPoll(options['poll'], timeout),
    retry: readRetry(options['retry']),
    sharing: readSharing(options['sharing']),
    batch: readBatch(options['batch']),
    request: {
      timeout,
      maxBodyBytes: readNumber('request.maxBodyBytes', request['maxBodyBytes'], 16 * 1024 * 1024, { min: 1, whole: true }),
      concurrency: readNumber('request.concurrency', request['concurrency'], 16, { min: 1, whole: true }),
    },
  });
}

function readPoll(given: unknown, timeout: number): ClientSettings['poll'] {
  const poll = readGroup('poll', given, ['interval', 'maxInterval', 'factor', 'hiddenInterval', 'verbose', 'staleAfter']);
  const interval = readNumber('poll.interval', poll['interval'], 5000, { min: 1, max: maxDelay });
  const maxInterval = readNumber('poll.maxInterval', poll['maxInterval'], Math.max(30_000, interval), { min: interval, max: maxDelay });
  const verbose = poll['verbose'] ?? 'OFF';
  if (verbose !== 'OFF' && verbose !== 'INFO') {
    throw expected('poll.verbose', verbose, `'OFF' or 'INFO'`);
  }
  return {
    interval,
    maxInterval,
    factor: readNumber('poll.factor', poll['factor'], 1.5, { min: 1 }),
    hiddenInterval: readNumber('poll.hiddenInterval', poll['hiddenInterval'], Math.max(30_000, maxInterval), { min: interval, max: maxDelay }),
    verbose,
    staleAfter: readNumber('poll.staleAfter', poll['staleAfter'], 2 * maxInterval + timeout, { min: 1 }),
  };
}

function readRetry(given: unknown): BackoffOptions {
  const retry = readGroup('retry', given, ['minTimeout', 'maxTimeout', 'factor']);
  const minTimeout = readNumber('retry.minTimeout', retry['minTimeout'], 1000, { min: 1, max: maxDelay });
  return {
    minTimeout,
    maxTimeout: readNumber('retry.maxTimeout', retry['maxTimeout'], Math.max(30_000, minTimeout), { min: minTimeout, max: maxDelay }),
    factor: readNumber('retry.factor', retry['factor'], 2, { min: 1 }),
  };
}

function readSharing(given: unknown): ClientSettings['sharing'] {
  const sharing = readGroup('sharing', given, ['linger', 'maxIdle']);
  return {
    linger: readNumber('sharing.linger', sharing['linger'], 1000, { min: 0 }),
    maxIdle: readNumber('sharing.maxIdle', sharing['maxIdle'], 32, { min: 0, whole: true }),
  };
}

function readBatch(given: unknown): ClientSettings['batch'] {
  const batch = readGroup('batch', given, ['window', 'size']);
  return {
    window: readNumber('batch.window', batch['window'], 10, { min: 0 }),
    size: readNumber('batch.size', batch['size'], 500, { min: 1, whole: true }),
  };
}

interface Bounds {
  readonly min: number;
  readonly max?: number;
  readonly whole?: boolean;
}

function readNumber(option: string, value: unknown, byDefault: number, { min, max, whole = false }: Bounds): number {
  if (value === undefined) {
    return byDefault;
  }
  const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= (max ?? Infinity);
  if (!fits || (whole && !Number.isInteger(value))) {
    const bounds = max === undefined ? `of at least ${min}` : `from ${min} to ${max}`;
    throw expected(option, value, `a ${whole ? 'whole' : 'finite'} number ${bounds}`);
  }
  return value;
}

/** The own properties of a group of options. An unknown name throws, because a misspelt option would silently have its default. */
function readGroup(option: string, given: unknown, known: readonly string[]): Record<string, unknown> {
  // The object has no prototype, so that a polluted Object.prototype adds no option, such as `allowInsecure: true`.
  const own = Object.create(null) as Record<string, unknown>;
  if (given === undefined && option !== 'options') {
    return own;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw expected(option, given, 'an object');
  }
  Object.assign(own, given);
  const unknown = Object.keys(own).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const path = harmless(option === 'options' ? unknown : `${option}.${unknown}`);
    throw new StatisticsOptionError(`${path} is no option; known here: ${known.join(', ')}`, path);
  }
  return own;
}

function readBaseUrl(given: unknown, allowInsecure: boolean): string {
  // Checked by its shape, because `instanceof URL` fails for a URL of another realm.
  const text = typeof given === 'object' && given !== null ? (given as Partial<URL>).href : given;
  if (typeof text !== 'string') {
    throw expected('baseUrl', given, 'a string or URL');
  }
  if (!URL.canParse(text)) {
    throw notBaseUrl(text, 'an absolute URL');
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw expectedSecret('baseUrl', given, 'a URL without credentials: give them as apiKey, token or headers');
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    throw new StatisticsOptionError(`baseUrl must have no query and no fragment, got ${JSON.stringify(url.origin + url.pathname)} with one`, 'baseUrl');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw notBaseUrl(text, 'an https: or http: URL');
  }
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url.hostname)) {
    throw expected('baseUrl', text, 'an https: URL, since credentials would travel in the clear (http: is for loopback, or with allowInsecure: true)');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** The error for an unusable base URL. The text is not shown if it may hold a password, or a key in a query. */
function notBaseUrl(text: string, what: string): StatisticsOptionError {
  return /[@?#]/.test(text) ? expectedSecret('baseUrl', text, what) : expected('baseUrl', text, what);
}

/** Expects a hostname that `URL` has normalised: `127.1` and `0x7f000001` become `127.0.0.1`. RFC 6761 makes `*.localhost` loopback. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function readApiKey(given: unknown): string | undefined {
  if (given !== undefined && (given === '' || !isHeaderValue(given))) {
    throw expectedSecret('apiKey', given, `a non-empty string ${inHeader}`);
  }
  return given;
}

function readToken(given: unknown): Token | undefined {
  if (given === undefined || typeof given === 'function') {
    return given as Token | undefined;
  }
  if (!isToken(given)) {
    throw expectedSecret('token', given, `${tokenExpected}; or a function that gives one`);
  }
  return given;
}

/** The characters that HTTP allows in a header's name. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that the client or its transport sets. */
const ownHeaders = new Set(['content-length', 'content-type', 'host', 'connection', 'transfer-encoding']);

function readHeaders(given: unknown): Readonly<Record<string, string>> {
  if (given === undefined) {
    return {};
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given) || typeof (given as Headers).forEach === 'function') {
    throw expectedSecret('headers', given, 'a record of header names and values');
  }
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) {
    if (!headerName.test(name) || ownHeaders.has(name.toLowerCase())) {
      throw expected('headers', name, 'a record of header names and values, none of which is set by the client itself');
    }
    if (!isHeaderValue(value)) {
      throw expectedSecret(`headers.${name}`, value, `a string ${inHeader}`);
    }
  }
  return Object.freeze(Object.fromEntries(entries) as Record<string, string>);
}

function readTransport(given: unknown): Transport | undefined {
  if (given !== undefined && typeof given !== 'function') {
    throw expected('transport', given, 'a function');
  }
  return given as Transport | undefined;
}

/** Reads the code that the value of an option carries. Only functions of this package make such values. */
function readHandedIn<T>(option: string, given: unknown, codeOf: (given: unknown) => T | undefined, made: string): T | undefined {
  const code = codeOf(given);
  if (given !== undefined && code === undefined) {
    throw expected(option, given, `${made}, or left out`);
  }
  return code;
}
