/**
 * Decides when the next poll of one upstream is due. The interval depends on the observers' needs, the time without a change, the
 * periods of the definitions, and the visibility of the page. A random phase keeps many clients from polling in step. Owns due
 * times but no timer: a waiting caller asks again when it wakes.
 */
import type { Definition } from '../../model/definition.js';
import type { PollSettings, UpstreamContext } from '../context.js';
import type { CircuitBreaker } from '../recovery/circuit-breaker.js';

export interface PollSchedule {
  /** The present interval: milliseconds from the end of a poll to the start of the next. */
  interval(): number;
  /** Milliseconds until the next poll is due, or may be due: then ask again. 0 or less means that it is due now. */
  timeUntilDue(): number;
  /** Call before each poll is sent. */
  polling(): void;
  /** Call after each answer to an opening or a poll. `changed`: it held new values. */
  answered(changed: boolean): void;
  /** Gives the next wait a new phase. Call it after a failed attempt, because other upstreams may wait for the same moment. */
  resync(): void;
  /** Makes a poll for old values due at once, because the page is visible again. */
  resume(): void;
}

/** Milliseconds: shorter intervals get no phase, because simultaneous polls do not matter to the server there. */
const worthSpreading = 1000;

export function createPollSchedule(
  { clock, page, poll, definitions, hooks }: Pick<UpstreamContext, 'clock' | 'page' | 'poll' | 'definitions' | 'hooks'>,
  breaker: Pick<CircuitBreaker, 'isFailing'>,
): PollSchedule {
  const notificationInterval = shortestNotificationInterval(definitions);
  /**
   * The share of the next interval to wait. Later waits are whole intervals, so the shift stays. A new phase is drawn whenever other
   * clients may start at the same moment: after a page has loaded, an outage has ended, or a machine has woken.
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
      // An answer to any upstream proves that the page is online again, so the caller has to ask again within the usual interval.
      return isOffline() ? Math.min(timeUntilDue(), activeInterval()) : timeUntilDue();
    },
    polling() {
      // A poll that is late by a whole interval means that the machine slept, and perhaps others with it.
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
      // The values may have changed while the page was hidden and polls were rare, so a poll is due now. The phase stays.
      unchanged = 0;
      endedAt = Math.max(endedAt, clock.monotonic() - interval());
    },
  };
}

/** The interval after `unchanged` consecutive polls without a change. */
export function growingInterval({ interval, maxInterval, factor }: Pick<PollSettings, 'interval' | 'maxInterval' | 'factor'>, unchanged: number): number {
  return Math.min(maxInterval, interval * factor ** unchanged);
}

/**
 * The shortest time between two changes of any definition, in milliseconds. The server computes a periodical inline
 * definition every `notificationFrequency` seconds. For a configured statistic this is unknown, so it counts as 0.
 */
function shortestNotificationInterval(definitions: readonly Definition[]): number {
  return definitions.reduce((shortest, definition) => Math.min(shortest, periodOf(definition)), Number.POSITIVE_INFINITY);
}

function periodOf({ definition }: Definition): number {
  const { notificationMode: mode, notificationFrequency: seconds } = definition ?? {};
  const periodical = mode === undefined || mode.toLowerCase() === 'periodical';
  return periodical && typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 0;
}
