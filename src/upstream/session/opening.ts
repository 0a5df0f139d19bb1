/**
 * Opens subscriptions: with retries until one is open, refused or no longer needed; or once, as a probe. Owns the consequence of
 * each failed opening, and hands every subscription that may be open to the deleter (G3). Knows nothing of polls.
 */
import { asOurs, StatisticsNetworkError, type StatisticsError } from '../../model/errors.js';
import { persist } from '../../time/retry.js';
import type { OpenStatistic } from '../../wire/api.js';
import { requireFew } from '../../wire/envelope.js';
import { createIds } from '../answer/ids.js';
import type { FirstAnswer } from '../answer/answer-handler.js';
import { createMatcher, type Matcher } from '../answer/match.js';
import type { RequestedStatistics } from '../answer/requested-statistics.js';
import type { Deleter } from '../cleanup/deleter.js';
import type { UpstreamContext } from '../context.js';
import type { RetryPolicy } from '../recovery/retry-policy.js';
import { mayHaveOpened, openVerdict } from '../recovery/verdict.js';
import type { Decision, Refusal } from '../source.js';
import type { PageVisit } from './page-visit.js';
import type { PollSchedule } from './poll-schedule.js';

/** An open subscription on the server. */
export interface Session {
  readonly id: string;
  readonly matcher: Matcher;
  /** Aborts when the session must not be read any more, because the upstream was closed or the page left. */
  readonly signal: AbortSignal;
  /** The answer to the opening; `undefined` once it has been forwarded. */
  first: FirstAnswer | undefined;
}

export interface Opening {
  /**
   * Opens, with as many attempts as it takes. Resolves to `undefined` if the upstream ends first.
   *
   * @param previousId - the session that this one replaces.
   * @param reopenCause - set if the replaced session may have died because it was opened. The opening then starts with a backoff.
   */
  open(previousId?: string, reopenCause?: StatisticsError): Promise<Session | undefined>;
  /** Opens with one attempt, while the session `previousId` may still be alive. Rejects if the attempt fails. */
  openBeside(previousId: string): Promise<Session>;
  /** Opens one statistic, picked at random, and deletes it again, to find out whether the server can open anything. Rejects if it cannot. */
  openSample(): Promise<void>;
}

/** The parts of the upstream that opening works with. */
export interface OpeningParts {
  readonly requested: Pick<RequestedStatistics, 'wanted'>;
  readonly schedule: Pick<PollSchedule, 'resync'>;
  readonly retry: RetryPolicy;
  readonly visit: PageVisit;
  readonly deleter: Pick<Deleter, 'delete'>;
  /** Handles a refusal by the server. Returns whether the upstream ends or keeps trying. */
  refused(error: StatisticsError, why: Refusal, failures: number): Decision;
}

/** After this number of consecutive strikes, one of the definitions may be at fault. */
const strikesToSplit = 3;

export function createOpening(
  { api, clock, closing, monitor, newId, requestTimeout }: Pick<UpstreamContext, 'api' | 'clock' | 'closing' | 'monitor' | 'newId' | 'requestTimeout'>,
  { requested: { wanted }, schedule, retry, visit, deleter, refused }: OpeningParts,
): Opening {
  /** Sends one POST. It is never aborted, because its answer names the subscription that has to be deleted (G3). */
  async function openOnce(previousId: string | undefined, isAsked: (index: number) => boolean = () => true): Promise<Session> {
    const operationId = newId();
    const { signal } = visit;
    const ids = createIds(operationId, wanted.length);
    const statistics: OpenStatistic[] = [];
    wanted.forEach((definitionWanted, index) => {
      if (definitionWanted !== undefined && isAsked(index)) {
        const { name, definition, objectId, objectType } = definitionWanted;
        statistics.push({ statisticId: ids.of(index), name, definition, objectId, objectType });
      }
    });
    visit.opened(operationId);
    const { subscriptionId, entries, serverTime } = await api.openEntries(operationId, statistics, signal).catch((error: unknown) => {
      visit.notOpened(operationId);
      if (mayHaveOpened(error)) {
        const timedOut = error instanceof StatisticsNetworkError && error.kind === 'timeout';
        // After a timeout the server may still be processing the POST, and a DELETE sent now could overtake it.
        deleter.delete(operationId, timedOut ? requestTimeout : 0);
      }
      throw error;
    });
    visit.notOpened(operationId);
    visit.opened(subscriptionId);
    monitor.emit(
      previousId === undefined
        ? { type: 'opened', subscriptionId, statistics: statistics.length }
        : { type: 'reopened', subscriptionId, previousId, statistics: statistics.length },
    );
    try {
      requireFew(entries, statistics.length);
      const matcher = createMatcher(wanted, ids);
      const matched = matcher.match(entries.map(matcher.trimEntry));
      return { id: subscriptionId, matcher, signal, first: { matched, serverTime } };
    } catch (error) {
      // The subscription is open, although its answer is unusable.
      visit.delete(subscriptionId);
      throw error;
    }
  }

  return {
    async open(previousId, reopenCause) {
      const attempt = retry.attempt('open', previousId);
      let strikes = 0;

      async function tryOnce(): Promise<Session> {
        await visit.whenPresent();
        attempt.begin();
        const session = await openOnce(previousId);
        attempt.answered();
        return session;
      }

      async function shouldRetry(error: Error): Promise<boolean> {
        if (closing.aborted) {
          return false;
        }
        schedule.resync();
        const verdict = openVerdict(error);
        const failure = asOurs(error);
        if (verdict === 'refusal' || verdict === 'too-large') {
          attempt.answered();
          refused(failure, verdict, retry.failures);
          return false;
        }
        strikes = verdict === 'strike' ? strikes + 1 : 0;
        if (strikes >= strikesToSplit && refused(failure, 'keepsFailing', retry.failures + 1) === 'stop') {
          attempt.answered();
          return false;
        }
        if (verdict === 'barred' && refused(failure, verdict, retry.failures + 1) === 'stop') {
          attempt.answered();
          return false;
        }
        return attempt.mayRetry(verdict, failure);
      }

      const mayOpen = reopenCause === undefined || (await retry.backOff(reopenCause, previousId));
      return mayOpen && (await retry.waitOutHoldOff()) ? persist(tryOnce, shouldRetry) : undefined;
    },
    openBeside: (previousId) => openOnce(previousId),
    async openSample() {
      const indices = wanted.flatMap((definition, index) => (definition === undefined ? [] : [index]));
      const picked = indices[Math.floor(clock.random() * indices.length)];
      const { id } = await openOnce(undefined, (index) => index === picked);
      visit.delete(id);
    },
  };
}
