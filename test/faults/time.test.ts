/** F69, F70, F73, F76: clocks that jump, machines that sleep, answers that come too late, and an outage, in virtual time. */
import { describe, expect, it } from 'vitest';
import { numeric, type StatisticsClientOptions } from '../../src/index.js';
import { record } from '../support/journey.js';
import { reply, type MemoryServer } from '../support/memory-server.js';
import { startRig, type Rig } from '../support/rig.js';
import { settle } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const minute = 60_000;
const hour = 60 * minute;

const start = (options: Partial<StatisticsClientOptions> = {}, seed?: number): Rig => startRig({ ...options, latency: 10, ...(seed === undefined ? {} : { seed }) });

const polls = ({ requests }: MemoryServer): number[] => requests.filter(({ method }) => method === 'GET').map(({ at }) => at);

describe('F69: a wall clock that jumps', () => {
  /** A run with every kind of wait: polls, backoffs, a Retry-After, staleness, a linger, a window. */
  async function live(jumps: readonly number[]): Promise<unknown> {
    const { clock, server, client } = start({ poll: { interval: 1000, maxInterval: 4000, staleAfter: 20_000 } });
    let jumped = 0;
    const pass = async (milliseconds: number): Promise<void> => {
      await clock.advance(milliseconds / 2);
      clock.jump(jumps[jumped++ % jumps.length] ?? 0);
      await clock.advance(milliseconds / 2);
    };
    const states = record(client.statisticState$('a', sales));
    const one = record(client.statistic$('a', sales).pipe(numeric()));
    await pass(10_000);
    server.fault = ({ method }) => (method === 'GET' ? reply(503, undefined, { 'retry-after': '7' }) : undefined);
    await pass(5000);
    server.fault = () => Promise.reject(new Error('down'));
    await pass(40_000);
    server.fault = undefined;
    server.forget();
    server.value = 1;
    await pass(40_000);
    states.unsubscribe();
    one.unsubscribe();
    await pass(2000);
    expect(clock.pending).toEqual([]);
    return [server.requests.map(({ method, at }) => [method, at]), states.values.map(({ status }) => status), one.values];
  }

  it('I24: changes neither requests nor their times nor emissions', async () => {
    const untouched = await live([0]);
    for (const jumps of [[hour], [-hour], [24 * hour, -24 * hour], [-24 * hour], [40 * 365 * 24 * hour, -hour, 1]]) {
      expect(await live(jumps)).toEqual(untouched);
    }
  });

  it('shows only in receivedAt and lastSuccessAt, which the clock set at that time', async () => {
    const { clock, server, client } = start();
    const states = record(client.statisticState$('a', sales));
    await clock.advance(100);
    clock.jump(-24 * hour);
    server.value = 1;
    await clock.advance(5000);
    const [before, after] = states.values.flatMap(({ receivedAt }) => receivedAt ?? []);
    const { lastSuccessAt } = record(client.health$).values[0] ?? {};
    expect((after ?? NaN) - (before ?? NaN)).toBeCloseTo(-24 * hour, -4);
    expect(clock.now() - (lastSuccessAt ?? NaN)).toBeLessThanOrEqual(5000);
  });

  it('a Retry-After with a date lasts as long as it did when it arrived', async () => {
    const { clock, server, client } = start();
    server.fault = () => reply(429, undefined, { 'retry-after': new Date(clock.now() + 20_000).toUTCString() });
    record(client.statistic$('a', sales));
    await clock.advance(100);
    server.fault = undefined;
    clock.jump(-hour);
    await clock.advance(18_000);
    expect(server.count('POST')).toBe(1);
    // At most half an interval later.
    await clock.advance(2000 + 2500);
    expect(server.count('POST')).toBe(2);
  });
});

describe('F70: a machine that slept for eight hours', () => {
  const upstreams = 20;
  async function asleep(options: Partial<StatisticsClientOptions> = {}): Promise<Rig & { readonly before: number; readonly all: ReturnType<typeof record<unknown>>[] }> {
    const rig = start({ ...options, batch: { size: 1 } }, 1);
    const all = Array.from({ length: upstreams }, (_, index) => record<unknown>(rig.client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await rig.clock.advance(2 * minute);
    const before = rig.server.requests.length;
    rig.clock.sleep(8 * hour);
    return { ...rig, before, all };
  }

  it('polls each upstream once, then at the usual interval, not in step', async () => {
    const { clock, server, before } = await asleep();
    await clock.advance(100);
    expect(server.requests.length - before).toBe(upstreams);
    expect(new Set(server.requests.slice(before).map(({ path }) => path)).size).toBe(upstreams);
    await clock.advance(minute);
    const busiest = server.requests.length;
    await clock.advance(30_000);
    const perSecond = new Map<number, number>();
    server.requests.slice(busiest).forEach(({ at }) => perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1));
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(upstreams / 4);
  });

  it('reports stale values before new ones, and no older value after them', async () => {
    const { clock, server, client } = start();
    const states = record(client.statisticState$('a', sales));
    await clock.advance(minute);
    clock.sleep(8 * hour);
    server.value = 1;
    await clock.advance(minute);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live', 'stale', 'live']);
  });

  it('opens each subscription anew once, if the server has forgotten them', async () => {
    const { clock, server, before, all } = await asleep();
    server.forget();
    server.value = 1;
    await clock.advance(100);
    expect(server.requests.slice(before).map(({ method }) => method).sort()).toEqual([
      ...Array.from({ length: upstreams }, () => 'DELETE'), ...Array.from({ length: upstreams }, () => 'GET'), ...Array.from({ length: upstreams }, () => 'POST'),
    ]);
    expect(all.every(({ values, error }) => values.length === 2 && error === undefined)).toBe(true);
  });

  it('asks for another token once, even if all upstreams get a 401 with the old one', async () => {
    let asked = 0;
    const { clock, server, before, all } = await asleep({ token: () => `token-number-${++asked}` });
    server.fault = ({ headers }) => (headers['authorization'] === 'Bearer token-number-1' ? reply(401) : undefined);
    server.value = 1;
    await clock.advance(100);
    expect(asked).toBe(2);
    // Polls that waited in the queue use the new token at once.
    expect(server.requests.length - before).toBeGreaterThan(upstreams);
    expect(server.requests.length - before).toBeLessThanOrEqual(2 * upstreams);
    expect(all.every(({ values }) => values.length === 2)).toBe(true);
  });

  it('gives up a poll that was on its way when the machine fell asleep, and repeats it once', async () => {
    const { clock, server, client } = start();
    const one = record(client.statistic$('a', sales).pipe(numeric()));
    await clock.advance(100);
    server.fault = () => new Promise(() => undefined);
    await clock.advance(5000);
    server.fault = undefined;
    const before = polls(server).length;
    clock.sleep(8 * hour);
    server.value = 1;
    await clock.advance(1000);
    expect(polls(server).length - before).toBe(1);
    expect(one.values).toEqual([0, 1]);
  });
});

describe('F73: an answer that comes after the timeout', () => {
  it('is ignored', async () => {
    const { clock, server, client } = start({ poll: { interval: 1000, maxInterval: 1000 } });
    const observer = record(client.statistic$('a', sales).pipe(numeric()));
    await clock.advance(100);
    let answer: ((response: ReturnType<typeof reply>) => void) | undefined;
    server.fault = ({ method }) => (method === 'GET' && answer === undefined ? new Promise((resolve) => (answer = resolve)) : undefined);
    await clock.advance(12_000);
    server.value = 1;
    await clock.advance(5000);
    answer?.(reply(200, { status: { code: 0 }, data: { statistics: [{ name: 'a', ...sales, timestamp: 4e12, value: { intValue: 99 } }] } }));
    await settle();
    server.value = 2;
    await clock.advance(5000);
    expect(observer.values).toEqual([0, 1, 2]);
  });
});

describe('F76: an outage of ten minutes', () => {
  const outage = 10 * minute;
  const fixed = (upstreams: number): number => upstreams * (outage / 5000);

  /** The number of requests during the outage, and the time until all observers have the newest value. */
  async function suffer(upstreams: number, seed: number): Promise<{ requests: number; recovery: number }> {
    const { clock, server, client } = start({ poll: { maxInterval: 5000 }, batch: { size: 1 } }, seed);
    const all = Array.from({ length: upstreams }, (_, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await clock.advance(minute);
    server.fault = () => Promise.reject(new Error('down'));
    const before = server.requests.length;
    await clock.advance(outage);
    const requests = server.requests.length - before;
    server.fault = undefined;
    server.value = 1;
    const end = clock.monotonic();
    while (!all.every(({ values }) => values.length === 2) && clock.monotonic() - end < outage) {
      await clock.advance(500);
    }
    expect(server.opened).toHaveLength(upstreams);
    return { requests, recovery: clock.monotonic() - end };
  }

  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
  const [cap, deadline] = [30_000, 10_000];

  it('costs twenty upstreams at least 97 % fewer requests than polling every 5 s, for any seed, and all recover within the cap and one timeout', async () => {
    for (const seed of seeds) {
      const { requests, recovery } = await suffer(20, seed);
      expect(requests).toBeLessThanOrEqual(0.03 * fixed(20));
      expect(recovery).toBeLessThanOrEqual(cap + deadline);
    }
  });

  it('costs a single upstream less than half of 120 requests: waits of at most 30 s do not allow fewer', async () => {
    for (const seed of seeds) {
      const { requests, recovery } = await suffer(1, seed);
      expect(requests).toBeLessThanOrEqual(0.5 * fixed(1));
      expect(recovery).toBeLessThanOrEqual(cap + deadline);
    }
  });
});
