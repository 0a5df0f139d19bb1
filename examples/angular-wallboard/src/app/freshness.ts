/** What the client does, counted: when the server last answered, and how much it is asked. */
import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { injectStatistics } from 'genesys-statistics-rx/angular';

const requests: readonly string[] = ['opened', 'reopened', 'polled', 'retrying', 'deleted', 'peeked'];

@Injectable({ providedIn: 'root' })
export class Freshness {
  /** Epoch milliseconds of the last answer with values. */
  readonly answeredAt = signal<number | undefined>(undefined);
  /** Of the last minute, as epoch milliseconds. */
  readonly requests = signal<readonly number[]>([]);
  /** Subscriptions that the server never said it deleted. */
  readonly leftOpen = signal(0);

  constructor() {
    const subscription = injectStatistics().events$.subscribe(({ type }) => {
      const now = Date.now();
      if (type === 'polled' || type === 'opened') {
        this.answeredAt.set(now);
      }
      if (type === 'orphaned') {
        this.leftOpen.update((count) => count + 1);
      }
      if (requests.includes(type)) {
        this.requests.update((times) => [...times.filter((time) => time > now - 60_000), now]);
      }
    });
    inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
  }
}
