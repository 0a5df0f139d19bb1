// The share of the callers who gave up, and what a tile says of a refusal.
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { provideStatisticsTesting, StatisticsTestingController } from 'genesys-statistics-rx/angular/testing';
import { LostTile } from './lost-tile.js';

it('shows the percentage, and what the server refuses', async () => {
  TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
  const statistics = TestBed.inject(StatisticsTestingController);
  const fixture = TestBed.createComponent(LostTile);
  fixture.componentRef.setInput('queue', 'Sales@SIP');
  const tile = fixture.nativeElement as HTMLElement;
  statistics.set('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }, 87);
  statistics.set('Total_Abandoned', { objectId: 'Sales@SIP', objectType: 'Queue' }, 13);
  await fixture.whenStable();
  expect(tile.textContent).toMatch(/13%.*Watch/);
  statistics.fail('Total_Abandoned', { objectId: 'Sales@SIP', objectType: 'Queue' });
  await fixture.whenStable();
  expect(tile.querySelector('.refused .reason')?.textContent).toBe('Total_Abandoned of Sales@SIP');
});
