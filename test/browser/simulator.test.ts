/** The simulator within a page: bundled for browsers, no server anywhere, and a whole client on it. */
import { expect, it } from 'vitest';
import type * as simulation from '../../src/simulator/index.js';
import { bundle } from '../support/bundle.js';
import { describeInChromium, unhurried, type PageGlobals } from '../support/chromium.js';

const program = `
  import * as library from 'genesys-statistics-rx';
  import * as simulation from 'genesys-statistics-rx/simulator';
  Object.assign(globalThis, { library, simulation, seen: [] });
`;

interface SimulatorGlobals extends PageGlobals {
  readonly simulation: typeof simulation;
  simulator: simulation.Simulator;
}

describeInChromium('in Chromium', (chromium) => {
  it('F210: createSimulator({ listen: false }) runs a contact centre in the page, and a client on its transport', async () => {
    const tab = await chromium.openTab();
    await tab.run(async (given) => {
      const page = globalThis as unknown as SimulatorGlobals;
      page.simulator = await page.simulation.createSimulator({ listen: false, apiKey: 'a-key-of-eight', clock: 'manual' });
      const waiting = { name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' };
      page.simulator.set(waiting, 3);
      page.client = page.library.createStatisticsClient({ baseUrl: page.simulator.url, transport: page.simulator.transport, apiKey: 'a-key-of-eight', ...given });
      page.client.statistic$(waiting.name, waiting).pipe(page.library.numeric()).subscribe((value) => {
        page.seen.push(value);
        page.simulator.set(waiting, 4);
      });
    }, unhurried);
    await tab.untilSeen('both values', (seen) => seen.includes(4));
    const left = await tab.run(async () => {
      const { client, simulator, seen } = globalThis as unknown as SimulatorGlobals;
      await client.close();
      return { seen, open: simulator.ledger.open, opened: simulator.ledger.opened.length, answered: simulator.centre.queues()[0]?.answered };
    });
    expect(left).toMatchObject({ seen: [3, 4], open: [], opened: 1 });
    expect(left.answered).toBeGreaterThan(0);
  });

  it('F210: listening in a page is refused, naming the option', async () => {
    const tab = await chromium.openTab();
    const refused = await tab.run(() => (globalThis as unknown as SimulatorGlobals).simulation.createSimulator().then(() => 'listens', (error: unknown) => String(error)));
    expect(refused).toMatch(/cannot listen on this platform: pass \{ listen: false \}/);
  });
}, program);

it('F210: the module graph for browsers has nothing of Node', async () => {
  const { code, files } = await bundle(`import { createSimulator } from 'genesys-statistics-rx/simulator'; globalThis.simulator = await createSimulator({ listen: false });`);
  expect(code).not.toMatch(/node:/);
  expect(files.map(({ path }) => path).filter((path) => !path.startsWith('dist/simulator/') && path !== '<stdin>')).toEqual([]);
  expect(files.map(({ path }) => path)).not.toContain('dist/simulator/platform/listen.node.js');
});
