/**
 * The waist between sharing and whatever keeps statistics live: definitions and hooks give a handle. A source opens on
 * start and deletes at the end. Implemented by the upstream over the API, by peeks, by the combination of both (the
 * fallback) and, for tests, in memory.
 */
import type { StatisticsError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';

/** Where an answer came from. */
export interface AnswerOrigin {
  /** The server-side subscription that it came from: the same object for all of its answers. */
  readonly session: object;
  /** Epoch milliseconds: when it arrived. */
  readonly receivedAt: number;
  /** Epoch milliseconds by the server's clock, where it tells: when it answered. */
  readonly serverTime: number;
  /** Monotonic time of our clock: when the previous answer arrived. */
  readonly previousAt: number;
  /** Monotonic time: values that were last confirmed before it are stale. */
  readonly staleBefore: number;
  /** Whether it is the answer to the opening itself. */
  readonly opening: boolean;
  /** Whether the source has answered from an earlier session, which the server forgot. */
  readonly reopened: boolean;
}

/** One answer of the server. */
export interface Answer extends AnswerOrigin {
  /** By the index of their definition, `undefined` where the answer holds none. Never changed afterwards. */
  readonly readings: readonly (Reading | undefined)[];
  /** The indices that can differ from the last answer of the session; all others are equal. `undefined`: any can differ. */
  readonly changed: readonly number[] | undefined;
}

/**
 * Why a source cannot go on:
 * - `refusal`: the server refuses the definitions, or one of them;
 * - `too-large`: it refuses their number;
 * - `keepsFailing`: it fails on them several times running without giving a reason;
 * - `barred`: it opens nothing at this address, whatever the definitions.
 */
export type Refusal = 'refusal' | 'too-large' | 'keepsFailing' | 'barred';

/** What follows from a refusal: the source ends, or it goes on trying with backoff. */
export type Decision = 'stop' | 'keepTrying';

/** A statistic that has had no accepted value for too long, although answers arrive. */
export interface Lag {
  /** The answers lack it, or hold only older values of it. */
  readonly definition: Definition;
  readonly error: StatisticsError;
  /** Its values are older than the one shown. A new subscription helps, since its values are compared with nothing (G5). */
  readonly isOutdated: boolean;
}

/** What observers need of the next poll. */
export interface Needs {
  /** The indices that somebody observes, where most are observed by nobody; `undefined`: all. */
  readonly indices?: readonly number[] | undefined;
  /** Milliseconds: the shortest interval that an observer asked for; `undefined`: none differs from the client's. */
  readonly interval?: number | undefined;
}

export interface SourceHooks {
  /** Takes an answer; returns how many of its values are new, which sets the pace of polling. */
  answer(answer: Answer): number;
  /** Called after each answer. The statistic that observers lack, if there is one. */
  lag(): Lag | undefined;
  /** Called before each poll. */
  needs(): Needs;
  /**
   * No answer has ever held these statistics: reported once for each. The source goes on with the others.
   *
   * @param error - the reason, where it is known.
   */
  missing(indices: readonly number[], error?: StatisticsError): void;
  /**
   * The source cannot open. It has ended already after `refusal` and `too-large`, whatever the hook returns; after
   * `keepsFailing` and `barred` the hook decides.
   *
   * @param failures - the number of consecutive failures, so that a successor's backoff can continue from there.
   */
  refused(error: StatisticsError, why: Refusal, failures: number): Decision;
  /** Nothing usable came for so long that the values are stale. The next answer ends that. */
  stale(error: StatisticsError | undefined): void;
}

export interface SourceHandle {
  /** Ends the source: no hook is called any more, and what was opened is deleted. Idempotent. */
  close(): void;
  /** Polls now instead of when the next poll is due. */
  refresh(): void;
  /** The needs have changed, so the next poll may be due at another time. */
  reconsider(): void;
}

/**
 * Starts keeping `definitions` live. Hooks are never called before it returns.
 *
 * @param failures - the number of consecutive failures so far, from which the backoff continues.
 */
export type Source = (definitions: readonly Definition[], hooks: SourceHooks, failures?: number) => SourceHandle;
