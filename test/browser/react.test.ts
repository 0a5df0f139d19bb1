/** The hook of docs/guides/frameworks.md in a page, by React itself: strict, re-targeted and unmounted. */
import { expect } from 'vitest';
import { it } from 'vitest';
import { allDeleted, numberValue, sales, startSimulator } from '../support/journey.js';
import { describeInChromium, unhurried } from '../support/chromium.js';

interface Page {
  show(queue: string | undefined): void;
  start(options: object): void;
  readonly seen: unknown[];
}

const program = `
  import { createElement, StrictMode, useMemo } from 'react';
  import { createRoot } from 'react-dom/client';
  import { createStatisticsClient, numeric } from 'genesys-statistics-rx';
  import { useStream } from './examples/frameworks/react.ts';
  const seen = [];
  let client;
  const root = createRoot(document.body.appendChild(document.createElement('main')));
  function Waiting({ queue }) {
    const stream$ = useMemo(() => client.statistic$('Current_In_Queue', { objectId: queue, objectType: 'Queue' }).pipe(numeric()), [queue]);
    const waiting = useStream(stream$);
    const line = queue + ': ' + waiting;
    if (seen.at(-1) !== line) seen.push(line);
    return createElement('p', null, line);
  }
  Object.assign(globalThis, {
    seen,
    start: (options) => (client = createStatisticsClient(options)),
    show: (queue) => root.render(queue === undefined ? null : createElement(StrictMode, null, createElement(Waiting, { queue }))),
  });
`;

describeInChromium('React in Chromium', (chromium) => {
  it('shows each value, never one queue’s under another’s name, and unsubscribes when the component goes', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(1));
    simulator.set({ name: 'Current_In_Queue', ...sales, objectId: 'Support@SIP' }, numberValue(7));
    const tab = await chromium.openTab();
    await tab.run((options) => (globalThis as unknown as Page).start(options), { baseUrl: simulator.url, ...unhurried });
    await tab.run(() => (globalThis as unknown as Page).show('Sales@SIP'));
    await tab.untilSeen('the first value', (seen) => seen.includes('Sales@SIP: 1'));
    await tab.run(() => (globalThis as unknown as Page).show('Support@SIP'));
    const seen = await tab.untilSeen('the other queue', (lines) => lines.includes('Support@SIP: 7'));
    expect(seen).toEqual(['Sales@SIP: undefined', 'Sales@SIP: 1', 'Support@SIP: undefined', 'Support@SIP: 7']);
    await tab.run(() => (globalThis as unknown as Page).show(undefined));
    await allDeleted(simulator);
    expect(simulator.ledger.opened.length).toBeLessThanOrEqual(2);
  });
}, program);
