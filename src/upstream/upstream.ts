/**
 * One server-side subscription, kept alive: opening (never aborted) -> live -> reopening -> closing. Owns the order of these
 * states, so that there is one request at a time (G4), and which waits a wake-up ends. Knows nothing of observers or sharing.
 */
import { asOurs, reasonToEnd, type StatisticsError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import { createAnswerHandler } from './answer/answer-handler.js';
import { createFreshness } from './answer/freshness.js';
import { createRequestedStatistics } from './answer/requested-statistics.js';
import type { Deleter } from './cleanup/deleter.js';
import type { ClientContext, UpstreamContext } from './context.js';
import type { CircuitBreaker } from './recovery/circuit-breaker.js';
import type { ReopenProbe } from './recovery/reopen-probe.js';
import { createRetryPolicy } from './recovery/retry-policy.js';
import { createOpening } from './session/opening.js';
import { createPageVisit } from './session/page-visit.js';
import { createPollSchedule } from './session/poll-schedule.js';
import { createPolling } from './session/polling.js';
import type { Attempts, Decision, Refusal, Source, SourceHandle, SourceHooks } from './source.js';

/** The context of the client, and the mechanisms that its upstreams share. */
export interface UpstreamDeps extends ClientContext {
  readonly breaker: CircuitBreaker;
  readonly probe: ReopenProbe;
  readonly deleter: Deleter;
}

/** Makes upstreams over the API: the {@link Source} that the client uses. */
export function createUpstreams(deps: UpstreamDeps): Source {
  return (definitions, hooks, before) => startUpstream(deps, definitions, hooks, before);
}

function startUpstream(deps: UpstreamDeps, definitions: readonly Definition[], hooks: SourceHooks, before: Attempts | undefined): SourceHandle {
  const { breaker, deleter, monitor, page, probe, requests } = deps;
  const controller = new AbortController();
  const closing = controller.signal;
  const track = monitor.track(definitions);
  const context: UpstreamContext = { ...deps, definitions, hooks, track, closing };
  const requested = createRequestedStatistics(definitions);
  const schedule = createPollSchedule(context, breaker);
  const retry = createRetryPolicy(context, breaker, schedule.interval, before?.failures ?? 0);
  /** Time in the request queue extends freshness, except while requests fail: then values become stale as usual. */
  const queueing = (): number => (breaker.isFailing ? 0 : requests.longestWait());
  const freshness = createFreshness(context, schedule.interval, queueing, () => hooks.stale(retry.lastError));
  const answers = createAnswerHandler(context, requested, freshness, retry.reset);
  const visit = createPageVisit(context, deleter, wake);
  const opening = createOpening(context, { requested, schedule, retry, visit, deleter, refused });
  const polling = createPolling(context, { answers, breaker, opening, probe, requested, retry, schedule });
  const stopWatching = page.onResume(resume);

  async function run(): Promise<void> {
    freshness.confirm(before?.since);
    try {
      let session = await opening.open();
      while (session !== undefined) {
        const { successor, reopenCause } = await polling.live(session);
        const { id } = session;
        if (successor !== undefined) {
          // Make before break: the successor is open already.
          visit.delete(id);
          session = successor;
        } else {
          visit.delete();
          session = closing.aborted ? undefined : await opening.open(id, reopenCause);
        }
      }
    } catch (error) {
      // Only a bug in our own code can throw here. It must not leave observers waiting for ever.
      refused(asOurs(error), 'refusal', retry.failures);
    } finally {
      visit.delete();
      end();
      visit.end();
    }
  }

  /** Handles a refusal: the upstream ends, unless the owner's hook decides to keep trying. */
  function refused(error: StatisticsError, why: Refusal, failures: number): Decision {
    track.refused(error);
    if (why === 'refusal' || why === 'too-large') {
      end();
    }
    if (hooks.refused(error, why, failures) === 'stop') {
      end();
    }
    return closing.aborted ? 'stop' : 'keepTrying';
  }

  /** Ends the upstream. `run` deletes the open subscription as soon as no request is in flight. */
  function end(): void {
    controller.abort(reasonToEnd('the upstream was closed'));
    freshness.end();
    stopWatching();
    track.end();
  }

  function wake(): void {
    retry.wake();
    polling.wake();
  }

  /** The page is visible again: old values are polled, and a backoff that began while the page was hidden is cut short. */
  function resume(): void {
    schedule.resume();
    freshness.resume();
    breaker.probeNow();
    wake();
  }

  // Start in a microtask, so that no hook is called before the caller has the handle.
  deleter.track(Promise.resolve().then(run), () => visit.undeleted);
  return {
    close: end,
    refresh() {
      polling.pollNow();
      breaker.probeNow();
      retry.wake();
    },
    reconsider: polling.wake,
  };
}
