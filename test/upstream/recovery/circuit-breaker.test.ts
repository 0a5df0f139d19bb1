/** One circuit breaker for all upstreams of a client: less load for a server that is down, and no rush when it is back. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../support/client-on.js';
import { createCircuitBreaker } from '../../../src/upstream/recovery/circuit-breaker.js';
import type { Transport } from '../../../src/index.js';
import { record } from '../../support/journey.js';
import { createMemoryServer, reply } from '../../support/memory-server.js';
import { startRig } from '../../support/rig.js';
import { createVirtualClock, settle } from '../../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const minute = 60_000;
const roundTrip = 10;

/** A client with this number of upstreams, one set in each. */
function start(upstreams: number) {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const transport: Transport = async (request, signal) => {
    await new Promise<void>((resolve) => clock.after(roundTrip, resolve));
    return server.transport(request, signal);
  };
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport, poll: { maxInterval: 5000 }, batch: { size: 1 } });
  const sets = Array.from({ length: upstreams }, (_, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
  return { clock, server, client, sets };
}

describe('an outage', () => {
  it('F76: twenty upstreams send a server that is down less than 3 % of the requests of fixed polling', async () => {
    const { clock, server } = start(20);
    await clock.advance(30_000);
    server.fault = () => Promise.reject(new Error('reset'));
    const before = server.requests.length;
    await clock.advance(10 * minute);
    const fixed = (10 * minute * 20) / 5000;
    expect(server.requests.length - before).toBeLessThanOrEqual(0.03 * fixed);
  });

  it('F76: all upstreams recover soon after its end, but not all at once', async () => {
    const { clock, server, sets } = start(20);
    await clock.advance(30_000);
    server.fault = () => Promise.reject(new Error('reset'));
    await clock.advance(10 * minute);
    server.fault = undefined;
    server.value = 7;
    const before = server.requests.length;
    await clock.advance(40_000);
    expect(sets.every(({ values }) => JSON.stringify(values.at(-1)).includes('"intValue":7'))).toBe(true);
    // One upstream gets through first, and each success releases two more.
    const times = server.requests.slice(before).map(({ at }) => at);
    const first = times[0] ?? NaN;
    expect([0, 1, 2, 3].map((turn) => times.filter((at) => at === first + turn * roundTrip).length)).toEqual([1, 2, 4, 8]);
    expect(server.opened).toHaveLength(20);
  });

  it('F76: makes an upstream whose poll comes due wait for a permit', async () => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, poll: { interval: 1000, maxInterval: 1000 }, batch: { size: 1 } });
    clock.chance = 1;
    record(client.subscription$([{ name: 'a', ...sales }]));
    record(client.subscription$([{ name: 'b', ...sales }], { interval: 30_000 }));
    await clock.advance(5500);
    server.fault = () => Promise.reject(new Error('reset'));
    await clock.advance(34_500);
    // The first upstream fails for the fifth time at 21 s and tries again 16 s later. The other one was due at 30 s.
    const [first, second] = server.opened;
    const asked = (id: string | undefined): number[] => server.requests.filter(({ method, path, at }) => method === 'GET' && at > 5500 && path.includes(id ?? '-')).map(({ at }) => at);
    expect(asked(first).slice(0, 5)).toEqual([6001, 7001, 9001, 13_001, 21_001]);
    const later = [...asked(first), ...asked(second)].filter((at) => at > 21_001);
    expect([later.length, Math.min(...later)]).toEqual([1, 37_002]);
  });

  it.each([5, 8])('G13: unsubscribing while %i upstreams wait for a permit ends the wait and leaves no timer', async (upstreams) => {
    const { clock, server, sets } = start(upstreams);
    await clock.advance(30_000);
    server.fault = ({ method }) => (method === 'GET' ? Promise.reject(new Error('reset')) : undefined);
    await clock.advance(minute);
    sets.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(1100);
    expect(server.deleted).toHaveLength(upstreams);
    expect(clock.pending).toEqual([]);
  });

  it('an upstream that fails alone does not slow the others down', async () => {
    const { clock, server, sets } = start(3);
    await clock.advance(30_000);
    const [sick] = server.opened;
    server.fault = ({ method, url }) => (method === 'GET' && url.includes(sick ?? '-') ? Promise.reject(new Error('reset')) : undefined);
    await clock.advance(30_000);
    server.value = 3;
    await clock.advance(10_000);
    expect(sets.filter(({ values }) => JSON.stringify(values.at(-1)).includes('"intValue":3')).length).toBe(2);
  });
});

describe('F42: Retry-After', () => {
  it('applies to every upstream, whichever received it', async () => {
    const { clock, server } = start(5);
    await clock.advance(30_000);
    let asked = 0;
    server.fault = ({ method }) => (method === 'GET' && asked++ === 0 ? reply(429, undefined, { 'retry-after': '20' }) : undefined);
    await clock.advance(5000);
    const at = clock.monotonic();
    const before = server.count('GET');
    await clock.advance(14_000);
    expect(server.count('GET')).toBe(before);
    await clock.advance(10_000);
    expect(server.count('GET')).toBeGreaterThan(before);
    expect(clock.monotonic()).toBeGreaterThan(at);
  });

  it.each([
    ['the upstreams of a client, one of which received it,', 1, 50],
    ['clients that received the same Retry-After', 50, 1],
  ])('F42: spreads %s over half an interval after its end, none before it', async (_, clients, upstreams) => {
    const rigs = Array.from({ length: clients }, (__, seed) => startRig({ seed, batch: { size: 1 }, poll: { maxInterval: 5000 }, request: { concurrency: 50 } }));
    const polls: number[] = [];
    let [told, until] = [0, 0];
    for (const { clock, server, client } of rigs) {
      Array.from({ length: upstreams }, (__, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
      await clock.advance(30_000);
      let asked = 0;
      server.fault = ({ method }) => {
        if (method !== 'GET' || asked++ > 0) {
          return undefined;
        }
        [told, until] = [clock.monotonic(), clock.monotonic() + 30_000];
        return reply(429, undefined, { 'retry-after': '30' });
      };
      await clock.advance(50_000);
      // Measured from the end of the Retry-After, because each client counts it by its own clock.
      const next = new Map(server.requests.filter(({ method, at }) => method === 'GET' && at > told).reverse().map(({ path, at }) => [path, at - until]));
      polls.push(...next.values());
    }
    expect(polls).toHaveLength(50);
    expect(Math.min(...polls)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...polls)).toBeLessThanOrEqual(2500);
    const bursts = polls.map((from) => polls.filter((at) => at >= from && at < from + 50).length);
    expect(Math.max(...bursts)).toBeLessThanOrEqual(8);
  });

  it('F42: is followed by at most half of retry.maxTimeout, even if the interval is longer', async () => {
    const { clock, server, client } = startRig();
    clock.chance = 1;
    server.fault = () => reply(503, undefined, { 'retry-after': '5' });
    record(client.statistic$('a', sales, { interval: 3_600_000 }));
    await clock.advance(1000);
    server.fault = undefined;
    await clock.advance(20_000);
    expect(server.opened).toHaveLength(1);
  });

  it('I18: close() does not wait for it, and leaves no timer', async () => {
    const { clock, server, client } = start(5);
    await clock.advance(30_000);
    let asked = 0;
    server.fault = ({ method }) => (method === 'GET' && asked++ === 0 ? reply(429, undefined, { 'retry-after': '20' }) : undefined);
    await clock.advance(10_000);
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(100);
    expect([closed, clock.pending]).toEqual([true, []]);
    expect(new Set(server.deleted)).toEqual(new Set(server.opened));
  });
});

describe('the breaker', () => {
  it('grants a permit at once while requests succeed', async () => {
    const breaker = createCircuitBreaker(createVirtualClock(), 1000);
    expect(await breaker.waitForPermit(new AbortController().signal)).toBe(true);
  });

  it('opens with the third consecutive failure and closes with the first success', async () => {
    const breaker = createCircuitBreaker(createVirtualClock(), 1000);
    const { signal } = new AbortController();
    const free = async (): Promise<boolean> => {
      let gone = 0;
      const permits = Array.from({ length: 3 }, () => breaker.waitForPermit(signal).then(() => gone++));
      await settle();
      const all = gone === permits.length;
      breaker.call().succeeded();
      breaker.call().succeeded();
      await Promise.all(permits);
      return all;
    };
    const fail = (times: number): void => Array.from({ length: times }).forEach(() => breaker.call().failed());
    fail(2);
    expect(await free()).toBe(true);
    fail(3);
    breaker.probeIn(500, 1);
    expect(await free()).toBe(false);
    expect(await free()).toBe(true);
    fail(2);
    expect(await free()).toBe(true);
  });

  it('releases one at a time while nothing gets through, then two for each success', async () => {
    const clock = createVirtualClock();
    const breaker = createCircuitBreaker(clock, 1000);
    const { signal } = new AbortController();
    for (let failure = 0; failure < 3; failure++) {
      breaker.call().failed();
      breaker.probeIn(500, 1);
    }
    let gone = 0;
    for (let waiting = 0; waiting < 6; waiting++) {
      void breaker.waitForPermit(signal).then(() => gone++);
    }
    await clock.advance(499);
    expect(gone).toBe(0);
    await clock.advance(1);
    expect(gone).toBe(1);
    breaker.call().succeeded();
    await settle();
    expect(gone).toBe(3);
    breaker.call().succeeded();
    await settle();
    expect(gone).toBe(5);
  });

  it('I4: has a timer as long as any upstream waits, and none afterwards', async () => {
    const clock = createVirtualClock();
    const breaker = createCircuitBreaker(clock, 1000);
    Array.from({ length: 3 }).forEach(() => breaker.call().failed());
    breaker.probeIn(30_000, 1);
    const waiting = Array.from({ length: 8 }, () => new AbortController());
    const permits = waiting.map(({ signal }) => breaker.waitForPermit(signal));
    await settle();
    for (const controller of waiting) {
      expect(clock.pending).toHaveLength(1);
      controller.abort();
    }
    expect(clock.pending).toEqual([]);
    expect(await Promise.all(permits)).toEqual(waiting.map(() => false));
  });

  it('F40: makes all wait for the backoff of the first failure of each wave, and returns that delay', async () => {
    const clock = createVirtualClock();
    const breaker = createCircuitBreaker(clock, 1000);
    Array.from({ length: 3 }).forEach(() => breaker.call().failed());
    expect(breaker.probeIn(500, 1)).toBe(500);
    const releasedAt: number[] = [];
    const wait = (): void => void breaker.waitForPermit(new AbortController().signal).then(() => releasedAt.push(clock.monotonic()));
    wait();
    await clock.advance(100);
    expect(breaker.probeIn(2000, 1)).toBe(400);
    wait();
    await clock.advance(500);
    expect(releasedAt).toEqual([500]);
    expect(breaker.probeIn(2000, 2)).toBe(2000);
    await clock.advance(5000);
    expect(releasedAt).toEqual([500, 2600]);
  });

  it('waits no longer than the timeout for a released request that reports no outcome', async () => {
    const clock = createVirtualClock();
    const breaker = createCircuitBreaker(clock, 1000);
    Array.from({ length: 3 }).forEach(() => breaker.call().failed());
    breaker.probeIn(500, 1);
    const released: number[] = [];
    Array.from({ length: 6 }).forEach(() => void breaker.waitForPermit(new AbortController().signal).then(() => released.push(clock.monotonic())));
    await clock.advance(2600);
    expect(released).toEqual([500, 1500, 2500]);
    breaker.call().succeeded();
    await clock.advance(1000);
    expect(released.slice(3), 'two for the success, and the next after its timeout').toEqual([2600, 2600, 3600]);
  });

  it('probeNow() releases one more at once', async () => {
    const clock = createVirtualClock();
    const breaker = createCircuitBreaker(clock, 1000);
    for (let failure = 0; failure < 3; failure++) {
      breaker.call().failed();
    }
    breaker.probeIn(30_000, 1);
    let gone = false;
    void breaker.waitForPermit(new AbortController().signal).then(() => (gone = true));
    await clock.advance(100);
    expect(gone).toBe(false);
    breaker.probeNow();
    await clock.advance(1);
    expect(gone).toBe(true);
  });

  it('F42: a shorter Retry-After does not shorten a longer one', async () => {
    const clock = createVirtualClock();
    const breaker = createCircuitBreaker(clock, 1000);
    breaker.holdOff(5000);
    breaker.holdOff(0);
    expect(breaker.heldOffFor()).toBe(5000);
    await clock.advance(4000);
    breaker.holdOff(500);
    expect(breaker.heldOffFor()).toBe(1000);
    breaker.holdOff(3000);
    expect(breaker.heldOffFor()).toBe(3000);
  });

  it('counts requests that fail together as one wave', () => {
    const breaker = createCircuitBreaker(createVirtualClock(), 1000);
    const calls = [breaker.call(), breaker.call(), breaker.call()];
    expect(calls.map((call) => call.failed())).toEqual([1, 1, 1]);
    expect(breaker.call().failed()).toBe(2);
  });
});
