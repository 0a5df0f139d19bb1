/**
 * The interface between sharing and the code that keeps statistics live. A source is a function of definitions and hooks that returns
 * a handle. It opens when it starts and deletes when it ends. Implementations: the upstream over the API, peeks, the combination of
 * both (the fallback), and one in memory for tests.
 */
import type { StatisticsError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';

/** Where an answer came from. */
export interface AnswerOrigin {
  /** Identifies the server-side subscription: the same object in all answers of one subscription. */
  readonly session: object;
  /** Epoch milliseconds: when the answer arrived. */
  readonly receivedAt: number;
  /** Epoch milliseconds: when the server answered, by its own clock if the answer has a `Date`, else by ours. */
  readonly serverTime: number;
  /** Monotonic time of our clock: when the previous answer arrived. */
  readonly previousAt: number;
  /** Monotonic time: values that were last confirmed before this time are stale. */
  readonly staleBefore: number;
  /** Whether this is the answer to the opening itself. */
  readonly opening: boolean;
  /** Whether the source has answered before from an earlier session, which was lost. */
  readonly reopened: boolean;
}

/** One answer of the server. */
export interface Answer extends AnswerOrigin {
  /** One reading per definition, by its index; `undefined` where the answer holds none. The array is never modified later. */
  readonly readings: readonly (Reading | undefined)[];
  /** The indices that can differ from the last answer of the session; all others are equal. `undefined`: any can differ. */
  readonly changed: readonly number[] | undefined;
}

/**
 * Why a source cannot go on:
 * - `refusal`: the server refuses the definitions, or one of them;
 * - `too-large`: the server refuses the number of definitions;
 * - `keepsFailing`: the server has failed on them several consecutive times without giving a reason;
 * - `barred`: nothing can be opened at this address, whatever the definitions.
 */
export type Refusal = 'refusal' | 'too-large' | 'keepsFailing' | 'barred';

/** The reaction to a refusal: the source ends, or it keeps trying with backoff. */
export type Decision = 'stop' | 'keepTrying';

/** A statistic that has had no accepted value for too long, although answers arrive. */
export interface Lag {
  /** The statistic that the answers lack, or of which they hold only older values. */
  readonly definition: Definition;
  readonly error: StatisticsError;
  /** Its values are older than the one shown. A new subscription helps, because its values are not compared with older ones (G5). */
  readonly isOutdated: boolean;
}

/** The needs of observers for the next poll. */
export interface Needs {
  /** The observed indices, if most indices are unobserved; `undefined`: ask for all. */
  readonly indices?: readonly number[] | undefined;
  /** Milliseconds: the shortest interval that an observer asked for; `undefined`: none differs from the client's. */
  readonly interval?: number | undefined;
}

export interface SourceHooks {
  /** Takes an answer. Returns the number of new values in it, which determines the next interval. */
  answer(answer: Answer): number;
  /** Called after each answer. Returns the statistic that observers lack, if there is one. */
  lag(): Lag | undefined;
  /** Called before each poll. */
  needs(): Needs;
  /**
   * No answer has ever held these statistics. Called once for each of them. The source goes on with the others.
   *
   * @param error - the reason, if known.
   */
  missing(indices: readonly number[], error?: StatisticsError): void;
  /**
   * The source cannot open. After `refusal` and `too-large` it has ended already, whatever the hook returns. After
   * `keepsFailing` and `barred` the hook decides.
   *
   * @param failures - the number of consecutive failures, so that a successor's backoff can continue from there.
   */
  refused(error: StatisticsError, why: Refusal, failures: number): Decision;
  /** No usable answer has come for so long that the values are stale. The next answer makes them live again. */
  stale(error: StatisticsError | undefined): void;
}

export interface SourceHandle {
  /** Ends the source: no hook is called any more, and everything it opened is deleted. Idempotent. */
  close(): void;
  /** Polls now, without waiting until the next poll is due. */
  refresh(): void;
  /** The needs have changed, so the next poll may be due at another time. */
  reconsider(): void;
}

/** Earlier sources for the same definitions that failed: their successor continues from there. */
export interface Attempts {
  /** The number of consecutive failures, from which the backoff continues. */
  readonly failures: number;
  /** Monotonic time of the first attempt, from which the time until the values are stale is counted. */
  readonly since: number;
}

/**
 * Starts keeping `definitions` live. Hooks are never called before it returns.
 *
 * @param before - left out for the first attempt.
 */
export type Source = (definitions: readonly Definition[], hooks: SourceHooks, before?: Attempts) => SourceHandle;
