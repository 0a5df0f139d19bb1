/**
 * One server-side subscription, kept alive: opening (never aborted) -> live -> reopening -> closing. Owns that order, so
 * that there is one request at a time (G4), and what is to wake when. Knows nothing of observers or of sharing.
 */
import { asOurs, reasonToEnd, type StatisticsError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { CadenceOptions } from '../time/cadence.js';
import type { PageLifecycle } from '../time/page-lifecycle.js';
import type { WireApi } from '../wire/api.js';
import { createAnswerHandler } from './answer/answer-handler.js';
import { createRequestedStatistics } from './answer/requested-statistics.js';
import type { CircuitBreaker } from './recovery/circuit-breaker.js';
import type { Monitor } from './telemetry/monitor.js';
import { createOpening, type OpeningDeps } from './session/opening.js';
import { createPollSchedule } from './session/poll-schedule.js';
import { createRetryPolicy, type RetryPolicyDeps } from './recovery/retry-policy.js';
import { createPolling, type PollingDeps } from './session/polling.js';
import type { Deleter } from './cleanup/deleter.js';
import type { Refusal, Source, SourceHandle, SourceHooks } from './source.js';
import { createFreshness, type StaleDeps } from './answer/freshness.js';
import { createPageVisit } from './session/page-visit.js';

export interface UpstreamDeps extends OpeningDeps, PollingDeps, RetryPolicyDeps, StaleDeps {
  readonly api: WireApi;
  readonly monitor: Monitor;
  readonly deleter: Deleter;
  readonly host: CircuitBreaker;
  readonly presence: PageLifecycle;
  readonly poll: CadenceOptions & PollingDeps['poll'];
}

/** Makes upstreams over the API: the {@link Source} that the client uses. */
export function createUpstreams(deps: UpstreamDeps): Source {
  return (definitions, hooks, failures = 0) => startUpstream(deps, definitions, hooks, failures);
}

function startUpstream(deps: UpstreamDeps, definitions: readonly Definition[], hooks: SourceHooks, failures: number): SourceHandle {
  const { clock, monitor, deleter, host, presence, poll } = deps;
  const controller = new AbortController();
  const closing = controller.signal;
  const track = monitor.track(definitions);
  const holdings = createRequestedStatistics(definitions);
  const pace = createPollSchedule({ clock, presence, poll, definitions, wanted: () => hooks.needs().interval });
  const patience = createRetryPolicy(deps, { track, signal: closing, failures });
  const freshness = createFreshness(deps, pace.interval, () => hooks.stale(patience.lastError));
  const delivery = createAnswerHandler(deps, { hooks, holdings, freshness, patience, track, closing });
  const polling = createPolling(deps, { delivery, hooks, size: definitions.length, pace, patience, closing });
  const visits = createPageVisit(deps, closing, wake);
  const open = createOpening(deps, { holdings, pace, patience, visits, closing, refused });
  const forgetPresence = presence.onResume(catchUp);

  async function run(): Promise<void> {
    freshness.confirm();
    try {
      let previousId: string | undefined;
      let suspect: StatisticsError | undefined;
      while (!closing.aborted) {
        // Opening; from the second time on reopening.
        const session = await open(previousId, suspect);
        if (session === undefined) {
          return;
        }
        try {
          // Live.
          suspect = await polling.live(session);
        } finally {
          visits.settle();
        }
        previousId = session.id;
      }
    } catch (error) {
      // Nothing above lets an error through: a bug of ours must not leave observers waiting for ever.
      refused(asOurs(error), 'refusal', patience.failures);
    } finally {
      end();
      visits.end();
    }
  }

  /** The server refuses: the upstream ends, unless it is struck and whoever shares it has it tried on. Returns whether it has ended. */
  function refused(error: StatisticsError, why: Refusal, failed: number): boolean {
    if (why !== 'struck') {
      end();
    }
    if (hooks.refused(error, why, failed)) {
      end();
    }
    return closing.aborted;
  }

  /** Closing: what is open is deleted as soon as nothing is in flight. */
  function end(): void {
    controller.abort(reasonToEnd('the upstream was closed'));
    freshness.end();
    forgetPresence();
    track.end();
  }

  function wake(): void {
    patience.wake();
    polling.wake();
  }

  /** Somebody looks again: what is old by now is asked for, and what failed while nobody looked is no reason to wait. */
  function catchUp(): void {
    pace.returned();
    host.hurry();
    wake();
  }

  // Not before the caller holds the handle.
  deleter.track(Promise.resolve().then(run), () => visits.owed);
  return {
    close: end,
    refresh() {
      polling.again();
      host.hurry();
      patience.wake();
    },
    reconsider: polling.wake,
  };
}
