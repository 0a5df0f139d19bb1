// A test of the tile: the test says what the statistics are. Nothing is sent, and no time passes.
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { provideStatisticsTesting, StatisticsTestingController } from 'genesys-statistics-rx/angular/testing';
import { WaitingTile } from './waiting-tile.ts';

it('shows how many calls wait, and dims the number once it is stale', async () => {
  TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
  const statistics = TestBed.inject(StatisticsTestingController);
  const fixture = TestBed.createComponent(WaitingTile);
  fixture.componentRef.setInput('queue', 'Sales@SIP');
  statistics.set('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }, 7);
  await fixture.whenStable();
  const tile = fixture.nativeElement as HTMLElement;
  expect(tile.querySelector('b')?.textContent).toBe('7');
  statistics.stale();
  await fixture.whenStable();
  expect(tile.querySelector('b.stale')).not.toBeNull();
});
