/**
 * One session's polls, chained from completion, until it is lost or not to be read any more. Owns when the next is sent,
 * and what each failure of one leads to. What an answer tells of the statistics is delivery's business.
 */
import { asOurs, StatisticsError, StatisticsNetworkError } from '../../model/errors.js';
import type { Clock } from '../../time/clock.js';
import { createPause } from '../../time/pause.js';
import { persist } from '../../time/retry.js';
import type { RawAnswer, Verbose, WireApi } from '../../wire/api.js';
import { textOfBody } from '../../wire/body.js';
import { readEntries, readEnvelope, withoutData } from '../../wire/envelope.js';
import { createComparer, type Compared, type Comparer } from '../answer/compare.js';
import type { AnswerHandler, Polled } from '../answer/answer-handler.js';
import type { CircuitBreaker } from '../recovery/circuit-breaker.js';
import { narrowed } from './narrow.js';
import type { Session } from './opening.js';
import type { PollSchedule } from './poll-schedule.js';
import type { RetryPolicy } from '../recovery/retry-policy.js';
import type { SourceHooks } from '../source.js';
import { pollVerdict } from '../recovery/verdict.js';

export interface PollingDeps {
  readonly api: Pick<WireApi, 'readRaw'>;
  readonly clock: Clock;
  readonly host: Pick<CircuitBreaker, 'turn'>;
  readonly poll: { readonly verbose: Verbose; readonly staleAfter: number };
}

/** The parts of one upstream that polling has to do with. */
export interface PollingTies {
  readonly delivery: AnswerHandler;
  readonly hooks: Pick<SourceHooks, 'needs'>;
  /** How many statistics may be asked for: an answer that holds far more is not read. */
  readonly size: number;
  readonly pace: PollSchedule;
  readonly patience: RetryPolicy;
  /** The upstream is closed. */
  readonly closing: AbortSignal;
}

export interface Polling {
  /**
   * Polls a session to its end. Resolves why it may have died of being opened, where it was lost without a healthy poll or
   * by mere suspicion, so that no server can make a loop; `undefined`: there is nothing to back off from.
   */
  live(session: Session): Promise<StatisticsError | undefined>;
  /** Polls now. One that began before does not count. */
  again(): void;
  /** The next poll may be due at another time, or not be wanted. */
  wake(): void;
}

/** After so many strikes on end, a subscription that was fine is taken for lost. */
const strikesToReopen = 4;

export function createPolling(
  { api, clock, host, poll }: PollingDeps,
  { delivery, hooks, size, pace, patience, closing }: PollingTies,
): Polling {
  /** What observers need may end it, but never the wait after a failure. */
  const untilDue = createPause(clock, closing);
  let isWished = false;
  let suspect: StatisticsError | undefined;

  /** Waits until a poll is due, or wished for, and may be sent; resolves false when the session is over. */
  async function rest(signal: AbortSignal): Promise<boolean> {
    for (let wait = pace.wait(); wait > 0 && !isWished; wait = pace.wait()) {
      if (!(await untilDue.rest(wait)) || signal.aborted) {
        return false;
      }
    }
    return (await patience.embargo()) && host.turn(signal);
  }

  /** One answer, after as many attempts as it takes: how much of it is news. `undefined`: the session is over. */
  async function pollOnce({ id, matcher, signal }: Session, comparer: Comparer): Promise<number | undefined> {
    const turn = patience.turn('poll');
    let strikes = 0;

    async function attempt(): Promise<Polled> {
      turn.begin();
      isWished = false;
      const asked = matcher.knowsIds() ? narrowed(hooks.needs().indices, matcher) : undefined;
      const verbose = matcher.seenAll() ? poll.verbose : 'INFO';
      const raw = await api.readRaw(id, { verbose, signal, statisticIds: asked?.map(matcher.of) });
      const { entries, changed } = compare(comparer, raw);
      try {
        const matched = matcher.match(entries, changed);
        turn.reached();
        return { matched, entries: entries.length, raw, asked };
      } catch (error) {
        // Or the next answer would be compared with one that was never taken.
        comparer.forget();
        throw error;
      }
    }

    async function again(error: Error): Promise<boolean> {
      if (signal.aborted) {
        return false;
      }
      const verdict = pollVerdict(error);
      const failure = asOurs(error);
      strikes = verdict === 'strike' ? strikes + 1 : 0;
      if (verdict === 'gone' || strikes >= strikesToReopen) {
        turn.reached();
        lose(failure, verdict === 'gone');
        return false;
      }
      pace.heldUp();
      return turn.after(verdict, failure);
    }

    const polled = await persist(attempt, again);
    if (polled === undefined || signal.aborted) {
      return undefined;
    }
    const news = delivery.polled(polled);
    if (news === undefined) {
      lose(new StatisticsError(`subscription ${id} is lost: the server answered with none of its statistics`), true);
    }
    return news;
  }

  /** The entries of an answer, and which of them can differ from the last. What is no answer is thrown. */
  function compare(comparer: Comparer, { body, context, age }: RawAnswer): Compared {
    if (age > poll.staleAfter) {
      // It confirms nothing: taken for an answer, a cache on the way would keep dead values live.
      throw new StatisticsNetworkError(`${context.operation} was answered by a cache, with what is ${age / 1000} s old`, 'unreadable');
    }
    const compared = comparer.read(body, () => readEntries(readEnvelope(textOfBody(body, context.operation), context), size));
    if (compared === undefined) {
      throw withoutData(context);
    }
    return compared;
  }

  /** The subscription is lost, surely or by suspicion. */
  function lose(error: StatisticsError, surely: boolean): void {
    suspect = delivery.healthy && surely ? undefined : error;
    patience.note(error);
  }

  return {
    async live(session) {
      suspect = undefined;
      isWished = false;
      if (session.first !== undefined && !session.signal.aborted) {
        const comparer = createComparer(session.matcher.trimEntry);
        delivery.opened(session.id, session.first);
        session.first = undefined;
        pace.answered(true);
        while (await rest(session.signal)) {
          pace.polling();
          const news = await pollOnce(session, comparer);
          if (news === undefined) {
            break;
          }
          pace.answered(news > 0);
        }
      }
      return suspect;
    },
    again() {
      isWished = true;
      untilDue.wake();
    },
    wake: untilDue.wake,
  };
}
