/** As much CometD as the vendor's client needs, and the vendor's client itself, in a process of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ask, closeAt, sales, start, type Json } from './support.js';

describe('Bayeux', () => {
  it('handshake, subscribe, connect, disconnect', async () => {
    const simulator = await start();
    const send = async (path: string, ...messages: object[]): Promise<Json> =>
      (await ask(simulator, `/notifications${path}`, { method: 'POST', body: messages })).json;
    const [hello] = await send('/handshake', { id: '1', channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] });
    expect(hello).toMatchObject({ id: '1', channel: '/meta/handshake', successful: true, clientId: expect.any(String), advice: { reconnect: 'retry' } });
    const { clientId } = hello;
    expect(await send('/', { id: '2', channel: '/meta/subscribe', subscription: '/statistics/v3/updates', clientId }, { channel: '/foo', clientId }))
      .toMatchObject([{ id: '2', successful: true, subscription: '/statistics/v3/updates' }, { successful: false }]);
    expect(await send('/connect', { channel: '/meta/connect', clientId, advice: { timeout: 0 } })).toMatchObject([{ successful: true }]);
    const held = send('/connect', { id: '3', channel: '/meta/connect', clientId });
    while (simulator.ledger.count('other') < 4) await new Promise((resolve) => setImmediate(resolve));
    const newer = send('/connect', { id: '4', channel: '/meta/connect', clientId });
    expect(await held).toMatchObject([{ id: '3', successful: true }]);
    expect(await send('/disconnect', { channel: '/meta/disconnect', clientId })).toMatchObject([{ successful: true }]);
    expect(await newer).toMatchObject([{ id: '4' }]);
    expect(await send('/connect', { channel: '/meta/connect', clientId }))
      .toMatchObject([{ successful: false, error: '402::Unknown client', advice: { reconnect: 'handshake' } }]);
    expect((await ask(simulator, '/notifications', { method: 'POST', body: 'no json' })).status).toBe(400);
  });

  it('a held connect does not outlive its client, nor the simulator', async () => {
    const simulator = await start();
    const [hello] = (await ask(simulator, '/notifications/handshake', { method: 'POST', body: [{ channel: '/meta/handshake' }] })).json;
    const held = ask(simulator, '/notifications/connect', { method: 'POST', body: [{ channel: '/meta/connect', clientId: hello.clientId }] })
      .then(() => 'answered', () => 'broken');
    while (simulator.ledger.requests[1]?.body === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect((await closeAt(simulator, 'x')).status).toBe(200);
    await simulator.close();
    expect(['answered', 'broken']).toContain(await held);
  });
});

it("the vendor's client initialises and makes all five calls", async () => {
  const simulator = await start({ apiKey: 'the-key', token: 'the-token' });
  const statistics = ['a', 'b', 'c'].map((statisticId) => ({ statisticId, name: 'Total_Answered', ...sales }));
  // A process of its own, for it puts a `window` into the global scope.
  const script = `
    const { createRequire } = require('node:module');
    const StatisticsApi = createRequire(${JSON.stringify(import.meta.filename)})('genesys-statistics-client-js');
    const [url, statistics] = JSON.parse(process.argv[1]);
    (async () => {
      const api = new StatisticsApi('the-key', url);
      const early = await api.getStatValue('Total_Answered', 'Sales@SIP', 'Queue').then(() => 200, (error) => error.status);
      await api.initialize('the-token');
      const open = await api.createSubscription('op 1/ü', statistics);
      const all = await api.peekSubscriptionStats('op 1/ü');
      const some = await api.peekSubscriptionStats('op 1/ü', ['a', 'c'], false);
      const one = await api.getStatValue('Total_Answered', 'Sales@SIP', 'Queue');
      const many = await api.getStatValues([{ name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue' }]);
      const closed = await api.deleteSubscription('op 1/ü');
      api.destroy();
      process.stdout.write('RESULT' + JSON.stringify({ early, open, all, some, one, many, closed }), () => process.exit());
    })().catch((error) => { console.error(error); process.exit(1); });`;
  const { stdout } = await promisify(execFile)(
    process.execPath, ['--no-deprecation', '-e', script, JSON.stringify([new URL(simulator.url).origin, statistics])], { timeout: 12_000 },
  );
  const result = JSON.parse(stdout.slice(stdout.indexOf('RESULT') + 6));
  const value = { name: 'Total_Answered', ...sales, value: { intValue: expect.any(Number) } };
  expect(result).toMatchObject({
    early: 403,
    open: { status: { code: 0 }, data: { subscriptionId: 'op 1/ü', statistics: statistics.map((one) => ({ ...one, value: { intValue: expect.any(Number) } })) } },
    all: { data: { statistics: [{ statisticId: 'a' }, { statisticId: 'b' }, { statisticId: 'c' }] } },
    some: { data: { statistics: [{ statisticId: 'a' }, { statisticId: 'c' }] } },
    one: { data: { statistic: value } },
    many: { data: { statistics: [value] } },
    closed: { status: { code: 0 } },
  });
  expect(result.some.data.statistics[0].name).toBeUndefined();
  expect(simulator.ledger).toMatchObject({ opened: ['op 1/ü'], deleted: ['op 1/ü'], open: [] });
  const rest = simulator.ledger.requests.filter(({ operation }) => operation !== 'other').slice(1);
  expect(rest.map(({ operation }) => operation)).toEqual(['open', 'read', 'read', 'peek', 'peekAll', 'close']);
  // One cookie jar for CometD and REST.
  rest.forEach(({ headers }) => expect(headers['cookie']).toMatch(/^STATISTICS_SESSIONID=/));
});
