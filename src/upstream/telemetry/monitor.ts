/**
 * Owns `health$` and `events$`. Every upstream reports its condition here; no decision is made here. Several changes of health
 * within one microtask are one emission.
 */
import { distinctUntilChanged, Observable, Subject } from 'rxjs';
import type { StatisticsError } from '../../model/errors.js';
import type { StatisticsEvent } from '../../model/events.js';
import type { Health, HealthStatus } from '../../model/health.js';
import type { Clock } from '../../time/clock.js';
import { isUnauthorized } from '../../wire/credentials.js';
import { safe } from './safe-notify.js';

/** The reports of one upstream. */
export interface Track {
  /** A usable answer came. With `despite`, health stays degraded for that reason, for example because a peek brought the answer. */
  working(despite?: StatisticsError): void;
  /** An attempt failed. The next one is due in `delay` milliseconds, if known. */
  failing(error: StatisticsError, delay?: number): void;
  /** The server refuses this upstream. The error becomes `lastError`, unless another upstream fails, whose error matters more. */
  refused(error: StatisticsError): void;
  /** The wait between attempts is over: the next attempt is under way, or waits for the circuit breaker. */
  trying(): void;
  /** Sets the number of statistics that the upstream still has. */
  size(statistics: number): void;
  end(): void;
}

export interface Monitor {
  readonly health$: Observable<Health>;
  readonly events$: Observable<StatisticsEvent>;
  emit(event: StatisticsEvent): void;
  /** Registers an upstream. Two upstreams with the same `definitions` array, one of which replaces the other, count as one in `statistics`. */
  track(definitions: readonly unknown[]): Track;
  /** Adds or removes one RxJS subscription of the program. */
  observers(change: 1 | -1): void;
  /** Whether the only token is refused, so that no request can be sent. */
  unauthorized(is: boolean): void;
  /** Makes `health$` emit `closed` and complete. */
  close(): void;
  /** Completes `events$`. */
  end(): void;
}

interface Condition {
  readonly definitions: readonly unknown[];
  statistics: number;
  status: 'connecting' | 'live' | 'failing';
  retryAt: number | undefined;
  unauthorized: boolean;
}

export function createMonitor(clock: Clock): Monitor {
  const conditions = new Set<Condition>();
  const events = new Subject<StatisticsEvent>();
  const announced = new Subject<Health>();
  const notifications: (() => void)[] = [];
  let observers = 0;
  let hasNoToken = false;
  let lastSuccessAt: number | undefined;
  let lastError: StatisticsError | undefined;
  let closed = false;
  let due = false;

  function statusNow(): HealthStatus {
    const all = [...conditions];
    if (closed) {
      return 'closed';
    }
    if (hasNoToken || all.some((condition) => condition.unauthorized)) {
      return 'unauthorized';
    }
    if (all.some(({ status }) => status === 'failing')) {
      return 'degraded';
    }
    return all.some(({ status }) => status === 'live') ? 'live' : all.length > 0 || observers > 0 ? 'connecting' : 'idle';
  }

  function healthNow(): Health {
    const status = statusNow();
    if (status === 'live') {
      lastError = undefined;
    }
    const now = clock.now();
    let statistics = 0;
    let retryAt = Number.POSITIVE_INFINITY;
    const counted = new Set<readonly unknown[]>();
    for (const condition of conditions) {
      statistics += counted.has(condition.definitions) ? 0 : condition.statistics;
      counted.add(condition.definitions);
      // A time in the past means that the attempt is under way, or waits for the circuit breaker.
      retryAt = condition.retryAt !== undefined && condition.retryAt >= now ? Math.min(retryAt, condition.retryAt) : retryAt;
    }
    return Object.freeze({
      status,
      upstreams: conditions.size,
      statistics,
      observers,
      ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
      ...(lastError === undefined ? {} : { lastError }),
      ...(Number.isFinite(retryAt) ? { retryAt } : {}),
    });
  }

  /**
   * Runs `notify` now, or after the notification that is under way. If an observer causes another event itself, later observers
   * would otherwise receive that event before the present one.
   */
  function inTurn(notify: () => void): void {
    notifications.push(notify);
    if (notifications.length === 1) {
      for (let next: (() => void) | undefined = notify; next !== undefined; next = notifications[0]) {
        next();
        notifications.shift();
      }
    }
  }

  function publish(): void {
    due = false;
    const next = healthNow();
    inTurn(() => announced.next(next));
  }

  function changed(): void {
    if (!due && !closed) {
      due = true;
      queueMicrotask(publish);
    }
  }

  // A new observer gets the present health at once; the others get it with the next announcement.
  // Written by hand because `merge` and `defer` would add 3 kB in a browser.
  const fromNow$ = new Observable<Health>((subscriber) => {
    subscriber.next(healthNow());
    return announced.subscribe(subscriber);
  });

  return {
    health$: safe(fromNow$.pipe(distinctUntilChanged((a, b) => !differs(a, b)))),
    events$: safe(events),
    emit(event) {
      if (events.observed) {
        inTurn(() => events.next(Object.freeze(event)));
      }
    },
    track(definitions) {
      const condition: Condition = { definitions, statistics: definitions.length, status: 'connecting', retryAt: undefined, unauthorized: false };
      conditions.add(condition);
      changed();
      return {
        working(despite) {
          lastSuccessAt = clock.now();
          lastError = despite ?? lastError;
          Object.assign(condition, { status: despite === undefined ? 'live' : 'failing', retryAt: undefined, unauthorized: false });
          changed();
        },
        failing(error, delay) {
          lastError = error;
          const retryAt = delay === undefined ? undefined : clock.now() + delay;
          Object.assign(condition, { status: 'failing', retryAt, unauthorized: isUnauthorized(error) });
          changed();
        },
        refused(error) {
          lastError = [...conditions].some((other) => other !== condition && other.status === 'failing') ? lastError : error;
          changed();
        },
        trying() {
          if (condition.retryAt !== undefined) {
            condition.retryAt = undefined;
            changed();
          }
        },
        size(count) {
          condition.statistics = count;
          changed();
        },
        end() {
          conditions.delete(condition);
          changed();
        },
      };
    },
    observers(change) {
      observers += change;
      changed();
    },
    unauthorized(is) {
      hasNoToken = is;
      changed();
    },
    close() {
      closed = true;
      inTurn(() => {
        announced.next(healthNow());
        announced.complete();
      });
    },
    end: () => inTurn(() => events.complete()),
  };
}

/** Ignores `lastSuccessAt`, which changes with every answer. */
function differs(a: Health, b: Health): boolean {
  return (['status', 'upstreams', 'statistics', 'observers', 'lastError', 'retryAt'] as const).some((field) => a[field] !== b[field]);
}
