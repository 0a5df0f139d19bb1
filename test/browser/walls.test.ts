/** The walls in plain TypeScript and in React, bundled, in a page: values, a queue that nobody knows, an outage, and the end. */
import { expect, it } from 'vitest';
import type { StatisticsClientOptions } from '../../src/index.js';
import { describeInChromium, unhurried } from '../support/chromium.js';
import { allDeleted, numberValue, sales, startSimulator } from '../support/journey.js';

interface Page {
  readonly walls: Readonly<Record<'plain' | 'react', (options: StatisticsClientOptions, queues: readonly string[]) => () => Promise<void>>>;
  end: () => Promise<void>;
  readonly seen: unknown[];
}

const program = `
  import { createElement } from 'react';
  import { createRoot } from 'react-dom/client';
  import { createStatisticsClient } from 'genesys-statistics-rx';
  import { showWall } from './examples/wall-plain/wall.ts';
  import { Wall } from './examples/wall-react/wall.ts';
  const seen = [];
  const root = document.body.appendChild(document.createElement('main'));
  new MutationObserver(() => {
    const text = [...root.querySelectorAll('tbody td')].map((cell) => cell.textContent + (cell.dataset.note ?? '')).join('|');
    if (seen.at(-1) !== text) seen.push(text);
  }).observe(root, { childList: true, subtree: true, characterData: true, attributes: true });
  Object.assign(globalThis, { seen, walls: {
    plain: (options, queues) => showWall(root, options, queues),
    react: (options, queues) => {
      const client = createStatisticsClient(options);
      const page = createRoot(root);
      page.render(createElement(Wall, { client, queues }));
      return () => (page.unmount(), client.close());
    },
  } });
`;

describeInChromium('walls without Angular in Chromium', (chromium) => {
  it.each(['plain', 'react'] as const)('F227: the wall in %s shows values, who is unknown, and what is stale; it leaves nothing open', async (kind) => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(3));
    const tab = await chromium.openTab();
    const options = { baseUrl: simulator.url, ...unhurried, poll: { ...unhurried.poll, staleAfter: 500 } };
    await tab.run(
      (given) => {
        const page = globalThis as unknown as Page;
        page.end = page.walls[given.kind](given.options, ['Sales@SIP', 'Nobody@SIP']);
      },
      { kind, options },
    );
    const has = (text: RegExp) => (seen: readonly unknown[]) => text.test(String(seen.at(-1)));
    await tab.untilSeen('the first values', has(/(^|\|)3[^\d].*unknown/));
    // No share is as large, so no other cell can be taken for it.
    simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(312));
    await tab.untilSeen('the next value', has(/(^|\|)312/));
    await simulator.stop();
    await tab.untilSeen('staleness', has(/(^|\|)312 ?STALE/));
    await simulator.start();
    await tab.untilSeen('healing', (seen) => !String(seen.at(-1)).includes('STALE'));
    await tab.run(() => (globalThis as unknown as Page).end());
    await allDeleted(simulator);
    expect(simulator.ledger.open).toEqual([]);
  });
}, program);
