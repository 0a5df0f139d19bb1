/** The providers of a test. */
import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { RENDERING } from '../rendering.js';
import { STABILITY } from '../stability.js';
import { CLIENT } from '../statistics-client.js';
import { createFakeClient } from './fake-client.js';
import { createStore, STORE, type Store } from './store.js';
import { StatisticsTestingController } from './statistics-testing-controller.js';

/**
 * Provides statistics that the test sets with a {@link StatisticsTestingController}. Use it instead of `provideStatistics`, or after
 * it. It sends nothing and sets no timer, and the application is stable without any value.
 *
 * @example
 * TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
 * const statistics = TestBed.inject(StatisticsTestingController);
 * const fixture = TestBed.createComponent(WaitingTile);
 * statistics.set('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }, 7);
 */
export function provideStatisticsTesting(): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: STORE, useFactory: createStore },
    { provide: StatisticsTestingController, useFactory: (store: Store) => new StatisticsTestingController(store), deps: [STORE] },
    { provide: CLIENT, useFactory: createFakeClient, deps: [STORE] },
    { provide: STABILITY, useValue: { wait: () => () => undefined } },
    { provide: RENDERING, useValue: undefined },
  ]);
}
