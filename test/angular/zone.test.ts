/** Under zone.js: the client and its subscriptions live outside of the zone, so an application is stable while they poll. */
import 'zone.js';
import { ApplicationRef, NgZone, provideZoneChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { injectHealth, injectStatistic, injectStatistics, provideStatistics, withHttpClient } from '../../src/angular/index.js';
import { numberOf } from '../../src/index.js';
import { unhurried } from '../support/chromium.js';
import { allDeleted, answered, record, sales, startSimulator, until } from '../support/journey.js';
import { component, setUpTestBed, textOf } from './support.js';

setUpTestBed();

class Tile {
  readonly waiting = injectStatistic('Current_In_Queue', sales, { parse: ({ value }) => numberOf(value) });
  readonly health = injectHealth();
}
component(Tile, { selector: 'app-tile', template: '{{ waiting.value() }} {{ health().status }}' });

describe.each([
  ['by fetch', []],
  ['by HttpClient', [withHttpClient()]],
])('F95: an application with zone.js, %s', (_, features) => {
  it('is stable after the first value, and stays so while it is polled; each change is rendered', async () => {
    const simulator = await startSimulator();
    TestBed.configureTestingModule({ providers: [provideZoneChangeDetection(), provideStatistics({ baseUrl: simulator.url, ...unhurried }, ...features)] });
    const application = TestBed.inject(ApplicationRef);
    const zone = TestBed.inject(NgZone);
    const fixture = TestBed.createComponent(Tile);
    fixture.autoDetectChanges();
    await application.whenStable();
    expect(textOf(fixture)).toMatch(/^\d+ live$/);
    const client = TestBed.runInInjectionContext(() => injectStatistics());
    // In the zone, as a component would.
    const live = zone.run(() => record(client.statistic$('Total_Answered', sales)));
    zone.run(() => client.refresh());
    await until('it is live', () => live.values.length > 0);
    await application.whenStable();
    const stable = record(application.isStable);
    await answered(simulator, 'read', 20);
    expect([stable.values, zone.hasPendingMacrotasks]).toEqual([[true], false]);
    const before = textOf(fixture);
    await until('another value is rendered', () => {
      simulator.advance(1000);
      return textOf(fixture) !== before;
    });
    live.unsubscribe();
    TestBed.resetTestingModule();
    await allDeleted(simulator);
  });
});
