// The longest wait, as minutes and seconds, and the hysteresis of its alarm.
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { provideStatisticsTesting, StatisticsTestingController } from 'genesys-statistics-rx/angular/testing';
import { LongestWaitTile } from './longest-wait-tile.js';

it('alarms from a minute on, and stops only ten seconds below it', async () => {
  TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
  const statistics = TestBed.inject(StatisticsTestingController);
  const fixture = TestBed.createComponent(LongestWaitTile);
  fixture.componentRef.setInput('queue', 'Sales@SIP');
  const tile = fixture.nativeElement as HTMLElement;
  const shown: (string | undefined)[] = [];
  for (const seconds of [59, 65, 55, 50]) {
    statistics.set('CurrMaxCallWaitingTime', { objectId: 'Sales@SIP', objectType: 'Queue' }, seconds);
    await fixture.whenStable();
    shown.push(tile.querySelector('app-tile')?.className, tile.querySelector('.number')?.textContent);
  }
  expect(shown).toEqual(['normal', '0:59', 'warning', '1:05', 'warning', '0:55', 'normal', '0:50']);
});
