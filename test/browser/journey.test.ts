/** The whole client in a page of another origin than the API's: live values, sharing, credentials, and a network that goes and comes. */
import { expect, it } from 'vitest';
import { allDeleted, answered, numberValue, sales, startSimulator } from '../support/journey.js';
import { describeInChromium, observe, unhurried, type PageGlobals } from '../support/chromium.js';

const waiting = { name: 'Current_In_Queue', ...sales };

describeInChromium('in Chromium', (chromium) => {
  it('G1, G2, G3, G5: statistic$ is live, a late joiner gets the value at once, and the last to leave deletes', async () => {
    const simulator = await startSimulator();
    simulator.set(waiting, numberValue(1));
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: simulator.url, ...unhurried });
    await tab.untilSeen('the first value', (seen) => seen.includes(1));
    simulator.set(waiting, numberValue(2));
    expect(await tab.untilSeen('the second', (seen) => seen.includes(2))).toEqual(['pending', 1, 'live', 2, 'live']);
    const late = await tab.run(() => {
      const { client, library } = globalThis as unknown as PageGlobals;
      const values: unknown[] = [];
      client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(library.numeric()).subscribe((value) => values.push(value)).unsubscribe();
      return values;
    });
    expect(late).toEqual([2]);
    expect(simulator.ledger.count('open')).toBe(1);
    await tab.run(() => (globalThis as unknown as PageGlobals).client.close());
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('G3: unsubscribing deletes after the linger', async () => {
    const simulator = await startSimulator();
    const tab = await chromium.openTab();
    await tab.run((given) => {
      const { library, seen } = globalThis as unknown as PageGlobals;
      const client = library.createStatisticsClient(given);
      const subscription = client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe((value) => {
        seen.push(value);
        queueMicrotask(() => subscription.unsubscribe());
      });
    }, { baseUrl: simulator.url, ...unhurried });
    await allDeleted(simulator);
    expect(simulator.ledger.opened).toHaveLength(1);
  });

  it('G11: the key, the token and the session cookie go across origins, after a preflight that is asked as CORS demands', async () => {
    const simulator = await startSimulator({ apiKey: 'a-key-of-eight', token: 'a-token-of-ten' });
    const tab = await chromium.openTab();
    await observe(tab, { baseUrl: simulator.url, ...unhurried, apiKey: 'a-key-of-eight', token: 'a-token-of-ten' });
    await answered(simulator, 'read', 2);
    const { origin } = new URL(chromium.home);
    const { requests } = simulator.ledger;
    expect(requests[0]).toMatchObject({ operation: 'options', headers: { origin, 'access-control-request-method': 'POST' } });
    for (const { headers } of requests.filter(({ operation }) => operation !== 'options')) {
      expect(headers).toMatchObject({ origin, 'x-api-key': 'a-key-of-eight', authorization: 'Bearer a-token-of-ten' });
    }
    for (const { headers } of requests.filter(({ operation }) => operation === 'read')) {
      expect(headers['cookie']).toMatch(/STATISTICS_SESSIONID=/);
    }
  });

  it('F72, G7: offline it keeps its value and opens nothing; online again it catches up without waiting for its backoff', async () => {
    const simulator = await startSimulator();
    simulator.set(waiting, numberValue(1));
    const tab = await chromium.openTab();
    // A backoff that no test would live to see the end of.
    await observe(tab, { baseUrl: simulator.url, ...unhurried, retry: { minTimeout: 100_000, maxTimeout: 1_000_000 } });
    await tab.run(() => {
      const { client, seen } = globalThis as unknown as PageGlobals;
      client.events$.subscribe(({ type }) => type === 'retrying' && seen.push(type));
    });
    await tab.untilSeen('the first value', (seen) => seen.includes(1));
    await tab.setOffline(true);
    await tab.untilSeen('a poll has failed', (seen) => seen.includes('retrying'));
    simulator.set(waiting, numberValue(2));
    const reads = simulator.ledger.count('read');
    await tab.setOffline(false);
    expect(await tab.untilSeen('the second value', (seen) => seen.includes(2))).toEqual(['pending', 1, 'live', 'retrying', 2, 'live']);
    expect(simulator.ledger.count('read')).toBeGreaterThan(reads);
    expect(simulator.ledger.count('open')).toBe(1);
  });
});
