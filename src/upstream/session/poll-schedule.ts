/**
 * When the next poll of one upstream is due. Depends on what the observers need, how long nothing has changed, how often
 * the definitions can change at all, whether the page is visible, and a phase that keeps a thousand clients from polling
 * in step. Keeps due times only; a caller that waits asks again when it wakes.
 */
import type { Definition } from '../../model/definition.js';
import type { PollSettings, UpstreamContext } from '../context.js';
import type { CircuitBreaker } from '../recovery/circuit-breaker.js';

export interface PollSchedule {
  /** Milliseconds from the end of a poll to the next, as things are. */
  interval(): number;
  /** Milliseconds until the next poll is due, or may be due by then; 0 or less: it is. */
  timeUntilDue(): number;
  /** A poll is about to be sent. */
  polling(): void;
  /** An opening or a poll was answered; `changed`: with new values. */
  answered(changed: boolean): void;
  /** An attempt failed, so other upstreams may wait for the same moment: the next wait gets a new phase. */
  resync(): void;
  /** The page is visible again. */
  resume(): void;
}

/** Milliseconds: below this interval, no server would notice polls in step. */
const worthSpreading = 1000;

export function createPollSchedule(
  { clock, page, poll, definitions, hooks }: Pick<UpstreamContext, 'clock' | 'page' | 'poll' | 'definitions' | 'hooks'>,
  breaker: Pick<CircuitBreaker, 'isFailing'>,
): PollSchedule {
  const notificationInterval = shortestNotificationInterval(definitions);
  /**
   * The share of the next interval that is waited; later waits are whole, so the phase stays. It is drawn whenever others
   * may start at the same moment: after a page has loaded, an outage has ended, a machine has woken.
   */
  let phase = 1;
  let drawsPhase = true;
  let endedAt = clock.monotonic();
  let unchanged = 0;

  /** An answer proves that the page is online, so the platform is asked only after a failure. */
  const isOffline = (): boolean => breaker.isFailing && page.isCalledOffline;

  /** Milliseconds between polls while the page is visible and online. */
  function activeInterval(): number {
    const shortest = Math.max(hooks.needs().interval ?? poll.interval, notificationInterval);
    return growingInterval({ ...poll, interval: shortest, maxInterval: Math.max(poll.maxInterval, shortest) }, unchanged);
  }

  function interval(): number {
    const active = activeInterval();
    return page.isVisible && !isOffline() ? active : Math.max(poll.hiddenInterval, active);
  }

  function timeUntilDue(): number {
    const whole = interval();
    return endedAt + (whole >= worthSpreading ? phase * whole : whole) - clock.monotonic();
  }

  return {
    interval,
    timeUntilDue() {
      // Any upstream's answer ends an offline page's long interval, so the caller has to ask again in time.
      return isOffline() ? Math.min(timeUntilDue(), activeInterval()) : timeUntilDue();
    },
    polling() {
      // Late by a whole interval: the machine slept, and perhaps others with it.
      drawsPhase = timeUntilDue() < -interval();
    },
    answered(changed) {
      endedAt = clock.monotonic();
      phase = drawsPhase ? clock.random() : 1;
      unchanged = changed ? 0 : unchanged + 1;
    },
    resync() {
      drawsPhase = true;
    },
    resume() {
      // Values that did not change while nobody looked may be outdated by now, so a poll is due. The phase stays.
      unchanged = 0;
      endedAt = Math.max(endedAt, clock.monotonic() - interval());
    },
  };
}

/** The interval after so many consecutive polls without a change. */
export function growingInterval({ interval, maxInterval, factor }: Pick<PollSettings, 'interval' | 'maxInterval' | 'factor'>, unchanged: number): number {
  return Math.min(maxInterval, interval * factor ** unchanged);
}

/**
 * Milliseconds within which none of the definitions can change. The server computes an inline definition that is notified
 * periodically every `notificationFrequency` seconds. Nothing is known of a configured statistic.
 */
function shortestNotificationInterval(definitions: readonly Definition[]): number {
  return definitions.reduce((shortest, definition) => Math.min(shortest, periodOf(definition)), Number.POSITIVE_INFINITY);
}

function periodOf({ definition }: Definition): number {
  const { notificationMode: mode, notificationFrequency: seconds } = definition ?? {};
  const periodical = mode === undefined || mode.toLowerCase() === 'periodical';
  return periodical && typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 0;
}
