/** Tabs of one origin as a fleet, in a real Chromium: one client to the server, whichever tab is closed, hidden or frozen. */
import { expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { describeInChromium, type Chromium, type Tab } from '../support/chromium.js';
import { joinFleet, program } from '../support/fleet-tabs.js';
import { numberValue, startSimulator, until } from '../support/journey.js';

async function openMember(chromium: Chromium, { url }: Simulator): Promise<Tab> {
  const tab = await chromium.openTab();
  await joinFleet(tab, url);
  return tab;
}

/** Sets the number of both queues, and waits until every tab has seen it. */
async function all(simulator: Simulator, tabs: readonly Tab[], value: number): Promise<void> {
  ['Sales@SIP', 'Support@SIP'].forEach((objectId) => simulator.set({ name: 'Current_In_Queue', objectId, objectType: 'Queue' }, numberValue(value)));
  await Promise.all(tabs.map((tab) => tab.untilSeen(`${value} in every tab`, (seen) => seen.at(-1) === value)));
}

describeInChromium('a fleet of tabs', (chromium) => {
  it('G14, G15: twenty tabs have one upstream; the leading one is closed, another leads, and no tab notices', { timeout: 300_000 }, async () => {
    const simulator = await startSimulator();
    const tabs: Tab[] = [];
    await all(simulator, tabs, 0);
    // One after the other: a browser that loads twenty pages at once starves those that are ready.
    while (tabs.length < 20) {
      tabs.push(await openMember(chromium, simulator));
      await all(simulator, tabs.slice(-1), tabs.length);
    }
    await all(simulator, tabs, 21);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    // Only the last one is visible, so it leads.
    const [ofLeader = ''] = simulator.ledger.open;
    const others = tabs.slice(0, -1);
    await tabs.at(-1)?.close();
    await until('the subscription of the leader is deleted', () => simulator.ledger.deleted.includes(ofLeader));
    await all(simulator, others, 22);
    await all(simulator, others, 23);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    for (const tab of others) {
      const seen = await tab.untilSeen('everything', () => true);
      expect(seen.filter((each) => typeof each !== 'number'), 'errors, and snapshots that are mixed').toEqual([]);
      expect(seen, 'no number twice, and none after a larger one').toEqual([...new Set(seen)].sort((a, b) => Number(a) - Number(b)));
      expect(seen.slice(-3), 'the same in every tab, once all were open').toEqual([21, 22, 23]);
    }
  });

  it('F247: a hidden leader hands over to a visible tab, and back', { timeout: 90_000 }, async () => {
    const simulator = await startSimulator();
    await all(simulator, [], 1);
    const first = await openMember(chromium, simulator);
    await all(simulator, [first], 1);
    const [ofFirst = ''] = simulator.ledger.open;
    // It comes before the first one, which is hidden then.
    const second = await openMember(chromium, simulator);
    await until('the second tab leads', () => simulator.ledger.deleted.includes(ofFirst) && simulator.ledger.open.length === 1);
    await all(simulator, [first, second], 2);
    const [ofSecond = ''] = simulator.ledger.open;
    await first.show();
    await until('the first tab leads again', () => simulator.ledger.deleted.includes(ofSecond) && simulator.ledger.open.length === 1);
    await all(simulator, [first, second], 3);
    expect(await first.untilSeen('all three', (seen) => seen.length >= 3)).toEqual([1, 2, 3]);
  });

  it('F93: the leading tab is frozen: another takes the lead, and the frozen one follows later', async () => {
    const simulator = await startSimulator();
    await all(simulator, [], 1);
    const first = await openMember(chromium, simulator);
    await all(simulator, [first], 1);
    const second = await openMember(chromium, simulator);
    await all(simulator, [second], 2);
    await second.show();
    await first.freeze();
    await all(simulator, [second], 3);
    await first.thaw();
    await all(simulator, [first, second], 4);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
  });
}, program);
