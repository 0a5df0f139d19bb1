/** F72: a tab that nobody looks at asks rarely or, frozen, not at all; looked at again it catches up with one poll. */
import { expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { describeInChromium, observe, unhurried } from '../support/chromium.js';
import { answered, numberValue, record, sales, startClient, startSimulator, until } from '../support/journey.js';

const waiting = { name: 'Current_In_Queue', ...sales };
/** Requests that came from a page. */
const readsOfPage = ({ ledger }: Simulator) => ledger.requests.filter(({ operation, headers }) => operation === 'read' && headers['origin'] !== undefined);

describeInChromium('F72, in Chromium', (chromium) => {
  it('hidden, it is polled every maxInterval; shown, it catches up with one poll and goes on as before', async () => {
    const simulator = await startSimulator();
    simulator.set(waiting, numberValue(1));
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: simulator.url, ...unhurried, poll: { interval: 100, maxInterval: 1_000_000 } });
    await answered(simulator, 'read', 2);
    await tab.hide();
    // One may have been on its way.
    const before = readsOfPage(simulator).length;
    simulator.set(waiting, numberValue(2));
    // Somebody else, who looks all the time, shows that ten intervals have passed.
    const other = record(startClient(simulator.url, { ...unhurried, poll: { interval: 100, maxInterval: 100 } }).statistic$('Total_Answered', sales));
    await answered(simulator, 'read', 10);
    expect(readsOfPage(simulator).length - before).toBeLessThanOrEqual(1);
    other.unsubscribe();
    simulator.set(waiting, numberValue(3));
    const hidden = readsOfPage(simulator).length;
    await tab.show();
    await tab.untilSeen('the present', (seen) => seen.includes(3));
    await until('another poll', () => readsOfPage(simulator).length >= hidden + 2);
    const [caughtUp, next] = readsOfPage(simulator).slice(hidden);
    expect((next?.at ?? 0) - (caughtUp?.answeredAt ?? 0)).toBeGreaterThanOrEqual(95);
    expect(simulator.ledger.count('open')).toBe(2);
  });

  it('frozen for long, it says stale until it has the present, which it asks for once', async () => {
    const simulator = await startSimulator();
    simulator.set(waiting, numberValue(1));
    const tab = await chromium.openTab();
    // Longer than the second to which Chromium aligns the timers of a hidden page.
    await observe(tab, { baseUrl: simulator.url, ...unhurried, poll: { interval: 20, maxInterval: 50, staleAfter: 1500 } });
    await answered(simulator, 'read', 2);
    await tab.hide();
    await tab.freeze();
    simulator.set(waiting, numberValue(2));
    const oldAt = Date.now() + 1600;
    await until('its values are old', () => Date.now() >= oldAt);
    // What it will meet first: a server that does not answer yet.
    const release = simulator.fault({ kind: 'hang', operation: 'read', times: Infinity });
    await tab.thaw();
    await tab.show();
    await tab.untilSeen('it is reported', (seen) => seen.includes('stale'));
    expect(readsOfPage(simulator).filter(({ status }) => status === undefined).length).toBeLessThanOrEqual(1);
    release();
    const seen = await tab.untilSeen('the present', (all) => all.includes(2) && all.at(-1) === 'live');
    expect(seen.filter((each) => typeof each === 'number')).toEqual([1, 2]);
    expect(seen.slice(seen.indexOf(1), seen.indexOf(2))).toContain('stale');
    expect(simulator.ledger.count('open')).toBe(1);
  });
});
