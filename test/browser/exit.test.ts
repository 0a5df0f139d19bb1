/** F83: a page that is left deletes what it has open, and one that comes out of the back-forward cache is live again. */
import { expect, it } from 'vitest';
import { describeInChromium, observe, unhurried, type PageGlobals, type Tab } from '../support/chromium.js';
import { allDeleted, answered, numberValue, sales, startSimulator, until } from '../support/journey.js';

const waiting = { name: 'Current_In_Queue', ...sales };

/** More than the six connections that a browser has for a host, and few enough for a busy machine to send before it ends a closed page. */
const many = Array.from({ length: 23 }, (_, index) => ({ objectId: `agent${String(index + 1).padStart(4, '0')}`, objectType: 'Agent' }));

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
    const simulator = await startSimulator({ apiKey: 'a-key-of-eight', agents: many.length });
    const tab = await chromium.openTab();
    // A browser has six connections for a host: on a busy machine an opening may wait for its turn.
    await observe(tab, { baseUrl: simulator.url, ...unhurried, apiKey: 'a-key-of-eight', request: { timeout: 20_000 }, batch: { size: 1 } });
    await tab.run((agents) => {
      const { client, seen } = globalThis as unknown as PageGlobals;
      agents.forEach((agent) => client.statistic$('InboundCalls', agent).subscribe(({ objectId }) => seen.push(objectId)));
    }, many);
    await until('all are open', () => simulator.ledger.open.length === 1 + many.length);
    await answered(simulator, 'read', 1);
    await tab.close();
    await allDeleted(simulator);
    expect(simulator.ledger.deleted).toHaveLength(1 + many.length);
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
