/**
 * The credentials of every request: API key, token and further headers, and the way to keep them out of texts (G10, G11).
 * Owns the token's life: asked for before the first request, kept until a 401, then asked for once on behalf of all.
 */
import { harmless, StatisticsApiError, StatisticsError, StatisticsNetworkError } from '../model/errors.js';
import { abortable } from '../time/abortable.js';
import type { Clock } from '../time/clock.js';
import { sleep, type Sleep } from '../time/sleep.js';
import { redactCause } from './redact-cause.js';
import { redactor } from './redact.js';

/** A token, or a function that gives one. */
export type Token = string | (() => string | Promise<string>);

export interface CredentialsOptions {
  readonly apiKey?: string | undefined;
  readonly token?: Token | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds the token function may take. */
  readonly timeout: number;
  /** Milliseconds between two questions while the function gives the token that was refused. */
  readonly askAgainAfter: number;
}

export interface Credentials {
  /**
   * The headers of the next request, and the generation of the token in them.
   *
   * @param until - ends the wait for a token; once nobody waits, no timer is left (G13).
   * @throws StatisticsApiError the 401 itself, while the refused token is the only one and nothing is to be sent.
   * @throws StatisticsNetworkError when the token function fails or hangs.
   * @throws the signal's reason, when it aborts.
   */
  headers(until?: AbortSignal): Promise<{ readonly headers: Record<string, string>; readonly generation: number }>;
  /** Remembers which token a 401 was the answer to. */
  refused(error: StatisticsApiError, generation: number): void;
  /**
   * Asks for another token if `error` is a 401, once for all who wait. Resolves whether there is another one, which is
   * `false` after any other failure. Never rejects.
   */
  renew(error: unknown, until?: AbortSignal): Promise<boolean>;
  /** Resolves once there is another token than the refused one, asking again and again, or once `until` aborts. */
  renewed(error: unknown, until: AbortSignal): Promise<void>;
  /** Whether there is a token at all; without one a 401 is a failure like any other. */
  readonly renewable: boolean;
  /** Whether no request can be sent since the only token was refused. */
  readonly unauthorized: boolean;
  /** Asks for the token again now, while unauthorized. */
  refresh(): void;
  /** Cookies are secrets too, since a session's cookie lets anybody in. Takes the values of those that are sent from now on. */
  keepSecret(cookieValues: readonly string[]): void;
  /** Takes every secret out of a text. */
  redact(text: string): string;
}

/** A call of the token function. */
interface Question {
  readonly answer: Promise<string>;
  /** In the monotonic time of the clock: from then on the answer is overdue. */
  readonly expires: number;
  isAnswered: boolean;
  waiting: number;
}

export function createCredentials(options: CredentialsOptions, clock: Clock, onChange: (unauthorized: boolean) => void): Credentials {
  const { token: source } = options;
  // Without a prototype, so that a header called `__proto__` is one like any other.
  const fixed = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    fixed[name.toLowerCase()] = value;
  }
  if (options.apiKey !== undefined) {
    fixed['x-api-key'] = options.apiKey;
  }
  const secrets = redactor(Object.values(fixed));
  const generations = new WeakMap<StatisticsApiError, number>();
  let token: string | undefined;
  let generation = 0;
  let question: Question | undefined;
  let refusal: StatisticsApiError | undefined;
  let waiting: Sleep | undefined;
  let waiters = 0;

  /**
   * Asks for a token: one question at a time, however many wait for its answer. It stands while the function runs, even if all
   * who waited have left, but then no timer holds the process (G13).
   */
  async function ask(until: AbortSignal | undefined): Promise<string> {
    if (question === undefined || question.expires <= clock.monotonic()) {
      question = newQuestion();
    }
    const asked = question;
    const deadline = sleep(clock, asked.expires - clock.monotonic());
    asked.waiting++;
    try {
      return await abortable(Promise.race([asked.answer, deadline.done.then(tooLate)]), until);
    } finally {
      asked.waiting--;
      deadline.wake();
      forgetAnswered(asked);
    }
  }

  function newQuestion(): Question {
    const answer = askOnce();
    const asked: Question = { answer, expires: clock.monotonic() + options.timeout, isAnswered: false, waiting: 0 };
    const answered = (): void => {
      asked.isAnswered = true;
      forgetAnswered(asked);
    };
    answer.then(answered, answered);
    return asked;
  }

  /** Keeps an answered question until all who wait have the answer, so that a newcomer shares it instead of asking again. */
  function forgetAnswered(asked: Question): void {
    if (question === asked && asked.isAnswered && asked.waiting === 0) {
      question = undefined;
    }
  }

  async function askOnce(): Promise<string> {
    if (typeof source !== 'function') {
      return noted(source ?? '');
    }
    try {
      const answer = await Promise.resolve().then(source).then(noted);
      if (!isToken(answer)) {
        throw new StatisticsError(`token: the function must give ${tokenExpected}`);
      }
      return answer;
    } catch (cause) {
      throw failure(cause);
    }
  }

  function tooLate(): never {
    throw failure(new StatisticsError(`token: the function gave nothing within ${options.timeout} ms`));
  }

  /** The function may use a client of its own, so it may throw one of our errors. */
  function failure(cause: unknown): StatisticsNetworkError {
    const message = cause instanceof StatisticsError ? harmless(secrets.redact(cause.message), 300) : 'token: the function failed';
    return new StatisticsNetworkError(message, 'refused', { cause: redactCause(cause, secrets.redact) });
  }

  /** Remembers a token as a secret, also one that comes too late: no later error may show it. */
  function noted<T>(answer: T): T {
    if (isHeaderValue(answer)) {
      secrets.add(answer, 'token');
    }
    return answer;
  }

  function accept(next: string): void {
    token = next;
    generation++;
    if (refusal !== undefined) {
      refusal = undefined;
      onChange(false);
    }
  }

  /** Compared first, so that a late 401 of the old token asks nothing. */
  const isCurrent = (error: StatisticsApiError): boolean => (generations.get(error) ?? generation) === generation;

  async function renew(error: StatisticsApiError, until: AbortSignal | undefined): Promise<boolean> {
    if (!isCurrent(error)) {
      return true;
    }
    if (refusal !== undefined && waiting !== undefined) {
      // Others wait already, and the token is asked for when their wait ends, not once more for each newcomer.
      return false;
    }
    const next = await ask(until).catch(() => token);
    if (!isCurrent(error)) {
      return true;
    }
    if (until?.aborted === true) {
      // The caller stopped waiting before the question was answered.
      return false;
    }
    if (next !== undefined && next !== token) {
      accept(next);
      return true;
    }
    if (refusal === undefined) {
      refusal = error;
      onChange(true);
    }
    return false;
  }

  return {
    async headers(until) {
      if (refusal !== undefined) {
        throw refusal;
      }
      if (source === undefined) {
        return { headers: { ...fixed }, generation };
      }
      if (token === undefined) {
        const next = await ask(until);
        // All who waited have the same token: the first accepts it for all.
        if (generation === 0) {
          accept(next);
        }
      }
      return { headers: { ...fixed, authorization: `Bearer ${token ?? ''}` }, generation };
    },
    refused(error, sentWith) {
      generations.set(error, sentWith);
    },
    async renew(error, until) {
      // Without a token there is nothing to renew: the 401 is a failure like any other.
      return source !== undefined && isUnauthorized(error) && renew(error, until);
    },
    async renewed(error, until) {
      const isStopped = (): boolean => until.aborted;
      while (!isStopped() && source !== undefined && isUnauthorized(error) && !(await renew(error, until))) {
        // All who wait share one timer, and whoever wakes first asks for all.
        waiting ??= sleep(clock, options.askAgainAfter);
        const wait = waiting;
        waiters++;
        await abortable(wait.done, until).catch(() => undefined);
        waiters--;
        if (isStopped() && waiters === 0) {
          // Nobody is left to ask for: the timer must not hold the process (G13).
          wait.wake();
        }
        if (waiting === wait && (!isStopped() || waiters === 0)) {
          waiting = undefined;
        }
      }
    },
    renewable: source !== undefined,
    get unauthorized() {
      return refusal !== undefined;
    },
    refresh() {
      waiting?.wake();
    },
    keepSecret(cookieValues) {
      cookieValues.forEach((value) => secrets.add(value, 'cookie'));
    },
    redact: secrets.redact,
  };
}

/** Whether the server does not accept the token. */
export function isUnauthorized(error: unknown): error is StatisticsApiError {
  return error instanceof StatisticsApiError && error.httpStatus === 401;
}

/**
 * Runs a request, and once more if the answer is a 401 and there is another token.
 *
 * @param until - ends the wait for that token.
 */
export async function withRenewedToken<T>(credentials: Pick<Credentials, 'renew'>, request: () => Promise<T>, until?: AbortSignal): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (await credentials.renew(error, until)) {
      return request();
    }
    throw error;
  }
}

/** Far more than any server takes in its headers. */
const maxHeaderValue = 65_536;

/** The characters that HTTP allows in a header's value: above all neither CR nor LF. */
export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxHeaderValue && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** Describes in a message what {@link isHeaderValue} accepts. */
export const inHeader = `that fits in a header (at most ${maxHeaderValue} characters, no line breaks)`;

/** Describes in a message what {@link isToken} accepts. */
export const tokenExpected = `one word ${inHeader}: \`Bearer \` is put before it, and other schemes go into headers.authorization`;

/** One word: a token with its scheme would be sent as `Bearer Bearer ...`. */
export function isToken(value: unknown): value is string {
  return isHeaderValue(value) && /^\s*\S+\s*$/.test(value);
}
