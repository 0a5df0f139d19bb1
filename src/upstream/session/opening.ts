/**
 * One opening, retried until it holds, is refused, or nobody wants it any more. Owns what each failure to open leads to,
 * and that whatever may have opened is deleted (G3). Knows nothing of polls.
 */
import { asOurs, StatisticsNetworkError, type StatisticsError } from '../../model/errors.js';
import { persist } from '../../time/retry.js';
import type { OpenStatistic, WireApi } from '../../wire/api.js';
import { requireFew } from '../../wire/envelope.js';
import type { RequestedStatistics } from '../answer/requested-statistics.js';
import { createIds } from './ids.js';
import { createMatcher, type Matched, type Matcher } from '../answer/match.js';
import type { Monitor } from '../telemetry/monitor.js';
import type { PollSchedule } from './poll-schedule.js';
import type { RetryPolicy } from '../recovery/retry-policy.js';
import type { Deleter } from '../cleanup/deleter.js';
import type { Refusal } from '../source.js';
import { mayHaveOpened, openVerdict } from '../recovery/verdict.js';
import type { PageVisit } from './page-visit.js';

/** An open subscription on the server. */
export interface Session {
  readonly id: string;
  readonly matcher: Matcher;
  /** Aborts when it is not to be read any more: the upstream was closed, or the page left. */
  readonly signal: AbortSignal;
  /** What the opening answered, until it is handed on. */
  first: Matched | undefined;
}

export interface OpeningDeps {
  readonly api: Pick<WireApi, 'openEntries'>;
  readonly monitor: Pick<Monitor, 'emit'>;
  readonly deleter: Pick<Deleter, 'remove'>;
  /** A new operationId, never given twice. */
  readonly newId: () => string;
  readonly requestTimeout: number;
}

/** The parts of one upstream that opening has to do with. */
export interface OpeningTies {
  readonly holdings: Pick<RequestedStatistics, 'wanted'>;
  readonly pace: Pick<PollSchedule, 'heldUp'>;
  readonly patience: RetryPolicy;
  readonly visits: PageVisit;
  /** The upstream is closed: a failure leads to nothing any more. */
  readonly closing: AbortSignal;
  /** The server refuses; returns whether that is the upstream's end, which it need not be where it is `struck`. */
  refused(error: StatisticsError, why: Refusal, failures: number): boolean;
}

/**
 * Opens, for as long as it takes; resolves `undefined` when the upstream has ended meanwhile.
 *
 * @param previousId - of the session that this one takes the place of.
 * @param suspect - why that one may have died of being opened: to be backed off from first.
 */
export type Opening = (previousId?: string, suspect?: StatisticsError) => Promise<Session | undefined>;

/** After so many server errors on end, opening may be the definitions' fault. */
const strikesToSplit = 3;

export function createOpening(
  { api, monitor, deleter, newId, requestTimeout }: OpeningDeps,
  { holdings: { wanted }, pace, patience, visits, closing, refused }: OpeningTies,
): Opening {
  /** One POST. It is never aborted: its answer names what has to be deleted (G3). */
  async function openOnce(previousId: string | undefined): Promise<Session> {
    const operationId = newId();
    const { signal } = visits;
    const ids = createIds(operationId, wanted.length);
    const statistics: OpenStatistic[] = [];
    wanted.forEach((wish, index) => {
      if (wish !== undefined) {
        const { name, definition, objectId, objectType } = wish;
        statistics.push({ statisticId: ids.of(index), name, definition, objectId, objectType });
      }
    });
    visits.owe(operationId);
    const { subscriptionId, entries } = await api.openEntries(operationId, statistics, closing).catch((error: unknown) => {
      visits.owe(undefined);
      if (mayHaveOpened(error)) {
        const timedOut = error instanceof StatisticsNetworkError && error.kind === 'timeout';
        // After a timeout the server may still be at it: a DELETE sent now could overtake the opening.
        deleter.remove(operationId, timedOut ? requestTimeout : 0);
      }
      throw error;
    });
    visits.owe(subscriptionId);
    monitor.emit(
      previousId === undefined
        ? { type: 'opened', subscriptionId, statistics: statistics.length }
        : { type: 'reopened', subscriptionId, previousId, statistics: statistics.length },
    );
    try {
      requireFew(entries, statistics.length);
      const matcher = createMatcher(wanted, ids);
      const first = matcher.match(entries.map(matcher.trimEntry));
      return { id: subscriptionId, matcher, signal, first };
    } catch (error) {
      // It is open, though what it answered cannot be used.
      visits.settle();
      throw error;
    }
  }

  return async (previousId, suspect) => {
    const turn = patience.turn('open');
    let strikes = 0;

    async function attempt(): Promise<Session> {
      await visits.present();
      turn.begin();
      const session = await openOnce(previousId);
      turn.reached();
      return session;
    }

    async function again(error: Error): Promise<boolean> {
      if (closing.aborted) {
        return false;
      }
      pace.heldUp();
      const verdict = openVerdict(error);
      const failure = asOurs(error);
      if (verdict === 'refusal' || verdict === 'too-large') {
        turn.reached();
        refused(failure, verdict, patience.failures);
        return false;
      }
      strikes = verdict === 'strike' ? strikes + 1 : 0;
      if (strikes >= strikesToSplit && refused(failure, 'struck', patience.failures + 1)) {
        turn.reached();
        return false;
      }
      return turn.after(verdict, failure);
    }

    const mayOpen = suspect === undefined || (await patience.rest('open', suspect));
    return mayOpen && (await patience.embargo()) ? persist(attempt, again) : undefined;
  };
}
