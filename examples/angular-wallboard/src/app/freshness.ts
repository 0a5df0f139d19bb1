/** Watches the client: the time of the last answer, the number of requests, and the subscriptions left open on the server. */
import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { StatisticsEvent } from 'genesys-statistics-rx';
import { injectHealth, injectStatistics } from 'genesys-statistics-rx/angular';

const requests: readonly string[] = ['opened', 'reopened', 'polled', 'retrying', 'deleted', 'peeked'];

@Injectable({ providedIn: 'root' })
export class Freshness {
  /** Epoch milliseconds of the last answer with values. */
  readonly answeredAt = signal<number | undefined>(undefined);
  /** The times of the requests of the last minute, in epoch milliseconds. */
  readonly requests = signal<readonly number[]>([]);
  /** The number of subscriptions on the server that the client does not need any more: not deleted yet, or orphaned. */
  readonly leftOpen = computed(() => this.#orphaned().size + Math.max(0, this.#open().size - this.#health().upstreams));

  readonly #health = injectHealth();
  readonly #open = signal<ReadonlySet<string>>(new Set());
  readonly #orphaned = signal<ReadonlySet<string>>(new Set());

  constructor() {
    const subscription = injectStatistics().events$.subscribe((event) => {
      const { type } = event;
      const now = Date.now();
      this.#follow(event);
      if (type === 'polled' || type === 'opened') {
        this.answeredAt.set(now);
      }
      if (requests.includes(type)) {
        this.requests.update((times) => [...times.filter((time) => time > now - 60_000), now]);
      }
    });
    inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
  }

  #follow(event: StatisticsEvent): void {
    if (event.type === 'opened') {
      this.#open.update((ids) => new Set([...ids, event.subscriptionId]));
    } else if (event.type === 'reopened') {
      // The previous subscription is gone. If it is not, a later `deleted` or `orphaned` event reports it.
      this.#open.update((ids) => new Set([...ids, event.subscriptionId].filter((id) => id !== event.previousId)));
    } else if (event.type === 'deleted' || event.type === 'orphaned') {
      this.#open.update((ids) => new Set([...ids].filter((id) => id !== event.subscriptionId)));
    }
    if (event.type === 'orphaned') {
      this.#orphaned.update((ids) => new Set([...ids, event.subscriptionId]));
    }
  }
}
