/**
 * Polls one session, each poll timed from the end of the last (G4), until the session is lost or no longer needed. Owns the
 * moment at which the next poll is sent. Knows neither the consequences of failures nor the meaning of answers.
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
  /** Polls a session until it ends. Resolves to how it ended. */
  live(session: Session): Promise<SessionEnd>;
  /** Polls now. If a poll is in flight already, another one follows it. */
  pollNow(): void;
  /** Checks again whether the next poll is due, or still needed. */
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
  /** The wait for the next regular poll. Observers' needs can end it; the wait after a failure belongs to the retry policy. */
  const untilDue = createPause(clock, closing);
  let isRequested = false;

  /** Waits until a poll is due or requested, and may be sent. Resolves to `false` if the session is over. */
  async function waitForPoll(signal: AbortSignal): Promise<boolean> {
    for (let wait = schedule.timeUntilDue(); wait > 0 && !isRequested; wait = schedule.timeUntilDue()) {
      if (!(await untilDue.wait(wait)) || signal.aborted) {
        return false;
      }
    }
    return (await retry.waitOutHoldOff()) && breaker.waitForPermit(signal);
  }

  /** Polls until an answer comes, and resolves to the number of new values. If none can come, resolves to how the session ended. */
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
        // Without this, the next answer would be compared with this one, which was never delivered.
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

  /** The entries of an answer, and which of them can differ from the last answer. Throws if the body is not an answer of the API. */
  function compare(comparer: Comparer, { body, context, age }: RawAnswer, id: string, matcher: Matcher): Compared {
    if (age > poll.staleAfter) {
      // An old copy from a cache confirms nothing. If it counted as an answer, the cache would keep dead values live.
      throw new StatisticsNetworkError(`${context.operation} was answered by a cache, with what is ${age / 1000} s old`, 'unreadable');
    }
    const compared = comparer.read(body, () => {
      const data = readEnvelope(textOfBody(body, context.operation), context);
      const named = idOf(data?.['subscriptionId']);
      // An answer with our id but without a list counts as an empty list, because the list may still come.
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
