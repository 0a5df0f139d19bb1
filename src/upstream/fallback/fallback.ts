/**
 * A source with another to fall back on: where subscriptions are refused altogether, or die as soon as they are open, a
 * stand-in keeps the statistics live, and the first healthy poll of a subscription takes over again. Owns when to change
 * over, make before break, so that whoever is given the answers need not know. Knows nothing of how either source works.
 */
import { StatisticsError } from '../../model/errors.js';
import type { Definition } from '../../model/definition.js';
import type { BackoffOptions } from '../../time/backoff.js';
import type { Cancel, Clock } from '../../time/clock.js';
import type { Monitor } from '../telemetry/monitor.js';
import { retryDelay } from '../recovery/retry-delay.js';
import { mayBeBarred } from '../recovery/verdict.js';
import type { Answer, Decision, Source, SourceHandle, SourceHooks } from '../source.js';

export interface FallbackDeps {
  readonly primary: Source;
  /** Keeps configured statistics live in another way; the reason is for health to give. */
  readonly standIn: (because: StatisticsError) => Source;
  readonly clock: Clock;
  readonly monitor: Pick<Monitor, 'emit'>;
  readonly retryOptions: BackoffOptions;
}

/** After so many on end that died before a healthy poll, the next will, too. */
const deathsToFallBack = 4;

export function createFallback(deps: FallbackDeps): Source {
  /** Those whose subscription lives. While one does, opening is not barred, and a refusal is about what was to be opened. */
  const living = new Set<object>();
  return (definitions, hooks, failures) => start(deps, living, definitions, hooks, failures);
}

type Refused = Parameters<SourceHooks['refused']>;

function start(deps: FallbackDeps, living: Set<object>, definitions: readonly Definition[], hooks: SourceHooks, failedBefore?: number): SourceHandle {
  const { primary, clock, monitor } = deps;
  const statistics = definitions.length;
  const inline = [...definitions.keys()].filter((index) => definitions[index]?.name === undefined);
  const self = {};
  /** None from a refusal to the next trial. */
  let subscription: SourceHandle | undefined;
  let refusal: Refused | undefined;
  let standIn: SourceHandle | undefined;
  /** The stand-in has answered, so the statistics are its, and a subscription is on probation. */
  let degraded = false;
  /** A subscription has lived; the present one has had a healthy poll; so many on end had none. */
  let lived = false;
  let healthy = false;
  let deaths = 0;
  let trials = 0;
  let cancelTrial: Cancel | undefined;

  // -- the subscription --------------------------------------------------------------------------------------------

  function subscribe(failures?: number): void {
    subscription = primary(definitions, { ...hooks, answer, refused, stale: (error) => degraded || hooks.stale(error) }, failures);
  }

  function answer(given: Answer): number {
    if (given.opening) {
      deaths = given.reopened && !healthy ? deaths + 1 : 0;
    }
    healthy = !given.opening;
    if (degraded && !healthy) {
      // Anything can be open for a moment; and if both spoke, the order of values could not be told.
      return 0;
    }
    lived = true;
    living.add(self);
    if (healthy && standIn !== undefined) {
      return comeBack(given);
    }
    if (deaths >= deathsToFallBack && standIn === undefined && inline.length === 0) {
      callStandIn(new StatisticsError(`${deaths} subscriptions on end were lost as soon as they were open`));
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
    // Its opening was not handed on; and since both lived at once, an older value is an older value.
    const news = hooks.answer({ ...given, changed: undefined, opening: true, reopened: false });
    monitor.emit({ type: 'fallbackEnded', statistics });
    return news;
  }

  function refused(...given: Refused): Decision {
    const [error, why] = given;
    if (why === 'keepsFailing') {
      return degraded ? 'keepTrying' : passOn(given);
    }
    subscription = undefined;
    refusal = given;
    living.delete(self);
    // What was accepted before is not refused for what it is.
    const isBarred = mayBeBarred(error) && (degraded || lived || living.size === 0);
    if (!isBarred || inline.length === statistics) {
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
    cancelTrial = clock.after(retryDelay(deps, error, ++trials), () => subscribe());
  }

  // -- the stand-in ------------------------------------------------------------------------------------------------

  /** It is the judge as well: what it is refused too, or cannot give, is not refused for being a subscription. */
  function callStandIn(because: StatisticsError): void {
    standIn = deps.standIn(because)(definitions, {
      ...hooks,
      answer: (given) => (degraded ? hooks.answer(given) : standInAnswered(given, because)),
      refused(...given) {
        if (degraded && given[1] === 'keepsFailing') {
          return 'keepTrying';
        }
        standInFailed(degraded ? given : refusal);
        return 'stop';
      },
      // Those it cannot give have been told.
      missing: () => undefined,
      // Before it has answered it is the only one to tell, where no subscription is tried.
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
    // A set that cannot do without one of those has closed us by now.
    if (standIn !== undefined) {
      monitor.emit({ type: 'fallbackStarted', statistics: statistics - inline.length, error: because });
    }
    return news;
  }

  /** All is as if there were none. */
  function standInFailed(why: Refused | undefined): void {
    dismissStandIn();
    if (subscription === undefined && why !== undefined) {
      passOn(why);
    }
  }

  function dismissStandIn(): void {
    standIn?.close();
    standIn = undefined;
    degraded = false;
    deaths = 0;
  }

  // -- the end -----------------------------------------------------------------------------------------------------

  function passOn(given: Refused): Decision {
    const decision = hooks.refused(...given);
    if (decision === 'keepTrying' && given[1] === 'keepsFailing') {
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
