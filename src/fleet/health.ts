/** The `health$` of a fleet client: the leader's health as this process knows it, and this process's own observers. */
import { Observable, type Subscriber } from 'rxjs';
import type { Health } from '../index.js';
import type { Standing } from './standing.js';

export interface HealthMonitor {
  readonly health$: Observable<Health>;
  observers(by: 1 | -1): void;
  /** How the session stands; `undefined`: there is none. */
  stands(standing: Standing | undefined): void;
  close(): void;
}

export function createHealthMonitor(): HealthMonitor {
  const subscribers = new Set<Subscriber<Health>>();
  let standing: Standing | undefined;
  let observers = 0;
  let closed = false;
  let isScheduled = false;
  let last = read();

  function read(): Health {
    if (closed) {
      return Object.freeze({ status: 'closed', upstreams: 0, statistics: 0, observers: 0 });
    }
    if (standing === undefined) {
      return Object.freeze({ status: observers === 0 ? 'idle' : 'connecting', upstreams: 0, statistics: 0, observers });
    }
    const { own, report, error } = standing;
    const known = own ?? report?.health ?? { status: 'connecting' as const, upstreams: 0, statistics: 0 };
    const health: Health = { ...known, status: known.status === 'idle' || known.status === 'closed' ? 'connecting' : known.status, observers };
    return Object.freeze(error === undefined ? health : { ...health, status: 'degraded', lastError: error });
  }

  /** The time of the last success alone is no change. */
  function differs(a: Health, b: Health): boolean {
    return (['status', 'upstreams', 'statistics', 'observers', 'lastError', 'retryAt'] as const).some((field) => a[field] !== b[field]);
  }

  function emit(): void {
    isScheduled = false;
    const next = read();
    const isNews = differs(last, next);
    last = next;
    if (isNews) {
      [...subscribers].forEach((subscriber) => subscriber.next(next));
    }
  }

  /** Changes within a tick are one emission. */
  function changed(): void {
    if (!isScheduled && !closed) {
      isScheduled = true;
      queueMicrotask(() => !closed && emit());
    }
  }

  return {
    health$: new Observable((subscriber) => {
      last = read();
      subscriber.next(last);
      if (closed) {
        subscriber.complete();
        return undefined;
      }
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    }),
    observers(by) {
      observers += by;
      changed();
    },
    stands(next) {
      standing = next;
      changed();
    },
    close() {
      closed = true;
      emit();
      const all = [...subscribers];
      subscribers.clear();
      all.forEach((subscriber) => subscriber.complete());
    },
  };
}
