/** G8 and G9 in virtual time: the number of failures after which a subscription is reopened, a batch split or the server blamed. */
import { describe, expect, it } from 'vitest';
import type { StatisticsClientOptions, TransportRequest } from '../../src/index.js';
import { eventsOf, record } from '../support/journey.js';
import { askedFor, reply, type MemoryServer } from '../support/memory-server.js';
import { closeRig, startRig, type Rig } from '../support/rig.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const poll = { interval: 5000, maxInterval: 5000 };
const isPoll = ({ method }: TransportRequest): boolean => method === 'GET';

/** The server answers 500 to reads of an unknown subscription. */
function forgetAndAnswer500(server: MemoryServer): void {
  const known = new Set<string>();
  const forgotten = server.opened.length;
  server.fault = (request) => {
    server.opened.slice(forgotten).forEach((id) => known.add(id));
    return isPoll(request) && ![...known].some((id) => request.url.includes(id)) ? reply(500) : undefined;
  };
}

/** A subscription of two statistics that has had a healthy poll, and the times of its polls and openings from now on. */
async function startHealthy(options: Partial<StatisticsClientOptions> = {}): Promise<{ rig: Rig; since: (method: string) => number[] }> {
  const rig = startRig({ poll, ...options });
  const { clock, server, client } = rig;
  ['a', 'b'].forEach((name) => record(client.statistic$(name, sales)));
  await clock.advance(11_000);
  clock.chance = 1;
  const [from, already] = [clock.monotonic(), server.requests.length];
  return { rig, since: (method) => server.requests.slice(already).filter((request) => request.method === method).map(({ at }) => at - from) };
}

describe('a healthy subscription', () => {
  it('G9: is reopened at once if the server says that it is gone', async () => {
    const { rig, since } = await startHealthy();
    rig.server.forget();
    await rig.clock.advance(5000);
    expect(since('POST')).toEqual(since('GET'));
    expect(since('POST')).toHaveLength(1);
    await closeRig(rig);
  });

  it('F122: is replaced by a probe after the second consecutive 500, and then deleted', async () => {
    const { rig, since } = await startHealthy();
    const reopened = eventsOf(rig.client, 'reopened');
    forgetAndAnswer500(rig.server);
    await rig.clock.advance(15_000);
    const [first = 0, second = 0, third = 0] = since('GET');
    expect([second - first, since('POST'), since('DELETE')]).toEqual([1000, [second], [second]]);
    expect(third - second, 'the successor is polled like any other').toBe(5000);
    const [old, successor] = rig.server.opened;
    expect([reopened, rig.server.deleted]).toMatchObject([[{ subscriptionId: successor, previousId: old }], [old]]);
    await closeRig(rig);
  });

  it.each([5000, 1000, 200])('F122, G9: at an interval of %i ms, observers are back within two intervals and a round trip after the server forgot it', async (interval) => {
    const latency = 10;
    const rig = startRig({ latency, poll: { interval, maxInterval: interval }, seed: 3 });
    const { clock, server, client } = rig;
    const one = record(client.statistic$('a', sales));
    await clock.advance(10 * interval);
    let forgottenAt = Number.NaN;
    server.fault = (request) => {
      if (isPoll(request)) {
        // This is the only poll that is answered.
        forgottenAt = clock.monotonic();
        forgetAndAnswer500(server);
        void server.fault?.(request);
      }
      return undefined;
    };
    await clock.advance(2 * interval);
    server.value = 7;
    await clock.advance(forgottenAt + 2 * interval + latency - clock.monotonic());
    expect([one.values.length, server.opened.length]).toEqual([2, 2]);
    await closeRig(rig);
  });

  it('G9: is not reopened after failures that are not consecutive', async () => {
    const { rig, since } = await startHealthy();
    let polls = 0;
    rig.server.fault = (request) => (isPoll(request) && ++polls % 2 !== 0 ? reply(500) : undefined);
    await rig.clock.advance(120_000);
    expect(polls).toBeGreaterThan(20);
    expect(since('POST')).toEqual([]);
    await closeRig(rig);
  });

  it('G9: survives two 500s with a network failure between them', async () => {
    const { rig, since } = await startHealthy();
    let polls = 0;
    rig.server.fault = (request) => {
      if (!isPoll(request)) {
        return undefined;
      }
      polls++;
      return polls === 2 ? Promise.reject(new Error('reset')) : polls <= 3 ? reply(500) : undefined;
    };
    await rig.clock.advance(30_000);
    expect(polls).toBeGreaterThan(4);
    expect(since('POST')).toEqual([]);
    await closeRig(rig);
  });

  it('G9: survives a long outage of the network', async () => {
    const { rig, since } = await startHealthy();
    rig.server.fault = (request) => (isPoll(request) ? Promise.reject(new Error('reset')) : undefined);
    await rig.clock.advance(600_000);
    expect(since('GET').length).toBeGreaterThan(10);
    expect(since('POST')).toEqual([]);
    await closeRig(rig);
  });

  it('G9: is reopened, after a backoff, with the fourth consecutive answer that is too large or has a failure code', async () => {
    const { rig, since } = await startHealthy();
    rig.server.fault = (request) => (isPoll(request) ? reply(200, { status: { code: 7 } }) : undefined);
    await rig.clock.advance(25_000);
    const [first = 0, ...others] = since('GET').slice(0, 4);
    expect(others.map((at) => at - first)).toEqual([1000, 3000, 7000]);
    expect(since('POST').map((at) => at - first)).toEqual([15_000]);
    await closeRig(rig);
  });

  it('F42: is not probed before a Retry-After is over', async () => {
    const { rig, since } = await startHealthy();
    rig.server.fault = (request) => (isPoll(request) ? reply(503, undefined, { 'retry-after': '20' }) : undefined);
    await rig.clock.advance(50_000);
    expect([since('GET').length, since('POST')]).toEqual([3, []]);
    rig.server.fault = undefined;
    await closeRig(rig);
  });

  it('G3: that loses its observers during a probe is deleted, and so is the successor', async () => {
    const { rig, since } = await startHealthy({ sharing: { linger: 0 } });
    let answer: (() => void) | undefined;
    const { transport } = rig.server;
    rig.server.fault = (request) => {
      if (request.method !== 'POST' || answer !== undefined) {
        return isPoll(request) ? reply(500) : undefined;
      }
      return new Promise((resolve) => (answer = () => void transport(request, new AbortController().signal).then(resolve)));
    };
    await rig.clock.advance(10_000);
    expect([since('POST').length, rig.server.opened.length]).toEqual([1, 1]);
    const closing = rig.client.close();
    await rig.clock.advance(100);
    expect(rig.server.deleted, 'G4: nothing is sent while the POST is in flight').toEqual([]);
    answer?.();
    await rig.clock.advance(100);
    await closing;
    expect(rig.server.deleted).toEqual(rig.server.opened);
    expect(rig.server.opened).toHaveLength(2);
  });
});

describe('F123: a server that answers everything with 500', () => {
  const upstreams = 8;

  it.each(Array.from({ length: 20 }, (_, seed) => seed))('G9: costs at most four openings in six seconds, and no subscription (seed %i)', async (seed) => {
    const rig = startRig({ batch: { size: 1 }, poll, seed });
    const sets = Array.from({ length: upstreams }, (_, index) => record(rig.client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await rig.clock.advance(30_000);
    const before = rig.server.count('POST');
    rig.server.fault = () => reply(500);
    await rig.clock.advance(5000 + 6000);
    expect(rig.server.count('POST') - before).toBeLessThanOrEqual(4);
    await rig.clock.advance(600_000);
    rig.server.fault = undefined;
    rig.server.value = 5;
    const opened = rig.server.count('POST');
    await rig.clock.advance(40_000);
    expect(sets.map(({ values }) => values.length)).toEqual(sets.map(() => 2));
    expect([rig.server.count('POST') - opened, rig.server.opened.length, rig.server.deleted]).toEqual([0, upstreams, []]);
    await closeRig(rig);
  });

  it('G9: is probed less and less often, at last every retry.maxTimeout', async () => {
    const { rig, since } = await startHealthy();
    const opens = (): number => since('POST').length;
    rig.server.fault = () => reply(500);
    await rig.clock.advance(600_000);
    expect(opens()).toBeLessThanOrEqual(600_000 / 30_000 + 6);
    expect(opens()).toBeGreaterThan(10);
    rig.server.fault = undefined;
    await closeRig(rig);
  });

  it('G9: has its subscriptions reopened one after the other once a probe succeeds', async () => {
    const latency = 500;
    const rig = startRig({ batch: { size: 1 }, poll, seed: 1, latency });
    const { clock, server, client } = rig;
    Array.from({ length: upstreams }, (_, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await clock.advance(30_000);
    server.fault = () => reply(500);
    await clock.advance(20_000);
    server.fault = undefined;
    forgetAndAnswer500(server);
    const before = server.requests.length;
    await clock.advance(35_000);
    const opens = server.requests.slice(before).filter(({ method }) => method === 'POST').map(({ at }) => at);
    expect(opens).toHaveLength(upstreams);
    expect(opens.slice(1).every((at, index) => at - (opens[index] ?? 0) >= latency), 'one at a time').toBe(true);
    expect(new Set(server.deleted)).toEqual(new Set(server.opened.slice(0, upstreams)));
    await closeRig(rig);
  });
});

describe('F124, G8: a subscription that the server has forgotten and cannot open again, with a 500 for both', () => {
  it('is given up and split once other subscriptions are answered', async () => {
    const rig = startRig({ poll, batch: { size: 2 } });
    const { clock, server, client } = rig;
    record(client.subscription$(['one', 'other'].map((name) => ({ name, ...sales }))));
    const [good, bad] = ['good', 'bad'].map((name) => record(client.statistic$(name, sales)));
    await clock.advance(30_000);
    const [, batch = ''] = server.opened;
    server.fault = (request) => {
      const asksForBad = askedFor(request).some(({ name }) => name === 'bad');
      return asksForBad || (isPoll(request) && request.url.includes(batch)) ? reply(500) : undefined;
    };
    server.value = 3;
    await clock.advance(200_000);
    expect([good?.values.length, bad?.values.length, bad?.error]).toEqual([2, 1, undefined]);
    expect(server.deleted).toContain(batch);
    server.fault = undefined;
    await closeRig(rig);
  });

  it.each([[['a'], 1], [['a', 'b', 'c'], 2]])('costs %j at most a sample and a probe after a long outage (%i openings)', async (names, openings) => {
    const rig = startRig({ poll, seed: 4 });
    const { clock, server, client } = rig;
    const all = names.map((name) => record(client.statistic$(name, sales)));
    await clock.advance(30_000);
    const [old = ''] = server.opened;
    server.fault = () => reply(500);
    await clock.advance(120_000);
    forgetAndAnswer500(server);
    server.value = 3;
    await clock.advance(40_000);
    expect(all.map(({ values }) => values.length)).toEqual(all.map(() => 2));
    expect(server.opened).toHaveLength(1 + openings);
    expect(server.deleted.at(-1), 'make before break').toBe(old);
    await closeRig(rig);
  });

  it('is given up once a sample of it can be opened, if it is the only one', async () => {
    const rig = startRig({ poll, seed: 2 });
    const { clock, server, client } = rig;
    const all = ['a', 'b', 'c', 'bad'].map((name) => record(client.statistic$(name, sales)));
    await clock.advance(30_000);
    const [batch = ''] = server.opened;
    server.fault = (request) => {
      const asksForBad = askedFor(request).some(({ name }) => name === 'bad');
      return asksForBad || (isPoll(request) && request.url.includes(batch)) ? reply(500) : undefined;
    };
    server.value = 3;
    await clock.advance(600_000);
    expect(all.map(({ values }) => values.length)).toEqual([2, 2, 2, 1]);
    expect(all.map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
    server.fault = undefined;
    await closeRig(rig);
  });

  it('is kept if the server refuses the probe, which says nothing about the subscription', async () => {
    const { rig } = await startHealthy();
    let polls = 0;
    rig.server.fault = (request) => (isPoll(request) ? (++polls <= 3 ? reply(500) : undefined) : reply(409));
    await rig.clock.advance(20_000);
    expect([rig.server.count('POST'), rig.server.opened.length, rig.server.deleted]).toEqual([3, 1, []]);
    rig.server.fault = undefined;
    await closeRig(rig);
  });
});

describe('a subscription that has had no healthy poll', () => {
  it('F37: is reopened after a backoff that an opening does not reset', async () => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    clock.chance = 1;
    server.fault = (request) => (isPoll(request) ? reply(404) : undefined);
    record(client.statistic$('a', sales));
    await clock.advance(120_000);
    const opens = server.requests.filter(({ method }) => method === 'POST').map(({ at }) => at);
    // Each subscription lives for an interval before its first poll.
    expect(opens.slice(1, 6).map((at, index) => at - (opens[index] ?? 0) - poll.interval)).toEqual([1000, 2000, 4000, 8000, 16_000]);
    await closeRig(rig);
  });

  it('F37: is replaced less and less often if every poll of it is answered with 500', async () => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    clock.chance = 1;
    server.fault = (request) => (isPoll(request) ? reply(500) : undefined);
    record(client.statistic$('a', sales));
    await clock.advance(120_000);
    const opens = server.requests.filter(({ method }) => method === 'POST').map(({ at }) => at);
    expect(opens.slice(1, 5).map((at, index) => at - (opens[index] ?? 0) - poll.interval)).toEqual([1000, 2000, 4000, 8000]);
    await closeRig(rig);
  });

  it.each([
    ['its number', 413],
    ['its definitions', 400],
  ])('I19: whose successor is refused for %s passes its number of failures on', async (_, status) => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    clock.chance = 1;
    const retrying = eventsOf(client, 'retrying');
    let opens = 0;
    // Two failures, then a refusal, then failures of the first half.
    server.fault = ({ method }) => (method !== 'POST' ? undefined : ++opens === 3 ? reply(status) : Promise.reject(new Error('reset')));
    ['a', 'b'].forEach((name) => record(client.statistic$(name, sales)));
    await clock.advance(20_000);
    expect(retrying.map(({ delay }) => delay).slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    server.fault = undefined;
    await closeRig(rig);
  });

  it('I19: its successor continues the backoff from its number of failures', async () => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    clock.chance = 1;
    const retrying = eventsOf(client, 'retrying');
    server.fault = () => reply(500);
    record(client.statistic$('a', sales));
    record(client.statistic$('b', sales));
    await clock.advance(40_000);
    // The third failure splits the batch without a wait; the first half goes on with the fourth.
    expect(retrying.map(({ delay }) => delay).slice(0, 5)).toEqual([1000, 2000, 8000, 16_000, 30_000]);
    await closeRig(rig);
  });

  it.each([1, 2, 5])('G7: a server that fails from the start makes all of %i statistics stale after staleAfter, however often they are divided', async (count) => {
    const rig = startRig({ poll: { ...poll, staleAfter: 60_000 } });
    const { clock, server, client } = rig;
    server.fault = () => reply(503);
    const states = Array.from({ length: count }, (_, index) => record(client.statisticState$(`s${index}`, sales)));
    const statuses = (): string[] => states.flatMap(({ values }) => values.map(({ status }) => status));
    await clock.advance(59_000);
    expect(new Set(statuses())).toEqual(new Set(['pending']));
    await clock.advance(2000);
    expect(statuses()).toEqual(states.flatMap(() => ['pending', 'stale']));
    await clock.advance(300_000);
    server.fault = undefined;
    await clock.advance(60_000);
    expect(statuses()).toEqual(states.flatMap(() => ['pending', 'stale', 'live']));
    await closeRig(rig);
  });
});

describe('a batch', () => {
  it.each([['a 5xx', 503, { status: { code: 503 } }], ['a 200 with a failure code', 200, { status: { code: 7 } }]])('G8: is split after the third consecutive opening that is answered with %s', async (_, status, body) => {
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
    // The second opening did not get through, so it is no strike, and the count starts again.
    expect(sizes.slice(0, 7)).toEqual([2, 2, 2, 2, 2, 1, 1]);
    expect(both.map(({ values }) => values.length)).toEqual([1, 1]);
    await closeRig(rig);
  });
});
