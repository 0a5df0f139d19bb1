/**
 * The consequence of each failed poll of one session: another attempt, a successor, or the end of the session. A 5xx, or an answer
 * that is not from the API, does not show whether the server is down or has forgotten the subscription. So a probe opens another
 * one beside it. Owns the count of strikes, and gives up no subscription during an outage (G9). Knows nothing of answers or due times.
 */
import { asOurs, StatisticsError } from '../../model/errors.js';
import type { RequestedStatistics } from '../answer/requested-statistics.js';
import type { ReopenProbe } from '../recovery/reopen-probe.js';
import type { Attempt, RetryPolicy } from '../recovery/retry-policy.js';
import { isInconclusive, openVerdict, pollVerdict, retryAfterOf } from '../recovery/verdict.js';
import type { Opening, Session } from './opening.js';
import type { PollSchedule } from './poll-schedule.js';

/** How a session ended: `successor` replaces it, or it has to be opened again, unless the upstream was closed. */
export interface SessionEnd {
  readonly successor?: Session;
  /** Set if the session may have died because it was opened, so that the next opening has to back off (G9). */
  readonly reopenCause?: StatisticsError | undefined;
}

export interface PollFailures {
  /** Handles a failed poll. Waits until the poll can be repeated and resolves to `'retry'`, or resolves to how the session ended. */
  judge(error: Error, attempt: Attempt): Promise<SessionEnd | 'retry'>;
  /** Call after each successful poll: strikes count only if they are consecutive. */
  reset(): void;
}

/** The parts of the upstream that judging works with. */
export interface PollFailuresParts {
  readonly opening: Pick<Opening, 'openBeside' | 'openSample'>;
  readonly probe: ReopenProbe;
  readonly requested: Pick<RequestedStatistics, 'count'>;
  readonly retry: Pick<RetryPolicy, 'attempt' | 'failures' | 'record'>;
  readonly schedule: Pick<PollSchedule, 'interval' | 'resync'>;
}

/** One strike may come from one bad node of several. Two consecutive ones justify a probe. */
const strikesToProbe = 2;
/** After this number of consecutive strikes a session is given up, unless the server may be down. */
const strikesToGiveUp = 4;
/** After this number of failed probes, the next one first opens a sample, to learn whether the server or a definition is at fault (G8). */
const probesToSample = 3;

/** @param isHealthy - whether the session has had a healthy poll. */
export function createPollFailures(session: Session, { opening, probe, requested, retry, schedule }: PollFailuresParts, isHealthy: () => boolean): PollFailures {
  const { id, signal } = session;
  let strikes = 0;
  let failedProbes = 0;
  let successesBefore = 0;

  /** @param isCertain - the server itself said that the session is gone. */
  function lost(error: StatisticsError, isCertain: boolean): SessionEnd {
    retry.record(error);
    return { reopenCause: isCertain && isHealthy() ? undefined : error };
  }

  async function tryAgain(attempt: Attempt, ...failure: Parameters<Attempt['mayRetry']>): Promise<SessionEnd | 'retry'> {
    return (await attempt.mayRetry(...failure)) ? 'retry' : {};
  }

  /** Resolves to the successor, or to the error of the probe; `undefined` if no probe was made. */
  async function probeServer(attempt: Attempt): Promise<Session | StatisticsError | undefined> {
    try {
      return await probe.run(signal, async () => {
        attempt.begin();
        if (failedProbes >= probesToSample && requested.count() > 1) {
          await opening.openSample();
          probe.succeeded();
        }
        const successor = await opening.openBeside(id);
        attempt.answered();
        return successor;
      });
    } catch (error) {
      failedProbes++;
      if (error instanceof StatisticsError) {
        return error;
      }
      // A bug in our own code.
      throw error;
    }
  }

  async function judgeServerError(error: StatisticsError, pollAttempt: Attempt): Promise<SessionEnd | 'retry'> {
    const attempt = retry.attempt('open', id);
    // A server that sends a Retry-After is down or busy, and has not forgotten the subscription.
    const mayProbe = strikes >= strikesToProbe && retryAfterOf(error) === undefined;
    const probed = mayProbe ? await probeServer(attempt) : undefined;
    if (signal.aborted) {
      return {};
    }
    if (probed !== undefined && 'matcher' in probed) {
      return { successor: probed };
    }
    // If another request of the client has succeeded since the last strike, the server is well, and only this subscription fails.
    const isServerWell = probe.successes > successesBefore;
    successesBefore = probe.successes;
    if (strikes >= strikesToGiveUp && isServerWell) {
      return lost(error, false);
    }
    if (probed !== undefined) {
      return tryAgain(attempt, openVerdict(probed), probed);
    }
    // The second attempt comes soon, so that a forgotten subscription is noticed within two intervals.
    const isFirst = strikes === 1 && retry.failures === 0;
    return tryAgain(pollAttempt, 'strike', error, isFirst ? schedule.interval() / 2 : undefined);
  }

  return {
    async judge(error, attempt) {
      if (signal.aborted) {
        return {};
      }
      const verdict = pollVerdict(error);
      const failure = asOurs(error);
      if (verdict === 'gone') {
        attempt.answered();
        return lost(failure, true);
      }
      strikes = verdict === 'strike' ? strikes + 1 : 0;
      if (isInconclusive(error)) {
        attempt.answered();
        schedule.resync();
        return judgeServerError(failure, attempt);
      }
      // Every strike here is an answer that was too large or carried a failure code. Its server is well, so only a new opening helps.
      if (strikes >= strikesToGiveUp) {
        attempt.answered();
        return lost(failure, false);
      }
      schedule.resync();
      return tryAgain(attempt, verdict, failure);
    },
    reset() {
      strikes = 0;
      failedProbes = 0;
    },
  };
}
