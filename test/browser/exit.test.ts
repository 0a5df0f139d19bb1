/** F83: a page that is left deletes what it has open, and one that comes out of the back-forward cache is live again. */
import { expect, it } from 'vitest';
import type { StatisticRequest } from '../../src/index.js';
import { describeInChromium, observe, unhurried, type PageGlobals, type Tab } from '../support/chromium.js';
import { allDeleted, answered, numberValue, sales, startSimulator, support, until } from '../support/journey.js';

const waiting = { name: 'Current_In_Queue', ...sales };

/** As many sets, each of which is a subscription of its own, as two queues give: one for each choice of six statistics. */
function manySets(): StatisticRequest[][] {
  const statistics = [sales, support].flatMap((queue) => ['Total_Answered', 'Total_Abandoned', 'Current_In_Queue'].map((name) => ({ name, ...queue })));
  return Array.from({ length: 2 ** statistics.length - 1 }, (_, choice) => statistics.filter((_, index) => ((choice + 1) >> index) % 2 === 1));
}

/** Notes how the page comes back: with what it held, or anew. */
async function noteRestore(tab: Tab): Promise<void> {
  await tab.run(() => addEventListener('pageshow', ({ persisted }) => (globalThis as unknown as PageGlobals).seen.push(`restored: ${persisted}`)));
}

describeInChromium('F83, in Chromium', (chromium) => {
  it('left for the back-forward cache it deletes, restored it opens anew: no error, no value twice', async () => {
    const simulator = await startSimulator();
    simulator.set(waiting, numberValue(1));
    const tab = await chromium.openTab();
    await noteRestore(tab);
    await observe(tab, { baseUrl: simulator.url, ...unhurried });
    await tab.untilSeen('a value', (seen) => seen.includes(1));
    await tab.goTo(chromium.elsewhere);
    await allDeleted(simulator);
    const asked = simulator.ledger.count('read');
    await tab.goBack();
    await tab.untilSeen('it is back as it was, and not loaded anew', (seen) => seen.includes('restored: true'));
    await until('it is open again', () => simulator.ledger.opened.length === 2);
    await answered(simulator, 'read', 2);
    simulator.set(waiting, numberValue(2));
    const seen = await tab.untilSeen('the next value', (all) => all.includes(2));
    expect(seen).toEqual(['pending', 1, 'live', 'restored: true', 2, 'live']);
    expect(simulator.ledger.count('read')).toBeGreaterThan(asked);
    await tab.goTo(chromium.elsewhere);
    await allDeleted(simulator);
    expect(simulator.ledger.opened).toHaveLength(2);
  });

  it('a poll under way keeps it neither from deleting nor from being restored', async () => {
    const simulator = await startSimulator();
    const tab = await chromium.openTab();
    await noteRestore(tab);
    await observe(tab, { baseUrl: simulator.url, ...unhurried, request: { timeout: 60_000 } });
    await answered(simulator, 'read', 1);
    const release = simulator.fault({ kind: 'hang', operation: 'read' });
    const polls = simulator.ledger.count('read');
    await until('a poll hangs', () => simulator.ledger.requests.some(({ operation, status }) => operation === 'read' && status === undefined) && simulator.ledger.count('read') > polls);
    await tab.goTo(chromium.elsewhere);
    await allDeleted(simulator);
    await tab.goBack();
    await tab.untilSeen('it is back', (seen) => seen.includes('restored: true'));
    await until('it is open again', () => simulator.ledger.opened.length === 2);
    release();
  });

  it('closed for good it deletes all it has open, across origins, after a preflight', async () => {
    const simulator = await startSimulator({ apiKey: 'a-key-of-eight' });
    const tab = await chromium.openTab();
    // A browser has six connections for a host: on a busy machine an opening may wait for its turn.
    await observe(tab, { baseUrl: simulator.url, ...unhurried, apiKey: 'a-key-of-eight', request: { timeout: 20_000 } });
    await tab.run((sets) => {
      const { client, seen } = globalThis as unknown as PageGlobals;
      sets.forEach((set) => client.subscription$(set).subscribe((values) => seen.push(values.length)));
    }, manySets());
    await until('all are open', () => simulator.ledger.open.length === 1 + manySets().length);
    await answered(simulator, 'read', 1);
    await tab.close();
    await allDeleted(simulator);
    expect(simulator.ledger.deleted).toHaveLength(1 + manySets().length);
  });

  it('an opening under way is deleted by its operationId', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'hang', operation: 'open' });
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: simulator.url, ...unhurried, request: { timeout: 60_000 } });
    await until('the POST has come', () => simulator.ledger.requests.some(({ operation, body }) => operation === 'open' && body !== undefined));
    const { body } = simulator.ledger.requests.find(({ operation }) => operation === 'open') ?? {};
    const { operationId } = JSON.parse(body ?? '') as { operationId: string };
    await tab.close();
    await until('the DELETE has come', () => simulator.ledger.count('close') === 1);
    expect(simulator.ledger.requests.find(({ operation }) => operation === 'close')?.subscriptionId).toBe(operationId);
  });

  it('reloaded, it leaves nothing of before', async () => {
    const simulator = await startSimulator();
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: simulator.url, ...unhurried });
    await tab.untilSeen('a value', (seen) => seen.includes('live'));
    await tab.run(() => location.reload());
    await allDeleted(simulator);
    expect(simulator.ledger.opened).toHaveLength(1);
  });
});
