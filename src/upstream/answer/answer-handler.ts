/**
 * Handing the answers of one session after the other on: whether one is the upstream's own, what it confirms, and what it
 * lacks. Owns what the answers have shown of the present session. Knows nothing of requests, nor of when they are made.
 */
import type { Clock } from '../../time/clock.js';
import { partialFailureOf } from '../../wire/envelope.js';
import type { RawAnswer } from '../../wire/api.js';
import type { RequestedStatistics } from './requested-statistics.js';
import type { Matched } from './match.js';
import type { Monitor, Track } from '../telemetry/monitor.js';
import type { RetryPolicy } from '../recovery/retry-policy.js';
import type { SourceHooks } from '../source.js';
import type { Freshness } from './freshness.js';

/** The parts of one upstream that an answer matters to. */
export interface Recipients {
  readonly hooks: Pick<SourceHooks, 'answer' | 'missing'>;
  readonly holdings: RequestedStatistics;
  readonly freshness: Pick<Freshness, 'confirm'>;
  readonly patience: Pick<RetryPolicy, 'restore'>;
  readonly track: Pick<Track, 'working' | 'size'>;
  /** The upstream is closed: nobody is told anything. */
  readonly closing: AbortSignal;
}

/** A poll that was answered. */
export interface Polled {
  readonly matched: Matched;
  /** How many statistics the answer holds, whosever they are. */
  readonly entries: number;
  /** To be looked at now only: the next poll may be read into its memory. */
  readonly raw: RawAnswer;
  /** What it was asked for, of which alone it tells anything; `undefined`: all. */
  readonly asked: readonly number[] | undefined;
}

export interface AnswerHandler {
  /** Whether the session has had a healthy poll: one that held any of its statistics. */
  readonly healthy: boolean;
  /** A session begins, under the id that the server gave it, with what its opening answered. */
  opened(id: string, matched: Matched): void;
  /** Returns how many of its values are news. `undefined`: it holds none of ours, so it is another's or nobody's. */
  polled(answered: Polled): number | undefined;
}

export function createAnswerHandler(
  { clock, monitor }: { readonly clock: Clock; readonly monitor: Pick<Monitor, 'emit'> },
  { hooks, holdings, freshness, patience, track, closing }: Recipients,
): AnswerHandler {
  let subscriptionId = '';
  /** What stands for the session in all it answers. Empty: whoever remembers where a value came from must not keep all this alive. */
  let session = {};
  /** Whether any session has: one that was lost before has shown nobody a clock. */
  let hasAnswered = false;
  let reopened = false;
  let healthy = false;

  function forward({ readings, changed }: Matched, opening: boolean): number {
    track.working();
    if (changed === undefined) {
      holdings.hold(readings);
    }
    return hooks.answer({ readings, changed, session, receivedAt: clock.now(), opening, reopened });
  }

  return {
    get healthy() {
      return healthy;
    },
    opened(id, matched) {
      subscriptionId = id;
      session = {};
      reopened = hasAnswered;
      hasAnswered = true;
      healthy = false;
      if (holdsAny(matched)) {
        freshness.confirm();
      }
      forward(matched, true);
    },
    polled({ matched, entries, raw, asked }) {
      if (holdsAny(matched)) {
        freshness.confirm();
        patience.restore();
        healthy = true;
      } else if (entries > 0 || holdings.hasHeld(asked)) {
        return undefined;
      }
      const news = forward(matched, false);
      monitor.emit({ type: 'polled', subscriptionId, statistics: entries, changed: news });
      const missing = holdings.giveUp(asked);
      if (missing.length > 0 && !closing.aborted) {
        track.size(holdings.count());
        hooks.missing(missing, partialFailureOf(raw));
      }
      return news;
    },
  };
}

function holdsAny({ readings, changed }: Matched): boolean {
  // What is compared with an answer that held some holds them too.
  return changed !== undefined || readings.some((reading) => reading !== undefined);
}
