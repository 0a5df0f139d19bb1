/**
 * One session's polls, each timed from the end of the last (G4), until the session is lost or not needed any more. Owns
 * when the next poll is sent. Knows nothing of what failures lead to or of what answers mean.
 */
import { StatisticsNetworkError } from '../../model/errors.js';
import { createPause } from '../../time/pause.js';
import { persist } from '../../time/retry.js';
import type { RawAnswer } from '../../wire/api.js';
import { textOfBody } from '../../wire/body.js';
import { foreignAnswer, idOf, readEntries, readEnvelope, withoutData } from '../../wire/envelope.js';
import { createComparer } from '#compare';
import type { AnswerHandler, Polled } from '../answer/answer-handler.js';
import type { Compared, Comparer } from '../answer/compare.js';
import type { Matcher } from '../answer/match.js';
import type { UpstreamContext } from '../context.js';
import type { CircuitBreaker } from '../recovery/circuit-breaker.js';
import type { RetryPolicy } from '../recovery/retry-policy.js';
import { narrowed } from './narrow.js';
import type { Session } from './opening.js';
import { createPollFailures, type PollFailures, type PollFailuresParts, type SessionEnd } from './poll-failures.js';
import type { PollSchedule } from './poll-schedule.js';

export interface Polling {
  /** Polls a session to its end, and resolves what that was. */
  live(session: Session): Promise<SessionEnd>;
  /** Polls now. A poll that began before does not count. */
  pollNow(): void;
  /** The next poll may be due at another time, or not be needed. */
  wake(): void;
}

/** The parts of the upstream that polling works with. */
export interface PollingParts extends PollFailuresParts {
  readonly answers: AnswerHandler;
  readonly breaker: Pick<CircuitBreaker, 'waitForPermit'>;
  readonly retry: RetryPolicy;
  readonly schedule: PollSchedule;
}

export function createPolling(
  { api, clock, closing, definitions, hooks, poll }: Pick<UpstreamContext, 'api' | 'clock' | 'closing' | 'definitions' | 'hooks' | 'poll'>,
  parts: PollingParts,
): Polling {
  const { answers, breaker, probe, retry, schedule } = parts;
  /** The needs of observers can end this wait, but never the wait after a failure. */
  const untilDue = createPause(clock, closing);
  let isRequested = false;

  /** Waits until a poll is due or requested, and may be sent; resolves `false` when the session is over. */
  async function waitForPoll(signal: AbortSignal): Promise<boolean> {
    for (let wait = schedule.timeUntilDue(); wait > 0 && !isRequested; wait = schedule.timeUntilDue()) {
      if (!(await untilDue.wait(wait)) || signal.aborted) {
        return false;
      }
    }
    return (await retry.waitOutHoldOff()) && breaker.waitForPermit(signal);
  }

  /** One answer, after as many attempts as it takes: how many of its values are new. Otherwise how the session ended. */
  async function pollOnce({ id, matcher, signal }: Session, comparer: Comparer, failures: PollFailures): Promise<number | SessionEnd> {
    const attempt = retry.attempt('poll', id);
    let end: SessionEnd = {};

    async function tryOnce(): Promise<Polled> {
      attempt.begin();
      isRequested = false;
      const asked = matcher.knowsIds() ? narrowed(hooks.needs().indices, matcher) : undefined;
      const verbose = matcher.seenAll() ? poll.verbose : 'INFO';
      const raw = await api.readRaw(id, { verbose, signal, statisticIds: asked?.map(matcher.of) });
      const { entries, changed } = compare(comparer, raw, id, matcher);
      try {
        const matched = matcher.match(entries, changed);
        attempt.answered();
        return { matched, entries: entries.length, raw, asked };
      } catch (error) {
        // Or the next answer would be compared with one that was never used.
        comparer.forget();
        throw error;
      }
    }

    async function shouldRetry(error: Error): Promise<boolean> {
      const judged = await failures.judge(error, attempt);
      end = judged === 'retry' ? end : judged;
      return judged === 'retry';
    }

    const polled = await persist(tryOnce, shouldRetry);
    if (polled === undefined || signal.aborted) {
      return end;
    }
    const news = answers.polled(polled);
    if (typeof news !== 'number') {
      retry.record(news);
      return { reopenCause: answers.isHealthy ? undefined : news };
    }
    failures.reset();
    probe.succeeded();
    return news;
  }

  /** The entries of an answer, and which of them can differ from the last one's. Throws if it is no answer. */
  function compare(comparer: Comparer, { body, context, age }: RawAnswer, id: string, matcher: Matcher): Compared {
    if (age > poll.staleAfter) {
      // It confirms nothing: taken for an answer, a cache on the way would keep dead values live.
      throw new StatisticsNetworkError(`${context.operation} was answered by a cache, with what is ${age / 1000} s old`, 'unreadable');
    }
    const compared = comparer.read(body, () => {
      const data = readEnvelope(textOfBody(body, context.operation), context);
      const named = idOf(data?.['subscriptionId']);
      // A list that is still to come is an empty one.
      const entries = readEntries(data, definitions.length) ?? (named === id ? [] : undefined);
      if (named !== undefined && named !== id && entries !== undefined && !matcher.isOwn(entries)) {
        throw foreignAnswer(`${context.operation} was answered for another subscription`);
      }
      return entries;
    });
    if (compared === undefined) {
      throw withoutData(context);
    }
    return compared;
  }

  return {
    async live(session) {
      isRequested = false;
      if (session.first === undefined || session.signal.aborted) {
        return {};
      }
      const comparer = createComparer(session.matcher.trimEntry);
      const failures = createPollFailures(session, parts, () => answers.isHealthy);
      answers.opened(session.id, session.first);
      session.first = undefined;
      schedule.answered(true);
      while (await waitForPoll(session.signal)) {
        schedule.polling();
        const polled = await pollOnce(session, comparer, failures);
        if (typeof polled !== 'number') {
          return polled;
        }
        schedule.answered(polled > 0);
      }
      return {};
    },
    pollNow() {
      isRequested = true;
      untilDue.wake();
    },
    wake: untilDue.wake,
  };
}
