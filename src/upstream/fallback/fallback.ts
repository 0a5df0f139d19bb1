/**
 * A source that falls back on another one, the stand-in, if the server refuses all subscriptions, or loses each as soon as it is
 * open. The first healthy poll of a subscription ends the fallback. Owns the change between the two sources, make before break, so
 * that observers do not notice. Does not know how either source works.
 */
import { StatisticsError } from '../../model/errors.js';
import type { Definition } from '../../model/definition.js';
import type { BackoffOptions } from '../../time/backoff.js';
import type { Cancel, Clock } from '../../time/clock.js';
import type { PollSettings } from '../context.js';
import type { Monitor } from '../telemetry/monitor.js';
import { retryDelay } from '../recovery/retry-delay.js';
import { mayBeBarred } from '../recovery/verdict.js';
import type { Answer, Attempts, Decision, Refusal, Source, SourceHandle, SourceHooks } from '../source.js';

export interface FallbackDeps {
  readonly primary: Source;
  /** Makes a source that keeps configured statistics live without a subscription. `health$` reports the reason `because`. */
  readonly standIn: (because: StatisticsError) => Source;
  readonly clock: Clock;
  readonly monitor: Pick<Monitor, 'emit'>;
  readonly retryOptions: BackoffOptions;
  readonly poll: Pick<PollSettings, 'interval'>;
}

/** The stand-in starts after this number of consecutive subscriptions that were lost before a healthy poll. */
const lossesToFallBack = 4;

export function createFallback(deps: FallbackDeps): Source {
  /** The sources with a live subscription. One of them proves that the server opens subscriptions, so a refusal is about the definitions. */
  const living = new Set<object>();
  return (definitions, hooks, before) => start(deps, living, definitions, hooks, before);
}

type Refused = Parameters<SourceHooks['refused']>;

/** Whether a source still runs after this refusal, and goes on if the hook returns `'keepTrying'`. */
const isUndecided = (why: Refusal): boolean => why === 'keepsFailing' || why === 'barred';

function start(deps: FallbackDeps, living: Set<object>, definitions: readonly Definition[], hooks: SourceHooks, before?: Attempts): SourceHandle {
  const { primary, clock, monitor } = deps;
  const statistics = definitions.length;
  const inline = [...definitions.keys()].filter((index) => definitions[index]?.name === undefined);
  const self = {};
  /** The source that tries to subscribe; `undefined` between a refusal and the next trial. */
  let subscription: SourceHandle | undefined;
  let refusal: Refused | undefined;
  let standIn: SourceHandle | undefined;
  /** The stand-in has answered and provides the values. A subscription, if there is one, is on probation. */
  let degraded = false;
  /** Whether any subscription of this source has answered. */
  let lived = false;
  /** Whether the present subscription has had a healthy poll, and how many consecutive subscriptions before it had none. */
  let healthy = false;
  let losses = 0;
  let trials = 0;
  let cancelTrial: Cancel | undefined;

  // -- the subscription --------------------------------------------------------------------------------------------

  function subscribe(before?: Attempts): void {
    subscription = primary(definitions, { ...hooks, answer, refused, stale: (error) => degraded || hooks.stale(error) }, before);
  }

  function answer(given: Answer): number {
    if (given.opening) {
      losses = given.reopened && !healthy ? losses + 1 : 0;
    }
    healthy = !given.opening;
    if (degraded && !healthy) {
      // The answer is withheld: an opening proves little, and values from two sources at once would have no known order (G5).
      return 0;
    }
    lived = true;
    living.add(self);
    if (healthy && standIn !== undefined) {
      return comeBack(given);
    }
    if (losses >= lossesToFallBack && standIn === undefined && inline.length === 0) {
      callStandIn(new StatisticsError(`${losses} consecutive subscriptions were lost as soon as they were open`));
    }
    return hooks.answer(given);
  }

  function comeBack(given: Answer): number {
    const wasDegraded = degraded;
    dismissStandIn();
    trials = 0;
    if (!wasDegraded) {
      return hooks.answer(given);
    }
    // Delivered as an opening, because the real one was withheld. Both sources were open at once, so timestamps are comparable.
    const news = hooks.answer({ ...given, changed: undefined, opening: true, reopened: false });
    monitor.emit({ type: 'fallbackEnded', statistics });
    return news;
  }

  function refused(...given: Refused): Decision {
    const [error, why] = given;
    // The refusal may be about opening as such if these definitions were accepted before, or no subscription of the client is live.
    const isBarred = mayBeBarred(error) && (degraded || lived || living.size === 0);
    const canStandIn = isBarred && inline.length < statistics;
    if (why === 'keepsFailing' || (why === 'barred' && !canStandIn)) {
      return degraded ? 'keepTrying' : forwardRefusal(given);
    }
    subscription = undefined;
    refusal = given;
    living.delete(self);
    if (!canStandIn) {
      return forwardRefusal(given);
    }
    if (degraded) {
      tryLater(error);
    } else if (standIn === undefined) {
      callStandIn(error);
    }
    return 'stop';
  }

  function tryLater(error: StatisticsError): void {
    cancelTrial = clock.after(retryDelay(deps, error, ++trials, deps.poll.interval), () => subscribe());
  }

  // -- the stand-in ------------------------------------------------------------------------------------------------

  /** Starts the stand-in, which also tests the refusal: if the stand-in is refused too, or lacks a statistic, the refusal stands (G8). */
  function callStandIn(because: StatisticsError): void {
    standIn = deps.standIn(because)(definitions, {
      ...hooks,
      answer: (given) => (degraded ? hooks.answer(given) : standInAnswered(given, because)),
      refused(...given) {
        if (degraded && isUndecided(given[1])) {
          return 'keepTrying';
        }
        standInFailed(degraded ? given : refusal);
        return 'stop';
      },
      // Statistics that the stand-in lacks were handled when it took over.
      missing: () => undefined,
      // Before the stand-in's first answer, a subscription that is being tried reports staleness itself.
      stale: (error) => (degraded || subscription === undefined) && hooks.stale(error),
    });
  }

  function standInAnswered(given: Answer, because: StatisticsError): number {
    if (given.readings.some((reading, index) => reading === undefined && !inline.includes(index))) {
      standInFailed(refusal);
      return 0;
    }
    degraded = true;
    living.delete(self);
    if (subscription === undefined) {
      tryLater(because);
    }
    const news = hooks.answer({ ...given, reopened: lived && subscription === undefined });
    if (inline.length > 0) {
      hooks.missing(inline, because);
    }
    // A set that needs one of the missing statistics may have closed this source during the hooks above.
    if (standIn !== undefined) {
      monitor.emit({ type: 'fallbackStarted', statistics: statistics - inline.length, error: because });
    }
    return news;
  }

  /** Ends the stand-in and handles the refusal as without a fallback. */
  function standInFailed(why: Refused | undefined): void {
    dismissStandIn();
    if (subscription !== undefined || why === undefined) {
      return;
    }
    if (isUndecided(why[1])) {
      tryLater(why[0]);
    } else {
      forwardRefusal(why);
    }
  }

  function dismissStandIn(): void {
    standIn?.close();
    standIn = undefined;
    degraded = false;
    losses = 0;
  }

  // -- the end -----------------------------------------------------------------------------------------------------

  function forwardRefusal(given: Refused): Decision {
    const decision = hooks.refused(...given);
    if (decision === 'keepTrying' && isUndecided(given[1])) {
      return 'keepTrying';
    }
    close();
    return 'stop';
  }

  function close(): void {
    living.delete(self);
    cancelTrial?.();
    subscription?.close();
    dismissStandIn();
  }

  subscribe(before);
  return {
    close,
    refresh() {
      subscription?.refresh();
      standIn?.refresh();
    },
    reconsider() {
      subscription?.reconsider();
      standIn?.reconsider();
    },
  };
}
