// Agents by state: who has been away longest comes first.
import { TestBed } from '@angular/core/testing';
import { expect, it } from 'vitest';
import { provideStatisticsTesting, StatisticsTestingController } from 'genesys-statistics-rx/angular/testing';
import { agents } from '../centre.js';
import { Agents } from './agents.js';

it('groups the agents by state, the longest in it first', async () => {
  TestBed.configureTestingModule({ providers: [provideStatisticsTesting()] });
  const statistics = TestBed.inject(StatisticsTestingController);
  const fixture = TestBed.createComponent(Agents);
  agents.forEach((objectId, index) => statistics.set('CurrentAgentState', { objectId, objectType: 'Agent' }, { status: index < 2 ? 8 : 4, time: 1_800_000_000 - index }));
  await fixture.whenStable();
  const groups = Array.from((fixture.nativeElement as HTMLElement).querySelectorAll('section'), (section) => section.textContent.replace(/\s+/g, ' '));
  expect(groups[0]).toMatch(/Not ready 2.*alex.*kim/);
  expect(groups[1]).toContain(`Ready ${agents.length - 2}`);
});
