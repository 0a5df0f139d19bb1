// An injectable service: one client for the application, and streams that end with whatever injects it.
import { DestroyRef, Injectable, InjectionToken, inject } from '@angular/core';
import { Subject, takeUntil, type Observable } from 'rxjs';
import { createStatisticsClient, type Health, type StatisticsClientOptions } from 'genesys-statistics-rx';
import { abandonRate, kpi } from 'genesys-statistics-rx/kpi';

export const STATISTICS_OPTIONS = new InjectionToken<StatisticsClientOptions>('STATISTICS_OPTIONS');

@Injectable({ providedIn: 'root' })
export class QueueStatistics {
  readonly #client = createStatisticsClient(inject(STATISTICS_OPTIONS));
  readonly #destroyed$ = new Subject<void>();

  /** How the connection is doing, for a banner. */
  readonly health$: Observable<Health> = this.#client.health$;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.#destroyed$.next();
      // Every subscription on the server is deleted, whoever still listens here.
      void this.#client.close();
    });
  }

  /** Percent of the offered calls that were abandoned; `null` while there were none. */
  abandonRate$(queue: string): Observable<number | null> {
    const object = { objectId: queue, objectType: 'Queue' };
    return this.#client
      .subscription$({
        answered: { name: 'Total_Answered', ...object },
        abandoned: { name: 'Total_Abandoned', ...object },
      })
      .pipe(kpi(abandonRate), takeUntil(this.#destroyed$));
  }
}
