/** G2: statistics that arrive one at a time end up in few upstreams, and no observer notices. */
import { describe, expect, it } from 'vitest';
import { numberOf, type StatisticValue } from '../../src/index.js';
import { allDeleted, answered, eventsOf, numberValue, record, startClient, startSimulator, until, type Recording } from '../support/journey.js';

const agent = (index: number): { objectId: string; objectType: string } => ({ objectId: `agent${String(index + 1).padStart(4, '0')}`, objectType: 'Agent' });

describe('G2: merging', () => {
  it('sixty statistics that arrive one at a time end up in one upstream, with no gap, no repeat and no older value', async () => {
    const simulator = await startSimulator({ agents: 60 });
    const client = startClient(simulator.url, { batch: { window: 1 } });
    const merged = eventsOf(client, 'merged');
    const all: Recording<StatisticValue>[] = [];
    for (let index = 0; index < 60; index++) {
      simulator.set({ name: 'InboundCalls', ...agent(index) }, numberValue(0));
      all.push(record(client.statistic$('InboundCalls', agent(index))));
      await until('its first value', () => all[index]?.values.length === 1);
    }
    for (let value = 1; value <= 5; value++) {
      all.forEach((_, index) => simulator.set({ name: 'InboundCalls', ...agent(index) }, numberValue(value)));
      await until('everyone has it', () => all.every(({ values }) => values.length === value + 1));
    }
    await until('one upstream is left', () => simulator.ledger.opened.length - simulator.ledger.deleted.length === 1);
    expect(merged.length).toBeGreaterThan(0);
    for (const { values } of all) {
      expect(values.map(({ value }) => numberOf(value))).toEqual([0, 1, 2, 3, 4, 5]);
    }
    all.forEach(({ unsubscribe }) => unsubscribe());
    await allDeleted(simulator);
  });

  it('a refused newcomer does not disturb live statistics', async () => {
    const simulator = await startSimulator({ agents: 3 });
    const client = startClient(simulator.url);
    const good = [0, 1, 2].map((index) => record(client.statistic$('InboundCalls', agent(index))));
    await until('they live', () => good.every(({ values }) => values.length === 1));
    const [first] = simulator.ledger.opened;
    const bad = record(client.statistic$('NoSuchStatistic', agent(0)));
    await until('it is refused', () => bad.error !== undefined);
    await answered(simulator, 'read', 2);
    expect(simulator.ledger.opened).toEqual([first]);
    expect(simulator.ledger.deleted).toEqual([]);
    expect(good.every(({ error }) => error === undefined)).toBe(true);
  });

  it('leaving while a merge is on its way leaks nothing', async () => {
    const simulator = await startSimulator({ agents: 4 });
    const client = startClient(simulator.url);
    const first = record(client.statistic$('InboundCalls', agent(0)));
    await until('it lives', () => first.values.length === 1);
    simulator.fault({ kind: 'delay', operation: 'open', ms: 50 });
    const second = record(client.statistic$('InboundCalls', agent(1)));
    await until('the merge is on its way', () => simulator.ledger.count('open') === 2);
    first.unsubscribe();
    second.unsubscribe();
    await until('both are deleted', () => simulator.ledger.opened.length === 2 && simulator.ledger.deleted.length === 2);
  });
});
