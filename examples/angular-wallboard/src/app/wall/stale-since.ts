/** The time since when a tile is stale: the last confirmation of its own number, as far as the page can tell. */
import { computed, inject, linkedSignal, untracked, type Signal } from '@angular/core';
import { injectHealth, type StatisticResource } from 'genesys-statistics-rx/angular';
import { NOW } from '../now.js';
import { pace } from '../pace.js';

/**
 * Epoch milliseconds; `undefined` while the number is not stale. A number is stale once no answer has confirmed it for `staleAfter`.
 * In a hidden page this takes longer, but then the whole client had no answer for that time. The result does not change until the
 * number is live again.
 */
export function staleSince(resource: () => StatisticResource<unknown>): Signal<number | undefined> {
  const now = inject(NOW);
  const health = injectHealth();
  const isStale = computed(() => resource().stale() && now() !== undefined);
  const since = linkedSignal(() => {
    if (!isStale()) {
      return undefined;
    }
    const { lastSuccessAt } = untracked(health);
    const confirmedAt = Date.now() - pace.poll.staleAfter;
    // Without any successful request, the number came with the rendered page.
    return lastSuccessAt === undefined ? untracked(resource().receivedAt) : Math.min(lastSuccessAt, confirmedAt);
  });
  return since.asReadonly();
}
