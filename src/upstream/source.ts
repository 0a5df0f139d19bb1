/**
 * The waist to whatever keeps statistics live: definitions and hooks give a handle. It opens on start and deletes at the
 * end. Implemented by the upstream over the API, by peeks, by the one with the other to fall back on and, for tests, in memory.
 */
import type { StatisticsError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';

/** Where an answer came from. */
export interface AnswerOrigin {
  /** The server-side subscription it came from: the same object for all of its answers. */
  readonly session: object;
  /** Epoch milliseconds: when it came. */
  readonly receivedAt: number;
  /** Whether it is the answer to the opening itself. */
  readonly opening: boolean;
  /** Whether the source has answered from another session before, which the server forgot. */
  readonly reopened: boolean;
}

/** One answer of the server. */
export interface Answer extends AnswerOrigin {
  /** By the index of their definition, `undefined` where the answer holds none. Never changed afterwards. */
  readonly readings: readonly (Reading | undefined)[];
  /** The indices that can differ from the last answer of the session: the others were the same. `undefined`: all can. */
  readonly changed: readonly number[] | undefined;
}

/**
 * Why a source cannot go on:
 * - `refusal`: the server refuses the definitions, or one of them;
 * - `too-large`: it refuses their number;
 * - `struck`: it fails on them again and again, for a reason it does not tell.
 */
export type Refusal = 'refusal' | 'too-large' | 'struck';

/** What observers need of the next poll. */
export interface Needs {
  /** The indices that somebody waits for, where most are waited for by nobody; `undefined`: all. */
  readonly indices?: readonly number[] | undefined;
  /** Milliseconds: the shortest interval that an observer asked for; `undefined`: nobody asked for another than the client's. */
  readonly interval?: number | undefined;
}

export interface SourceHooks {
  /** Takes an answer; returns how many of its values are news, on which the pace of polling depends. */
  answer(answer: Answer): number;
  /** Asked before each poll. */
  needs(): Needs;
  /**
   * No answer has ever held these: told once for each. The source goes on with the others.
   *
   * @param error - why none will, where that is known.
   */
  missing(indices: readonly number[], error?: StatisticsError): void;
  /**
   * The source cannot open. For `refusal` and `too-large` it has ended; for `struck` the hook says whether it shall.
   *
   * @param failures - how many attempts failed on end, so that a successor's backoff can go on from there.
   */
  refused(error: StatisticsError, why: Refusal, failures: number): boolean;
  /** Nothing usable came for so long that the values are stale. The next answer ends that. */
  stale(error: StatisticsError | undefined): void;
}

export interface SourceHandle {
  /** Ends it: no hook is called any more, and what was opened is deleted. Idempotent. */
  close(): void;
  /** Asks the server now instead of when it is due. */
  refresh(): void;
  /** The needs have changed: the next poll may be due at another time. */
  reconsider(): void;
}

/**
 * Starts keeping `definitions` live. Hooks are never called before it returns.
 *
 * @param failures - attempts that failed on end before, for the backoff to go on from.
 */
export type Source = (definitions: readonly Definition[], hooks: SourceHooks, failures?: number) => SourceHandle;
