/**
 * When the next poll of one upstream is due, from what is known of it: what the observers need, how long nothing has
 * changed, how often the definitions can change at all, whether anybody looks, and a phase of its own, so that a
 * thousand clients that start together do not poll in step. Keeps due times; whoever waits asks again when it wakes.
 */
import type { Definition } from '../../model/definition.js';
import { intervalAfter, type CadenceOptions } from '../../time/cadence.js';
import type { Clock } from '../../time/clock.js';
import type { PageLifecycle } from '../../time/page-lifecycle.js';

export interface PollSchedule {
  /** Milliseconds from the end of a poll to the next, as things are. */
  interval(): number;
  /** Milliseconds until the next poll is due; 0 or less: it is. */
  wait(): number;
  /** A poll is about to be sent. */
  polling(): void;
  /** An attempt failed, so others may have been held up until the same moment. */
  heldUp(): void;
  /** An opening or a poll was answered; `changed`: with news. */
  answered(changed: boolean): void;
  /** Somebody looks again. */
  returned(): void;
}

export interface PollScheduleOptions {
  readonly clock: Clock;
  readonly presence: PageLifecycle;
  readonly poll: CadenceOptions;
  readonly definitions: readonly Definition[];
  /** The interval that the most impatient observer wants, where it differs from the client's. */
  readonly wanted: () => number | undefined;
}

/** Milliseconds: below this, polling in step is nothing a server would notice. */
const worthSpreading = 1000;

export function createPollSchedule({ clock, presence, poll, definitions, wanted }: PollScheduleOptions): PollSchedule {
  const slowest = notificationInterval(definitions);
  /**
   * What the next wait is cut by; those after it are whole, so the phase stays. Drawn whenever others may have been set
   * going at the same moment: by a page that starts, an outage that ends, a machine that wakes. Or they would keep step.
   */
  let phase = 1;
  let heldUp = true;
  let ended = clock.monotonic();
  let unchanged = 0;

  function interval(): number {
    const least = Math.max(wanted() ?? poll.interval, slowest);
    const most = Math.max(poll.maxInterval, least);
    return presence.attentive ? intervalAfter({ interval: least, maxInterval: most, factor: poll.factor }, unchanged) : most;
  }

  function wait(): number {
    const whole = interval();
    return ended + (whole >= worthSpreading ? phase * whole : whole) - clock.monotonic();
  }

  return {
    interval,
    wait,
    polling() {
      // Later than due by a whole interval: the machine slept.
      heldUp = wait() < -interval();
    },
    heldUp() {
      heldUp = true;
    },
    answered(changed) {
      ended = clock.monotonic();
      phase = heldUp ? clock.random() : 1;
      unchanged = changed ? 0 : unchanged + 1;
    },
    returned() {
      // What has not changed while nobody looked may be long out of date for who looks now. Due, but nobody was held up.
      unchanged = 0;
      ended = Math.max(ended, clock.monotonic() - interval());
    },
  };
}

/**
 * Milliseconds within which none of the definitions can change: an inline one that is notified periodically has its
 * value computed every `notificationFrequency` seconds, and no oftener. Of a configured statistic nothing is known.
 */
function notificationInterval(definitions: readonly Definition[]): number {
  return definitions.reduce((least, definition) => Math.min(least, periodOf(definition)), Number.POSITIVE_INFINITY);
}

function periodOf({ definition }: Definition): number {
  const { notificationMode: mode, notificationFrequency: seconds } = definition ?? {};
  const periodical = mode === undefined || mode.toLowerCase() === 'periodical';
  return periodical && typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 0;
}
