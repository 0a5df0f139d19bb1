/** F77, F80, F81: every DELETE is answered, or reported as orphaned. Few are sent at once, even if hundreds of upstreams end together. */
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { allDeleted, eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { closeRig, expectNothingLeft, startRig } from '../support/rig.js';

const mostAtOnce = 16;

/** The most DELETEs that the server processed at once. */
function atOnce({ ledger }: Simulator): number {
  const deletes = ledger.requests.filter(({ operation }) => operation === 'close');
  const moments = deletes.flatMap(({ at, answeredAt }) => [{ time: at, change: 1 }, ...(answeredAt === undefined ? [] : [{ time: answeredAt, change: -1 }])]);
  // Within the same millisecond, ends count before starts.
  moments.sort((one, other) => one.time - other.time || one.change - other.change);
  let now = 0;
  return Math.max(...moments.map(({ change }) => (now += change)));
}

describe('F81: five hundred upstreams', () => {
  const agents = Array.from({ length: 500 }, (_, index) => ({ objectId: `agent${String(index + 1).padStart(4, '0')}`, objectType: 'Agent' }));

  it.each(['close()', 'the last unsubscribe of each'])('ended by %s at once are all deleted, at most sixteen at a time', async (how) => {
    const simulator = await startSimulator({ agents: 500 });
    const client = startClient(simulator.url, { request: { timeout: 60_000 }, poll: { interval: 60_000 }, sharing: { maxIdle: 500, linger: 1 }, batch: { size: 1 } });
    const all = agents.map((agent) => record(client.subscription$([{ name: 'InboundCalls', ...agent }])));
    await until('all have a snapshot', () => all.every(({ values }) => values.length === 1));
    const heal = simulator.fault({ kind: 'delay', operation: 'close', ms: 15, times: Infinity });
    if (how === 'close()') {
      await client.close();
    } else {
      all.forEach(({ unsubscribe }) => unsubscribe());
      await allDeleted(simulator);
    }
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
    expect(simulator.ledger.count('close')).toBe(500);
    expect(atOnce(simulator)).toBeLessThanOrEqual(mostAtOnce);
    heal();
  });

  it.each([500, 1000])('of %i without an answered DELETE: DELETEs are sent gradually, and close() reports all orphans by its deadline', async (upstreams) => {
    const { clock, server, client } = startRig({ batch: { size: 1 } });
    Array.from({ length: upstreams }, (_, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await clock.advance(100);
    const orphaned = eventsOf(client, 'orphaned');
    const events = record(client.events$);
    server.fault = () => 'silent';
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(1);
    expect(server.count('DELETE')).toBeLessThanOrEqual(mostAtOnce);
    await clock.advance(9990);
    expect(server.count('DELETE')).toBe(upstreams);
    expect(closed).toBe(false);
    await clock.advance(10);
    expect(closed).toBe(true);
    expect(new Set(orphaned.map(({ subscriptionId }) => subscriptionId))).toEqual(new Set(server.opened));
    expect(orphaned).toHaveLength(upstreams);
    expect(events.completed).toBe(true);
    await clock.advance(20_000);
    expect(server.count('DELETE'), 'and is not heard of again').toBe(upstreams);
    expect(clock.pending).toEqual([]);
  });

  it('on a server that needs a second for each DELETE are all sent theirs within the deadline', async () => {
    const { clock, server, client } = startRig({ batch: { size: 1 } });
    Array.from({ length: 500 }, (_, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await clock.advance(100);
    server.fault = ({ method, url }) => {
      if (method !== 'DELETE') {
        return undefined;
      }
      return new Promise((resolve) => clock.after(1000, () => {
        server.deleted.push(url.split('/').at(-1) ?? '');
        resolve(reply(200));
      }));
    };
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(9999);
    expect(closed).toBe(true);
    expectNothingLeft({ clock, server });
  });
});

describe('F80: a DELETE that', () => {
  it.each<[string, number | 'hangs' | 'is reset' | 'fails by its code', number, string]>([
    ['is told 404 was heard', 404, 1, 'deleted'],
    ['is told 410 was heard', 410, 1, 'deleted'],
    ['is forbidden by 403 is tried four times', 403, 4, 'orphaned'],
    ['is in conflict by 409 is tried four times', 409, 4, 'orphaned'],
    ['is locked out by 423 is tried four times', 423, 4, 'orphaned'],
    ['succeeds with a failure code is tried four times', 'fails by its code', 4, 'orphaned'],
    ['is answered 204 was heard', 204, 1, 'deleted'],
    ['is answered 202 was heard', 202, 1, 'deleted'],
    ['is answered by an empty 200 was heard', 200, 1, 'deleted'],
    ['fails with 500 is tried four times', 500, 4, 'orphaned'],
    ['fails with 503 is tried four times', 503, 4, 'orphaned'],
    ['is asked to come later is tried four times', 429, 4, 'orphaned'],
    ['meets a redirect is tried four times', 302, 4, 'orphaned'],
    ['is reset is tried four times', 'is reset', 4, 'orphaned'],
    ['hangs is tried four times', 'hangs', 4, 'orphaned'],
  ])('%s', async (_, fault, times, end) => {
    const { clock, server, client } = startRig({ batch: { size: 1 } });
    const told = record(client.events$);
    const one = record(client.statistic$('a', sales));
    const other = record(client.subscription$([{ name: 'b', ...sales }]));
    await clock.advance(100);
    one.unsubscribe();
    server.fault = ({ method }) => {
      if (method !== 'DELETE') {
        return undefined;
      }
      if (fault === 'fails by its code') {
        return reply(200, '{"status":{"code":7,"message":"made up"}}');
      }
      return typeof fault === 'number' ? reply(fault, fault < 300 ? '' : undefined) : fault === 'hangs' ? new Promise(() => undefined) : Promise.reject(new Error('reset'));
    };
    await clock.advance(200_000);
    expect(server.count('DELETE')).toBe(times);
    const [id] = server.requests.flatMap(({ method, path }) => (method === 'DELETE' ? path.split('/').slice(-1) : []));
    expect(told.values.filter(({ type }) => type === 'deleted' || type === 'orphaned')).toMatchObject([{ type: end, subscriptionId: id }]);
    server.fault = undefined;
    server.value = 1;
    await clock.advance(60_000);
    expect(other.values).toHaveLength(2);
    other.unsubscribe();
    await clock.advance(5000);
    expect(clock.pending).toEqual([]);
  });

  it('gets a 401 is sent again at once with another token', async () => {
    let asked = 0;
    const rig = startRig({ token: () => `token-number-${++asked}` });
    const { clock, server, client } = rig;
    const one = record(client.statistic$('a', sales));
    await clock.advance(100);
    one.unsubscribe();
    server.fault = ({ method, headers }) => (method === 'DELETE' && headers['authorization'] === 'Bearer token-number-1' ? reply(401) : undefined);
    await clock.advance(1000);
    expect(server.count('DELETE')).toBe(2);
    expectNothingLeft(rig);
  });
});

describe('F77: an observer that leaves while the POST is in flight', () => {
  it('among several, of statistics, a set and a state: no POST is aborted, and a DELETE follows each', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { sharing: { linger: 0 }, batch: { window: 0, size: 1 } });
    simulator.fault({ kind: 'delay', operation: 'open', ms: 60, times: 2 });
    const all = [record(client.statistic$('Total_Answered', sales)), record(client.statisticState$('Total_Answered', sales)), record(client.subscription$([{ name: 'Total_Abandoned', ...sales }]))];
    await until('the POSTs are on their way', () => simulator.ledger.count('open') === 2);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await allDeleted(simulator);
    expect(simulator.ledger.requests.map(({ operation, status }) => [operation, status]).sort()).toEqual([['close', 200], ['close', 200], ['open', 200], ['open', 200]]);
  });

  it('which then fails: nothing was opened, and nothing is requested again', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { sharing: { linger: 0 } });
    const undo = simulator.fault({ kind: 'hang', operation: 'open' });
    simulator.fault({ kind: 'status', operation: 'open', status: 503, times: Infinity });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('the POST is on its way', () => simulator.ledger.count('open') === 1);
    one.unsubscribe();
    undo();
    await client.close();
    expect(simulator.ledger.open).toEqual([]);
    expect(simulator.ledger.count('open')).toBe(1);
  });

  it.each(['lost', 'silent'] as const)('whose answer is %s: a DELETE follows by its operationId', async (how) => {
    const rig = startRig({ sharing: { linger: 0 } });
    const { clock, server, client } = rig;
    server.fault = ({ method }) => (method === 'POST' ? how : undefined);
    const one = record(client.statistic$('a', sales));
    await clock.advance(10);
    one.unsubscribe();
    await clock.advance(60_000);
    expect(server.opened).toHaveLength(1);
    expectNothingLeft(rig);
    await closeRig(rig);
  });
});
