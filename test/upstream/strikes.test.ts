/** G8 and G9 in virtual time: after how many failures a batch is divided, or a subscription opened anew, and how soon. */
import { describe, expect, it } from 'vitest';
import type { TransportRequest } from '../../src/index.js';
import { record } from '../support/journey.js';
import { askedFor, reply } from '../support/memory-server.js';
import { closeRig, startRig, type Rig } from '../support/rig.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const poll = { interval: 5000, maxInterval: 5000 };
const isPoll = ({ method }: TransportRequest): boolean => method === 'GET';

/** A subscription that has had a healthy poll, and when it was polled and opened from now on. */
async function startHealthy(): Promise<{ rig: Rig; since: (method: string) => number[] }> {
  const rig = startRig({ poll });
  const { clock, server, client } = rig;
  record(client.statistic$('a', sales));
  await clock.advance(11_000);
  clock.chance = 1;
  const [from, already] = [clock.monotonic(), server.requests.length];
  return { rig, since: (method) => server.requests.slice(already).filter((request) => request.method === method).map(({ at }) => at - from) };
}

describe('a subscription that was healthy', () => {
  it('G9: that the server says is gone is opened anew at once', async () => {
    const { rig, since } = await startHealthy();
    rig.server.forget();
    await rig.clock.advance(5000);
    expect(since('POST')).toEqual(since('GET'));
    expect(since('POST')).toHaveLength(1);
    await closeRig(rig);
  });

  it('G9: whose polls fail is opened anew after the fourth on end, and after a backoff, for it may be well', async () => {
    const { rig, since } = await startHealthy();
    rig.server.fault = (request) => (isPoll(request) ? reply(500) : undefined);
    await rig.clock.advance(25_000);
    const [first = 0, ...others] = since('GET').slice(0, 4);
    expect(others.map((at) => at - first)).toEqual([1000, 3000, 7000]);
    expect(since('POST').map((at) => at - first)).toEqual([15_000]);
    await closeRig(rig);
  });

  it('G9: whose failures are not on end is not', async () => {
    const { rig, since } = await startHealthy();
    let polls = 0;
    rig.server.fault = (request) => (isPoll(request) && ++polls % 4 !== 0 ? reply(500) : undefined);
    await rig.clock.advance(120_000);
    expect(polls).toBeGreaterThan(20);
    expect(since('POST')).toEqual([]);
    await closeRig(rig);
  });

  it('G9: nor is one that an outage of the network cuts off', async () => {
    const { rig, since } = await startHealthy();
    rig.server.fault = (request) => (isPoll(request) ? Promise.reject(new Error('reset')) : undefined);
    await rig.clock.advance(600_000);
    expect(since('GET').length).toBeGreaterThan(10);
    expect(since('POST')).toEqual([]);
    await closeRig(rig);
  });
});

describe('a subscription that has had no healthy poll', () => {
  it('F37: is opened anew after a backoff that an opening does not reset', async () => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    clock.chance = 1;
    server.fault = (request) => (isPoll(request) ? reply(404) : undefined);
    record(client.statistic$('a', sales));
    await clock.advance(120_000);
    const opens = server.requests.filter(({ method }) => method === 'POST').map(({ at }) => at);
    // Each lives for an interval before it is polled.
    expect(opens.slice(1, 6).map((at, index) => at - (opens[index] ?? 0) - poll.interval)).toEqual([1000, 2000, 4000, 8000, 16_000]);
    await closeRig(rig);
  });
});

describe('a batch', () => {
  it.each([['a 5xx', 503, { status: { code: 503 } }], ['a 200 with a failure code', 200, { status: { code: 7 } }]])('G8: whose opening is answered with %s three times on end is divided, not before', async (_, status, body) => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    const sizes: number[] = [];
    server.fault = (request) => {
      if (request.method !== 'POST') {
        return undefined;
      }
      sizes.push(askedFor(request).length);
      return sizes.length !== 2 && askedFor(request).length > 1 ? reply(status, body) : sizes.length === 2 ? Promise.reject(new Error('reset')) : undefined;
    };
    const both = ['a', 'b'].map((name) => record(client.statistic$(name, sales)));
    await clock.advance(30_000);
    // The second, which did not get through, says nothing: the count begins anew.
    expect(sizes.slice(0, 7)).toEqual([2, 2, 2, 2, 2, 1, 1]);
    expect(both.map(({ values }) => values.length)).toEqual([1, 1]);
    await closeRig(rig);
  });
});
