/**
 * A source with another to fall back on: where subscriptions are refused altogether, or lost as soon as they are open, a
 * stand-in keeps the statistics live until the first healthy poll of a subscription. Owns when to change over, make before
 * break, so that the recipient of the answers need not know. Knows nothing of how either source works.
 */
import { StatisticsError } from '../../model/errors.js';
import type { Definition } from '../../model/definition.js';
import type { BackoffOptions } from '../../time/backoff.js';
import type { Cancel, Clock } from '../../time/clock.js';
import type { PollSettings } from '../context.js';
import type { Monitor } from '../telemetry/monitor.js';
import { retryDelay } from '../recovery/retry-delay.js';
import { mayBeBarred } from '../recovery/verdict.js';
import type { Answer, Decision, Refusal, Source, SourceHandle, SourceHooks } from '../source.js';

export interface FallbackDeps {
  readonly primary: Source;
  /** Keeps configured statistics live in another way; health reports the reason. */
  readonly standIn: (because: StatisticsError) => Source;
  readonly clock: Clock;
  readonly monitor: Pick<Monitor, 'emit'>;
  readonly retryOptions: BackoffOptions;
  readonly poll: Pick<PollSettings, 'interval'>;
}

/** After this many consecutive subscriptions were lost before a healthy poll, the next one is expected to be lost as well. */
const lossesToFallBack = 4;

export function createFallback(deps: FallbackDeps): Source {
  /** The sources whose subscription lives. While there is one, opening is not barred, so a refusal concerns the definitions. */
  const living = new Set<object>();
  return (definitions, hooks, failures) => start(deps, living, definitions, hooks, failures);
}

type Refused = Parameters<SourceHooks['refused']>;

/** Whether the source that reports a refusal has not ended by it. */
const isUndecided = (why: Refusal): boolean => why === 'keepsFailing' || why === 'barred';

function start(deps: FallbackDeps, living: Set<object>, definitions: readonly Definition[], hooks: SourceHooks, failedBefore?: number): SourceHandle {
  const { primary, clock, monitor } = deps;
  const statistics = definitions.length;
  const inline = [...definitions.keys()].filter((index) => definitions[index]?.name === undefined);
  const self = {};
  /** `undefined` between a refusal and the next trial. */
  let subscription: SourceHandle | undefined;
  let refusal: Refused | undefined;
  let standIn: SourceHandle | undefined;
  /** The stand-in has answered and serves the statistics; a subscription is on probation. */
  let degraded = false;
  /** Whether any subscription has lived. */
  let lived = false;
  /** Whether the present subscription has had a healthy poll, and how many before it, consecutively, had none. */
  let healthy = false;
  let losses = 0;
  let trials = 0;
  let cancelTrial: Cancel | undefined;

  // -- the subscription --------------------------------------------------------------------------------------------

  function subscribe(failures?: number): void {
    subscription = primary(definitions, { ...hooks, answer, refused, stale: (error) => degraded || hooks.stale(error) }, failures);
  }

  function answer(given: Answer): number {
    if (given.opening) {
      losses = given.reopened && !healthy ? losses + 1 : 0;
    }
    healthy = !given.opening;
    if (degraded && !healthy) {
      // An opening proves little; and if both sources delivered, nobody could tell the order of their values (G5).
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
    // Delivered as an opening, because its own was withheld. Both sources lived at once, so their timestamps compare.
    const news = hooks.answer({ ...given, changed: undefined, opening: true, reopened: false });
    monitor.emit({ type: 'fallbackEnded', statistics });
    return news;
  }

  function refused(...given: Refused): Decision {
    const [error, why] = given;
    // Definitions that were accepted before are not the reason.
    const isBarred = mayBeBarred(error) && (degraded || lived || living.size === 0);
    const canStandIn = isBarred && inline.length < statistics;
    if (why === 'keepsFailing' || (why === 'barred' && !canStandIn)) {
      return degraded ? 'keepTrying' : passOn(given);
    }
    subscription = undefined;
    refusal = given;
    living.delete(self);
    if (!canStandIn) {
      return passOn(given);
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

  /** The stand-in also decides about a refusal: if it is refused too, or cannot give a statistic, the refusal stands (G8). */
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
      // Reported when it took over.
      missing: () => undefined,
      // Before its first answer only where no subscription is being tried, which would report the same.
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
    // A set that needs one of the missing statistics has closed this source by now.
    if (standIn !== undefined) {
      monitor.emit({ type: 'fallbackStarted', statistics: statistics - inline.length, error: because });
    }
    return news;
  }

  /** From now on as without a fallback. */
  function standInFailed(why: Refused | undefined): void {
    dismissStandIn();
    if (subscription !== undefined || why === undefined) {
      return;
    }
    if (isUndecided(why[1])) {
      tryLater(why[0]);
    } else {
      passOn(why);
    }
  }

  function dismissStandIn(): void {
    standIn?.close();
    standIn = undefined;
    degraded = false;
    losses = 0;
  }

  // -- the end -----------------------------------------------------------------------------------------------------

  function passOn(given: Refused): Decision {
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

  subscribe(failedBefore);
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
