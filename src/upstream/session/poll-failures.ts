/**
 * What the failed polls of one session lead to: another attempt, a successor, or the end of the session. A 5xx does not
 * tell whether the server is down or has forgotten the subscription, nor does an answer that is nothing of the API's, so a
 * probe opens anew beside it. Owns the count of
 * strikes, and that an outage gives no subscription up (G9). Knows nothing of answers or of when polls are due.
 */
import { asOurs, StatisticsError } from '../../model/errors.js';
import type { RequestedStatistics } from '../answer/requested-statistics.js';
import type { ReopenProbe } from '../recovery/reopen-probe.js';
import type { Attempt, RetryPolicy } from '../recovery/retry-policy.js';
import { isInconclusive, openVerdict, pollVerdict, retryAfterOf } from '../recovery/verdict.js';
import type { Opening, Session } from './opening.js';
import type { PollSchedule } from './poll-schedule.js';

/** How a session ended: replaced by `successor`, or to be opened again; neither: it is not needed any more. */
export interface SessionEnd {
  readonly successor?: Session;
  /** Why it may have died of being opened, so that opening it again has to back off (G9). */
  readonly reopenCause?: StatisticsError | undefined;
}

export interface PollFailures {
  /** A poll failed. Waits until it can be repeated; resolves how the session ended if it is not to be repeated. */
  judge(error: Error, attempt: Attempt): Promise<SessionEnd | 'retry'>;
  /** A poll succeeded. */
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

/** One strike may come from one sick node of several; two in a row are worth a probe. */
const strikesToProbe = 2;
/** After this many strikes in a row a session is given up, unless the server may be down. */
const strikesToGiveUp = 4;
/** After this many probes that failed, a sample shows first whether it is the server or one of the definitions (G8). */
const probesToSample = 3;

/** @param isHealthy - whether the session has had a healthy poll. */
export function createPollFailures(session: Session, { opening, probe, requested, retry, schedule }: PollFailuresParts, isHealthy: () => boolean): PollFailures {
  const { id, signal } = session;
  let strikes = 0;
  let failedProbes = 0;
  let successesBefore = 0;

  /** @param isCertain - the server itself said so. */
  function lost(error: StatisticsError, isCertain: boolean): SessionEnd {
    retry.record(error);
    return { reopenCause: isCertain && isHealthy() ? undefined : error };
  }

  async function tryAgain(attempt: Attempt, ...failure: Parameters<Attempt['mayRetry']>): Promise<SessionEnd | 'retry'> {
    return (await attempt.mayRetry(...failure)) ? 'retry' : {};
  }

  /** Resolves the successor or how the probe failed; `undefined` where there was none. */
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
      // A bug of ours.
      throw error;
    }
  }

  async function judgeServerError(error: StatisticsError, pollAttempt: Attempt): Promise<SessionEnd | 'retry'> {
    const attempt = retry.attempt('open', id);
    // A server that says when to come back is down, or busy, but not forgetful.
    const mayProbe = strikes >= strikesToProbe && retryAfterOf(error) === undefined;
    const probed = mayProbe ? await probeServer(attempt) : undefined;
    if (signal.aborted) {
      return {};
    }
    if (probed !== undefined && 'matcher' in probed) {
      return { successor: probed };
    }
    // Something else has succeeded since the last strike, so the server is well, and this subscription is not.
    const isServerWell = probe.successes > successesBefore;
    successesBefore = probe.successes;
    if (strikes >= strikesToGiveUp && isServerWell) {
      return lost(error, false);
    }
    if (probed !== undefined) {
      return tryAgain(attempt, openVerdict(probed), probed);
    }
    // The second attempt comes soon, or a forgotten subscription with a short interval would be noticed late.
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
      // Too large, or a failure code: the server is well, so only another opening can help.
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
