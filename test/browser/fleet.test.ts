/** Tabs of one origin as a fleet, in a real Chromium: one client to the server, whichever tab is closed, hidden or frozen. */
import { expect, it } from 'vitest';
import type { createFleetClient } from '../../src/fleet/index.js';
import type { Simulator } from '../../src/simulator/index.js';
import type { tabsBus } from '../../src/tabs/index.js';
import { describeInChromium, type Chromium, type PageGlobals, type Tab } from '../support/chromium.js';
import { numberValue, sales, startSimulator, until } from '../support/journey.js';

interface FleetGlobals extends PageGlobals {
  readonly createFleetClient: typeof createFleetClient;
  readonly tabsBus: typeof tabsBus;
}

const program = `
  import * as library from 'genesys-statistics-rx';
  import { createFleetClient } from 'genesys-statistics-rx/fleet';
  import { tabsBus } from 'genesys-statistics-rx/tabs';
  Object.assign(globalThis, { library, createFleetClient, tabsBus, seen: [] });
`;

const options = { lease: 1000, poll: { interval: 20, maxInterval: 20, staleAfter: 60_000 }, retry: { minTimeout: 10, maxTimeout: 80 }, sharing: { linger: 30 }, request: { timeout: 5000 } };

async function openMember(chromium: Chromium, { url }: Simulator): Promise<Tab> {
  const tab = await chromium.openTab();
  await tab.run((given) => {
    const page = globalThis as unknown as FleetGlobals;
    page.client = page.createFleetClient({ ...given, bus: page.tabsBus({ name: 'test' }) });
    page.client
      .statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' })
      .pipe(page.library.numeric())
      .subscribe({ next: (value) => page.seen.push(value), error: (error: unknown) => page.seen.push(String(error)) });
  }, { ...options, baseUrl: url });
  return tab;
}

async function all(simulator: Simulator, tabs: readonly Tab[], value: number): Promise<void> {
  simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(value));
  await Promise.all(tabs.map((tab) => tab.untilSeen(`${value} in every tab`, (seen) => seen.at(-1) === value)));
}

describeInChromium('a fleet of tabs', (chromium) => {
  it('G14: four tabs have one upstream; the leading one is closed, and another leads', async () => {
    const simulator = await startSimulator();
    const first = await openMember(chromium, simulator);
    await all(simulator, [first], 1);
    const others = [await openMember(chromium, simulator), await openMember(chromium, simulator), await openMember(chromium, simulator)];
    await all(simulator, [...others], 2);
    expect(simulator.ledger.opened.length - simulator.ledger.deleted.length).toBe(1);
    await first.close();
    await all(simulator, others, 3);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
  });

  it('F247: a hidden leader hands over to a visible tab, and back', { timeout: 90_000 }, async () => {
    const simulator = await startSimulator();
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
