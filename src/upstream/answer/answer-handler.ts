/**
 * Forwards answers to the hooks, for one session after the other. Decides whether an answer belongs to the upstream, which
 * statistics it confirms and which it lacks. Owns what is known about the present session. Knows nothing of requests or timing.
 */
import { partialFailureOf } from '../../wire/envelope.js';
import { StatisticsError } from '../../model/errors.js';
import type { RawAnswer } from '../../wire/api.js';
import type { UpstreamContext } from '../context.js';
import type { Freshness } from './freshness.js';
import type { Matched } from './match.js';
import type { RequestedStatistics } from './requested-statistics.js';

/** A poll that was answered. */
export interface Polled {
  readonly matched: Matched;
  /** Number of statistics in the answer, including ones that were not requested. */
  readonly entries: number;
  /** Valid only during the call, because the next poll may be read into the same memory. */
  readonly raw: RawAnswer;
  /** The indices that the poll asked for; `undefined`: all. The absence of any other index from the answer means nothing. */
  readonly asked: readonly number[] | undefined;
}

/** The answer to an opening. */
export interface FirstAnswer {
  readonly matched: Matched;
  /** Epoch milliseconds: when the server answered, by its clock if known. */
  readonly serverTime: number;
}

export interface AnswerHandler {
  /** Whether the session has had a healthy poll: one that held any of its statistics. */
  readonly isHealthy: boolean;
  /** Begins a session, with the id that the server gave it and the answer to its opening. */
  opened(id: string, first: FirstAnswer): void;
  /** Handles a poll's answer. Returns the number of new values, or an error if the session has to be replaced. */
  polled(answered: Polled): number | StatisticsError;
}

/** @param onHealthyPoll - called for each healthy poll. */
export function createAnswerHandler(
  { clock, closing, hooks, monitor, track }: Pick<UpstreamContext, 'clock' | 'closing' | 'hooks' | 'monitor' | 'track'>,
  requested: RequestedStatistics,
  freshness: Pick<Freshness, 'confirm' | 'staleBefore'>,
  onHealthyPoll: () => void,
): AnswerHandler {
  let subscriptionId = '';
  /** Identity token for the session. Deliberately empty, so that remembering a value's origin does not retain the session. */
  let session = {};
  /** Whether any session has answered. The timestamps of the very first answer have no predecessors to be compared with. */
  let hasAnswered = false;
  let reopened = false;
  let isHealthy = false;
  let previousAt = clock.monotonic();

  function forward({ readings, changed }: Matched, serverTime: number, opening: boolean): number {
    if (changed === undefined) {
      requested.markSeen(readings);
    }
    const answer = { readings, changed, session, receivedAt: clock.now(), serverTime, previousAt, staleBefore: freshness.staleBefore(), opening, reopened };
    previousAt = clock.monotonic();
    const news = hooks.answer(answer);
    track.working(hooks.lag()?.error);
    return news;
  }

  return {
    get isHealthy() {
      return isHealthy;
    },
    opened(id, { matched, serverTime }) {
      subscriptionId = id;
      session = {};
      reopened = hasAnswered;
      hasAnswered = true;
      isHealthy = false;
      if (holdsAny(matched)) {
        freshness.confirm();
      }
      forward(matched, serverTime, true);
    },
    polled({ matched, entries, raw, asked }) {
      if (holdsAny(matched)) {
        freshness.confirm();
        onHealthyPoll();
        isHealthy = true;
      } else if (entries > 0 || requested.hasSeen(asked)) {
        return new StatisticsError(`subscription ${subscriptionId} is lost: the server answered with none of its statistics`);
      }
      const news = forward(matched, raw.serverTime, false);
      monitor.emit({ type: 'polled', subscriptionId, statistics: entries, changed: news });
      const missing = requested.dropMissing(asked);
      if (missing.length > 0 && !closing.aborted) {
        track.size(requested.count());
        hooks.missing(missing, partialFailureOf(raw));
      }
      const lag = hooks.lag();
      return lag?.isOutdated === true ? lag.error : news;
    },
  };
}

function holdsAny({ readings, changed }: Matched): boolean {
  // A list of changes refers to a previous answer that held statistics, so this answer holds them too.
  return changed !== undefined || readings.some((reading) => reading !== undefined);
}
