// The number of waiting calls, its alarm, and its last value during an outage.
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { provideStatisticsTesting, StatisticsTestingController } from 'genesys-statistics-rx/angular/testing';
import { WaitingTile } from './waiting-tile.js';

it('shows how many calls wait, alarms, and keeps the number once it is stale', async () => {
  TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
  const statistics = TestBed.inject(StatisticsTestingController);
  const fixture = TestBed.createComponent(WaitingTile);
  fixture.componentRef.setInput('queue', 'Sales@SIP');
  statistics.set('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }, 12);
  await fixture.whenStable();
  const tile = fixture.nativeElement as HTMLElement;
  expect(tile.textContent).toMatch(/12.*Act now/);
  statistics.stale();
  await fixture.whenStable();
  expect(tile.textContent).toMatch(/12.*STALE since/);
});
