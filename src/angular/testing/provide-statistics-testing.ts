/** The providers of a test. */
import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { RENDERING } from '../rendering.js';
import { STABILITY } from '../stability.js';
import { CLIENT } from '../statistics-client.js';
import { createFakeClient } from './fake-client.js';
import { createStore, STORE, type Store } from './store.js';
import { StatisticsTestingController } from './statistics-testing-controller.js';

/**
 * Provides statistics that the test sets by a {@link StatisticsTestingController}, in place of `provideStatistics`, or after it.
 * Nothing is sent, no timer is set, and the application is stable without any value.
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
