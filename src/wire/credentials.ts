/**
 * The credentials of every request: API key, token and further headers, and their removal from texts (G10, G11). Owns the token's
 * life cycle: it is asked for before the first request and kept until a 401. Then one question serves all waiting requests.
 */
import { harmless, StatisticsApiError, StatisticsError, StatisticsNetworkError } from '../model/errors.js';
import { abortable } from '../time/abortable.js';
import type { Clock } from '../time/clock.js';
import { sleep, type Sleep } from '../time/sleep.js';
import { redactCause } from './redact-cause.js';
import { redactor } from './redact.js';

/** A token, or a function that returns one. */
export type Token = string | (() => string | Promise<string>);

export interface CredentialsOptions {
  readonly apiKey?: string | undefined;
  readonly token?: Token | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds that the token function may take. */
  readonly timeout: number;
  /** Milliseconds between two calls of the token function while it returns the refused token. */
  readonly askAgainAfter: number;
}

export interface Credentials {
  /**
   * The headers of the next request, and the generation of the token in them.
   *
   * @param until - ends the wait for a token; once nobody waits, no timer is left (G13).
   * @throws StatisticsApiError the 401 itself, while the refused token is the only one, so that nothing may be sent.
   * @throws StatisticsNetworkError when the token function fails or hangs.
   * @throws the signal's reason, when it aborts.
   */
  headers(until?: AbortSignal): Promise<{ readonly headers: Record<string, string>; readonly generation: number }>;
  /** Remembers the generation of the token that a 401 refused. */
  refused(error: StatisticsApiError, generation: number): void;
  /**
   * Asks for another token if `error` is a 401. Concurrent calls share one question. Resolves whether there is another token,
   * which is `false` after any other failure. Never rejects.
   */
  renew(error: unknown, until?: AbortSignal): Promise<boolean>;
  /** Asks repeatedly until there is another token than the refused one. Resolves then, or once `until` aborts. */
  renewed(error: unknown, until: AbortSignal): Promise<void>;
  /** Whether the option `token` is set. Without a token, a 401 is a failure like any other. */
  readonly renewable: boolean;
  /** Whether no request can be sent, because the only token was refused. */
  readonly unauthorized: boolean;
  /** Asks for the token again now, while unauthorized. */
  refresh(): void;
  /** Adds the values of cookies to the secrets, because a session's cookie gives access like a token. */
  keepSecret(cookieValues: readonly string[]): void;
  /** Removes every secret from a text. */
  redact(text: string): string;
}

/** A call of the token function. */
interface Question {
  readonly answer: Promise<string>;
  /** Monotonic time from which the answer is overdue. */
  readonly expires: number;
  isAnswered: boolean;
  waiting: number;
}

export function createCredentials(options: CredentialsOptions, clock: Clock, onChange: (unauthorized: boolean) => void): Credentials {
  const { token: source } = options;
  // The object has no prototype, so that a header called `__proto__` is like any other.
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
   * Asks for a token. One question at a time serves all callers. It stays open while the token function runs, even if no caller
   * waits any more, but then no timer keeps the process alive (G13).
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

  /** Keeps an answered question until all its callers have the answer, so that a new caller shares it and does not ask again. */
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

  /** Makes the error for a failed token function. Our own errors keep their message: the function may use a client itself. */
  function failure(cause: unknown): StatisticsNetworkError {
    const message = cause instanceof StatisticsError ? harmless(secrets.redact(cause.message), 300) : 'token: the function failed';
    return new StatisticsNetworkError(message, 'refused', { cause: redactCause(cause, secrets.redact) });
  }

  /** Adds a token to the secrets, even if the token comes too late, because no later error may show it. */
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

  /** Whether a 401 is about the present token. A late 401 about an old token must not cause another question. */
  const isCurrent = (error: StatisticsApiError): boolean => (generations.get(error) ?? generation) === generation;

  async function renew(error: StatisticsApiError, until: AbortSignal | undefined): Promise<boolean> {
    if (!isCurrent(error)) {
      return true;
    }
    if (refusal !== undefined && waiting !== undefined) {
      // Other callers already wait. The next question follows their wait, so that new callers cause no further questions.
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
        // All concurrent callers received the same token, and the first one accepts it for all.
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
      // Without the option `token` there is nothing to renew, so a 401 is a failure like any other.
      return source !== undefined && isUnauthorized(error) && renew(error, until);
    },
    async renewed(error, until) {
      const isStopped = (): boolean => until.aborted;
      while (!isStopped() && source !== undefined && isUnauthorized(error) && !(await renew(error, until))) {
        // All waiting callers share one timer, and the first one to wake asks for all.
        waiting ??= sleep(clock, options.askAgainAfter);
        const wait = waiting;
        waiters++;
        await abortable(wait.done, until).catch(() => undefined);
        waiters--;
        if (isStopped() && waiters === 0) {
          // No caller is left, and the timer must not keep the process alive (G13).
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
 * Runs a request, and runs it once more if the answer is a 401 and there is another token.
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

/** Characters: far more than any server accepts in a header. */
const maxHeaderValue = 65_536;

/** Whether HTTP allows every character of a header's value. CR and LF are refused, because they would start another header. */
export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxHeaderValue && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** The condition of {@link isHeaderValue}, for error messages. */
export const inHeader = `that fits in a header (at most ${maxHeaderValue} characters, no line breaks)`;

/** The condition of {@link isToken}, for error messages. */
export const tokenExpected = `one word ${inHeader}: \`Bearer \` is put before it, and other schemes go into headers.authorization`;

/** Whether a token is one word. A token that includes its scheme would be sent as `Bearer Bearer ...`. */
export function isToken(value: unknown): value is string {
  return isHeaderValue(value) && /^\s*\S+\s*$/.test(value);
}
