/** F161: one limit for all requests of a client, of every kind. Waiting does no harm to a request. */
import { describe, expect, it } from 'vitest';
import { createPageLifecycle } from '../../src/time/page-lifecycle.js';
import { createClientOn } from '../support/client-on.js';
import { createFakePage } from '../support/fake-page.js';
import { eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { createMemoryServer } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';
import { startScriptedServer } from '../support/scripted-server.js';
import { createVirtualClock, settle } from '../support/virtual-clock.js';

const statistic = (index: number) => ({ name: `statistic ${index}`, ...sales });

describe('F161: a hundred statistics, each in an upstream of its own', () => {
  it('are opened, polled, peeked at and deleted with no more requests at once than the limit, over few sockets', async () => {
    const server = await startScriptedServer();
    let underWay = 0;
    let most = 0;
    server.script = () => ({ send, serve }) => {
      most = Math.max(most, ++underWay);
      setTimeout(() => {
        underWay--;
        send(serve());
      }, 5);
    };
    const client = startClient(server.url, { batch: { window: 2, size: 1 }, poll: { interval: 600_000, maxInterval: 600_000 }, request: { timeout: 30_000 }, sharing: { maxIdle: 100, linger: 1 } });
    const all = Array.from({ length: 100 }, (_, index) => record(client.statistic$(statistic(index).name, sales)));
    const peeks = Array.from({ length: 30 }, (_, index) => record(client.peek$(statistic(index).name, sales)));
    await until('all have a value', () => [...all, ...peeks].every(({ values }) => values.length > 0));
    client.refresh();
    await until('all are polled', () => server.of('read').length >= 100 && underWay === 0);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await until('all are deleted', () => server.node.opened.length > 0 && server.node.opened.every((id) => server.node.deleted.includes(id)));
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(16);
    // Node's fetch may open another socket before it has returned the last one to its pool.
    expect(server.sockets.most).toBeLessThanOrEqual(64);
  }, 60_000);

  it('never have more requests at once than request.concurrency', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'delay', operation: 'open', ms: 5, times: Infinity });
    const client = startClient(simulator.url, { batch: { window: 2, size: 1 }, request: { timeout: 5000, concurrency: 2 } });
    const all = ['Total_Answered', 'Total_Abandoned', 'Current_In_Queue', 'AverageWaitingTime'].map((name) => record(client.statistic$(name, sales)));
    await until('all have a value', () => all.every(({ values }) => values.length > 0));
    const moments = simulator.ledger.requests.flatMap(({ at, answeredAt = Infinity }) => [{ time: at, change: 1 }, { time: answeredAt, change: -1 }]);
    moments.sort((one, other) => one.time - other.time || one.change - other.change);
    let now = 0;
    expect(Math.max(...moments.map(({ change }) => (now += change)))).toBeLessThanOrEqual(2);
  });
});

describe('F161: a request that waits for others', () => {
  it('has its full timeout from the moment it is sent', async () => {
    const rig = startRig({ latency: 900, request: { timeout: 1000, concurrency: 1 } });
    const peeks = Array.from({ length: 5 }, () => record(rig.client.peekAll$([{ name: 'a', ...sales }])));
    await rig.clock.advance(4499);
    expect(peeks.map(({ values }) => values.length)).toEqual([1, 1, 1, 1, 0]);
    await rig.clock.advance(1);
    expect(peeks.map(({ values, error }) => [values.length, error])).toEqual(peeks.map(() => [1, undefined]));
  });

  it('is not sent if no caller needs it any more, and delays no other', async () => {
    const rig = startRig({ latency: 100, request: { concurrency: 1 }, batch: { size: 1 }, sharing: { linger: 0 } });
    const { clock, server, client } = rig;
    const peeks = ['a', 'b', 'c'].map((name) => record(client.peek$(name, sales)));
    const opened = record(client.statistic$('d', sales));
    await clock.advance(50);
    peeks[1]?.unsubscribe();
    opened.unsubscribe();
    await clock.advance(1000);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /statistic-values/a', 'GET /statistic-values/c']);
    await closeRig(rig);
  });

  it('makes no value stale by waiting alone', async () => {
    const rig = startRig({ latency: 4000, request: { timeout: 5000, concurrency: 1 }, batch: { size: 1 }, poll: { interval: 5000, maxInterval: 5000, staleAfter: 20_000 } });
    const { clock, client } = rig;
    const states = Array.from({ length: 20 }, (_, index) => record(client.statisticState$(statistic(index).name, sales)));
    await clock.advance(600_000);
    // A round of all polls takes 80 s.
    const seen = states.map(({ values }) => values.map(({ status }) => status));
    expect(seen).toEqual(seen.map(() => ['pending', 'live']));
  });

  it('does not keep values live if the server has gone silent', async () => {
    const rig = startRig({ request: { timeout: 5000, concurrency: 1 }, batch: { size: 1 }, poll: { interval: 5000, maxInterval: 5000, staleAfter: 20_000 } });
    const { clock, server, client } = rig;
    const states = Array.from({ length: 20 }, (_, index) => record(client.statisticState$(statistic(index).name, sales)));
    await clock.advance(10_000);
    server.fault = () => 'silent';
    await clock.advance(31_000);
    expect(states.map(({ values }) => values.at(-1)?.status)).toEqual(states.map(() => 'stale'));
  });
});

describe('F161: requests of one kind that hang', () => {
  it('do not delay other kinds: polls go on beside a hundred DELETEs that are not answered', async () => {
    const rig = startRig({ batch: { size: 1 }, sharing: { maxIdle: 200, linger: 1 }, poll: { maxInterval: 5000 } });
    const { clock, server, client } = rig;
    const leaving = Array.from({ length: 100 }, (_, index) => record(client.subscription$([statistic(index)])));
    record(client.subscription$([statistic(100)]));
    await clock.advance(30_000);
    server.fault = ({ method }) => (method === 'DELETE' ? 'silent' : undefined);
    leaving.forEach(({ unsubscribe }) => unsubscribe());
    const before = server.count('GET');
    await clock.advance(50_000);
    expect(server.count('GET') - before).toBe(10);
  });

  it('G13: many unanswered DELETEs keep the process alive little longer than a single one', async () => {
    const rig = startRig({ batch: { size: 1 }, sharing: { maxIdle: 500, linger: 1 } });
    const { clock, server, client } = rig;
    const all = Array.from({ length: 500 }, (_, index) => record(client.subscription$([statistic(index)])));
    await clock.advance(1000);
    const orphaned = eventsOf(client, 'orphaned');
    server.fault = () => new Promise(() => undefined);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(9000);
    expect(server.count('DELETE')).toBeLessThanOrEqual(16);
    await clock.advance(120_000);
    expect(orphaned).toHaveLength(500);
    expect(clock.pending).toEqual([]);
  });

  it('are limited again as soon as the server answers', async () => {
    const rig = startRig({ batch: { size: 1 }, sharing: { maxIdle: 500, linger: 1 } });
    const { clock, server, client } = rig;
    const all = Array.from({ length: 101 }, (_, index) => record(client.subscription$([statistic(index)])));
    await clock.advance(1000);
    server.fault = ({ method }) => (method === 'DELETE' ? new Promise(() => undefined) : undefined);
    all[0]?.unsubscribe();
    await clock.advance(11_000);
    server.fault = undefined;
    await clock.advance(20_000);
    expect(server.deleted).toHaveLength(1);
    server.fault = ({ method }) => (method === 'DELETE' ? new Promise(() => undefined) : undefined);
    const before = server.count('DELETE');
    all.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(9000);
    expect(server.count('DELETE') - before).toBeLessThanOrEqual(16);
  });
});

describe('F83: a page that is left', () => {
  it('sends no waiting opening, and deletes its open subscriptions even if the requests under way hang', async () => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const page = createFakePage();
    const options = { baseUrl: 'https://host/statistics/v3', transport: server.transport, batch: { size: 1 }, request: { concurrency: 2 } };
    const client = createClientOn(clock, options, createPageLifecycle(page));
    Array.from({ length: 3 }, (_, index) => record(client.subscription$([statistic(index)])));
    await clock.advance(100);
    server.fault = ({ method }) => (method === 'POST' ? 'silent' : undefined);
    const late = record(client.subscription$([statistic(3)]));
    Array.from({ length: 3 }, (_, index) => record(client.subscription$([statistic(4 + index)])));
    await clock.advance(100);
    expect(server.opened).toHaveLength(5);
    server.fault = undefined;
    page.leave();
    await settle();
    expect(server.opened).toHaveLength(5);
    expect(server.opened.filter((id) => !server.deleted.includes(id))).toEqual([]);
    await clock.advance(60_000);
    expect(server.opened, 'nobody is there').toHaveLength(5);
    page.restore();
    await clock.advance(100);
    expect(late.values).toHaveLength(1);
  });
});
