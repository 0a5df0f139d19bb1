/**
 * Who we are to the server: api key, token, more headers, and keeping all of them out of what is shown (G10, G11).
 * Owns the token's life: asked before the first request, kept until a 401, asked once for all. Sends nothing itself.
 */
import { harmless, StatisticsError, StatisticsNetworkError, type StatisticsApiError } from '../model/errors.js';
import { sleep, type Sleep } from '../time/sleep.js';
import type { Clock } from '../time/clock.js';
import { redactor } from './redact.js';

/** A token, or a function that gives one. */
export type Token = string | (() => string | Promise<string>);

export interface CredentialsOptions {
  readonly apiKey?: string | undefined;
  readonly token?: Token | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds the token function may take. */
  readonly timeout: number;
  /** Milliseconds between two asks while the function gives the token that was refused. */
  readonly askAgainAfter: number;
}

export interface Credentials {
  /**
   * The headers of the next request, and the generation of the token in them.
   *
   * @throws StatisticsApiError the 401 itself, while the refused token is the only one: nothing is to be sent.
   * @throws StatisticsNetworkError when the token function fails or hangs.
   */
  headers(): Promise<{ readonly headers: Record<string, string>; readonly generation: number }>;
  /** Remembers which token a 401 was the answer to. */
  refused(error: StatisticsApiError, generation: number): void;
  /** Asks for another token after a 401, once for all who ask; resolves whether there is one. Never rejects. */
  renew(error: StatisticsApiError): Promise<boolean>;
  /** Resolves once there is another token than the one refused, asking again and again, or once `until` aborts. */
  renewed(error: StatisticsApiError, until: AbortSignal): Promise<void>;
  /** Whether there is a token at all; without one a 401 is a failure like another. */
  readonly renewable: boolean;
  /** Whether no request can be sent since the only token was refused. */
  readonly unauthorized: boolean;
  /** Asks the token again now, while unauthorized. */
  refresh(): void;
  /** Cookies are secrets too: who has a session's is let in. Takes the `Set-Cookie` headers of an answer. */
  keepSecret(setCookies: readonly string[]): void;
  /** Takes every secret out of a text. */
  redact(text: string): string;
  /** The same for an error from outside: itself where it is clean, else a clean copy. */
  redactCause(cause: unknown): unknown;
}

export function createCredentials(options: CredentialsOptions, clock: Clock, onChange: (unauthorized: boolean) => void): Credentials {
  const { token: source } = options;
  // Without a prototype a header called `__proto__` is one like another.
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
  let asking: Promise<string> | undefined;
  /** The first token, on its way. */
  let first: Promise<void> | undefined;
  let refusal: StatisticsApiError | undefined;
  let waiting: Sleep | undefined;
  let waiters = 0;

  /** One question at a time, however many wait for the answer. */
  function ask(): Promise<string> {
    asking ??= askOnce().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function askOnce(): Promise<string> {
    if (typeof source !== 'function') {
      return noted(source ?? '');
    }
    const limit = sleep(clock, options.timeout);
    try {
      const answer = await Promise.race([Promise.resolve().then(source).then(noted), limit.done]);
      if (answer === undefined) {
        throw new StatisticsError(`token: the function gave nothing within ${options.timeout} ms`);
      }
      if (!isHeaderValue(answer) || answer === '') {
        throw new StatisticsError('token: the function must give a non-empty string that fits in a header');
      }
      return answer;
    } catch (cause) {
      // The function may give an error of ours, too, from a client of its own.
      const message = cause instanceof StatisticsError ? harmless(secrets.redact(cause.message)) : 'token: the function failed';
      throw new StatisticsNetworkError(message, 'refused', { cause: secrets.redactCause(cause) });
    } finally {
      limit.wake();
    }
  }

  /** Also one that comes too late: what is said of it later must not tell it. */
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

  /** Compared first: a late 401 of the old token asks nothing. */
  const isCurrent = (error: StatisticsApiError): boolean => (generations.get(error) ?? generation) === generation;

  async function renew(error: StatisticsApiError): Promise<boolean> {
    if (!isCurrent(error)) {
      return true;
    }
    if (refusal !== undefined && waiting !== undefined) {
      // Others wait for another token already; it is asked for when their time comes, not for each who joins them.
      return false;
    }
    const next = await ask().catch(() => token);
    if (!isCurrent(error)) {
      return true;
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
    async headers() {
      if (refusal !== undefined) {
        throw refusal;
      }
      if (source === undefined) {
        return { headers: { ...fixed }, generation };
      }
      if (token === undefined) {
        await (first ??= ask().then(accept).finally(() => (first = undefined)));
      }
      return { headers: { ...fixed, authorization: `Bearer ${token ?? ''}` }, generation };
    },
    refused(error, sentWith) {
      generations.set(error, sentWith);
    },
    async renew(error) {
      // Without a token there is nothing to renew: the 401 is a failure like another.
      return source !== undefined && renew(error);
    },
    async renewed(error, until) {
      const stopped = aborted(until);
      const isStopped = (): boolean => until.aborted;
      while (!isStopped() && source !== undefined && !(await renew(error))) {
        // All who wait share one timer, and whoever wakes first asks for all.
        waiting ??= sleep(clock, options.askAgainAfter);
        const wait = waiting;
        waiters++;
        await Promise.race([wait.done, stopped]);
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
    keepSecret(setCookies) {
      setCookies.forEach((text) => secrets.add(text.split(';', 1).join(), 'cookie'));
    },
    redact: secrets.redact,
    redactCause: secrets.redactCause,
  };
}

/** What HTTP allows in a header's value; above all neither CR nor LF. */
export function isHeaderValue(value: unknown): value is string {
  return typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
