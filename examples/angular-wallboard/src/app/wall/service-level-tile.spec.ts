// The service level of one answer, below its target, and before the first call.
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { provideStatisticsTesting, StatisticsTestingController } from 'genesys-statistics-rx/angular/testing';
import { ServiceLevelTile } from './service-level-tile.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

it('shows the percentage once all three totals are there, and no figure before the first call', async () => {
  TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
  const statistics = TestBed.inject(StatisticsTestingController);
  const fixture = TestBed.createComponent(ServiceLevelTile);
  fixture.componentRef.setInput('queue', 'Sales@SIP');
  const shown = async (within: number, answered: number, abandoned: number): Promise<string> => {
    statistics.set('Total_Answered_In_Threshold', sales, within);
    statistics.set('Total_Answered', sales, answered);
    statistics.set('Total_Abandoned', sales, abandoned);
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).querySelector('.number')?.textContent ?? '';
  };
  expect(await shown(0, 0, 0)).toBe('no calls yet');
  expect(await shown(75, 90, 10)).toBe('75%');
  expect((fixture.nativeElement as HTMLElement).querySelector('app-tile.warning')).not.toBeNull();
});
