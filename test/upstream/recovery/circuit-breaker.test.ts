/** One way to the host for all upstreams of a client: a sick server sees less, not more, and is not overrun when it is back. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../support/client-on.js';
import { createCircuitBreaker } from '../../../src/upstream/recovery/circuit-breaker.js';
import type { Transport } from '../../../src/index.js';
import { record } from '../../support/journey.js';
import { createMemoryServer, reply } from '../../support/memory-server.js';
import { createVirtualClock, settle } from '../../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const minute = 60_000;
const roundTrip = 10;

/** A client of so many upstreams: one set each. */
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
  it('F76: twenty upstreams cost a server that is away less than 3 % of fixed polling', async () => {
    const { clock, server } = start(20);
    await clock.advance(30_000);
    server.fault = () => Promise.reject(new Error('reset'));
    const before = server.requests.length;
    await clock.advance(10 * minute);
    const fixed = (10 * minute * 20) / 5000;
    expect(server.requests.length - before).toBeLessThanOrEqual(0.03 * fixed);
  });

  it('all are back soon after it, and not all at once', async () => {
    const { clock, server, sets } = start(20);
    await clock.advance(30_000);
    server.fault = () => Promise.reject(new Error('reset'));
    await clock.advance(10 * minute);
    server.fault = undefined;
    server.value = 7;
    const before = server.requests.length;
    await clock.advance(40_000);
    expect(sets.every(({ values }) => JSON.stringify(values.at(-1)).includes('"intValue":7'))).toBe(true);
    // One gets through first, and each success lets two more go.
    const times = server.requests.slice(before).map(({ at }) => at);
    const first = times[0] ?? NaN;
    expect([0, 1, 2, 3].map((turn) => times.filter((at) => at === first + turn * roundTrip).length)).toEqual([1, 2, 4, 8]);
    expect(server.opened).toHaveLength(20);
  });

  it('F76: whose poll comes due in it waits for its turn before it asks at all', async () => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, poll: { interval: 1000, maxInterval: 1000 }, batch: { size: 1 } });
    clock.chance = 1;
    record(client.subscription$([{ name: 'a', ...sales }]));
    record(client.subscription$([{ name: 'b', ...sales }], { interval: 30_000 }));
    await clock.advance(5500);
    server.fault = () => Promise.reject(new Error('reset'));
    await clock.advance(34_500);
    // The one failed for the fifth time at 21 s and is to try again 16 s later; the other was due at 30 s.
    const [first, second] = server.opened;
    const asked = (id: string | undefined): number[] => server.requests.filter(({ method, path, at }) => method === 'GET' && at > 5500 && path.includes(id ?? '-')).map(({ at }) => at);
    expect(asked(first).slice(0, 5)).toEqual([6000, 7000, 9000, 13_000, 21_000]);
    const later = [...asked(first), ...asked(second)].filter((at) => at > 21_000);
    expect([later.length, Math.min(...later)]).toEqual([1, 37_001]);
  });

  it('leaving while waiting for a turn ends the wait, and leaves no timer', async () => {
    const { clock, server, sets } = start(5);
    await clock.advance(30_000);
    server.fault = ({ method }) => (method === 'GET' ? Promise.reject(new Error('reset')) : undefined);
    await clock.advance(minute);
    sets.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(5000);
    expect(server.deleted).toHaveLength(5);
    expect(clock.pending).toEqual([]);
  });

  it('one upstream that fails alone does not slow the others', async () => {
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
  it('is for everybody: no other upstream asks before', async () => {
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

  it('I18: who closes does not wait for it, and leaves no timer', async () => {
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

describe('the queue', () => {
  it('is not there while all is well', async () => {
    const host = createCircuitBreaker(createVirtualClock(), 1000);
    expect(await host.turn(new AbortController().signal)).toBe(true);
  });

  it('is there from the third failure on end, and gone with the first success', async () => {
    const host = createCircuitBreaker(createVirtualClock(), 1000);
    const { signal } = new AbortController();
    const free = async (): Promise<boolean> => {
      let gone = 0;
      const turns = Array.from({ length: 3 }, () => host.turn(signal).then(() => gone++));
      await settle();
      const all = gone === turns.length;
      host.attempt().worked();
      host.attempt().worked();
      await Promise.all(turns);
      return all;
    };
    const fail = (times: number): void => Array.from({ length: times }).forEach(() => host.attempt().failed());
    fail(2);
    expect(await free()).toBe(true);
    fail(3);
    host.retryIn(500);
    expect(await free()).toBe(false);
    expect(await free()).toBe(true);
    fail(2);
    expect(await free()).toBe(true);
  });

  it('lets one try at a time while nothing gets through, two for each success after it', async () => {
    const clock = createVirtualClock();
    const host = createCircuitBreaker(clock, 1000);
    const { signal } = new AbortController();
    for (let failure = 0; failure < 3; failure++) {
      host.attempt().failed();
      host.retryIn(500);
    }
    let gone = 0;
    for (let waiting = 0; waiting < 6; waiting++) {
      void host.turn(signal).then(() => gone++);
    }
    await clock.advance(499);
    expect(gone).toBe(0);
    await clock.advance(1);
    expect(gone).toBe(1);
    host.attempt().worked();
    await settle();
    expect(gone).toBe(3);
    host.attempt().worked();
    await settle();
    expect(gone).toBe(5);
  });

  it('hurry lets one more go now', async () => {
    const clock = createVirtualClock();
    const host = createCircuitBreaker(clock, 1000);
    for (let failure = 0; failure < 3; failure++) {
      host.attempt().failed();
    }
    host.retryIn(30_000);
    let gone = false;
    void host.turn(new AbortController().signal).then(() => (gone = true));
    await clock.advance(100);
    expect(gone).toBe(false);
    host.hurry();
    await clock.advance(1);
    expect(gone).toBe(true);
  });

  it('F42: what a server asked for is not lifted by one that asks for less', async () => {
    const clock = createVirtualClock();
    const host = createCircuitBreaker(clock, 1000);
    host.leaveAlone(5000);
    host.leaveAlone(0);
    expect(host.embargo()).toBe(5000);
    await clock.advance(4000);
    host.leaveAlone(500);
    expect(host.embargo()).toBe(1000);
    host.leaveAlone(3000);
    expect(host.embargo()).toBe(3000);
  });

  it('attempts that were on their way together fail once, not each once more', () => {
    const host = createCircuitBreaker(createVirtualClock(), 1000);
    const attempts = [host.attempt(), host.attempt(), host.attempt()];
    expect(attempts.map((attempt) => attempt.failed())).toEqual([1, 1, 1]);
    expect(host.attempt().failed()).toBe(2);
  });
});
