/** An upstream in virtual time: the times of its polls, its waits, and jumps of the clock. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numeric, type StatisticsClient, type StatisticsClientOptions } from '../../src/index.js';
import { canary } from '../support/canary.js';
import { record } from '../support/journey.js';
import { createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

function start(options: Partial<StatisticsClientOptions> = {}): { clock: VirtualClock; server: MemoryServer; client: StatisticsClient } {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, ...options });
  return { clock, server, client };
}

const gaps = ({ requests }: MemoryServer, method: string): number[] => {
  const times = requests.filter((request) => request.method === method).map(({ at }) => at);
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
};

describe('the schedule', () => {
  it('polls every 5 s while values change, and less and less often, down to every 30 s, while nothing changes', async () => {
    const { clock, server, client } = start();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    for (let poll = 0; poll < 3; poll++) {
      server.value++;
      await clock.advance(5000);
    }
    expect(gaps(server, 'GET')).toEqual([5000, 5000]);
    await clock.advance(150_000);
    expect(gaps(server, 'GET').slice(2)).toEqual([5000, 7500, 11_250, 16_875, 25_312.5, 30_000, 30_000]);
    server.value++;
    await clock.advance(36_000);
    expect(gaps(server, 'GET').slice(9, 11)).toEqual([30_000, 5000]);
  });

  it('G4: a timer is never set below 1 ms', async () => {
    const { clock, client } = start({ poll: { interval: 1, maxInterval: 1 }, batch: { window: 0 }, sharing: { linger: 0 } });
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(50);
    expect(Math.min(...clock.pending)).toBeGreaterThanOrEqual(0);
    expect(clock.monotonic()).toBe(50);
  });

  it('F69: is not affected by a jump of the wall clock', async () => {
    const { clock, server, client } = start({ poll: { maxInterval: 5000 } });
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(5010);
    clock.jump(86_400_000);
    await clock.advance(5000);
    clock.jump(-3_600_000);
    await clock.advance(5000);
    expect(gaps(server, 'GET')).toEqual([5000, 5000]);
  });

  it('polls a lingering upstream for a second, then deletes it and leaves no timer', async () => {
    const { clock, server, client } = start({ poll: { interval: 400, maxInterval: 400 } });
    const one = record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    one.unsubscribe();
    await clock.advance(999);
    expect([server.count('GET'), server.count('DELETE')]).toEqual([2, 0]);
    expect(record(client.health$).values[0]).toMatchObject({ status: 'live', upstreams: 1, statistics: 1, observers: 0 });
    await clock.advance(1);
    expect(server.deleted).toEqual(server.opened);
    expect(record(client.health$).values[0]).toMatchObject({ status: 'idle', upstreams: 0, statistics: 0 });
    expect(clock.pending).toEqual([]);
  });
});

describe('backoff', () => {
  it('I19: grows from 1 s to 30 s with full jitter, and is reset by a healthy poll only', async () => {
    const { clock, server, client } = start({ poll: { interval: 5000, maxInterval: 5000 } });
    clock.chance = 1;
    server.fault = ({ method }) => (method === 'GET' ? reply(429) : undefined);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(100_000);
    expect(gaps(server, 'GET')).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    clock.chance = 0;
    await clock.advance(30_000);
    const before = server.count('GET');
    await clock.advance(1000);
    expect(server.count('GET') - before, 'never under a tenth of minTimeout').toBe(10);
  });

  it('I19: starts again after a healthy poll', async () => {
    const { clock, server, client } = start({ poll: { interval: 5000, maxInterval: 5000 } });
    clock.chance = 1;
    let polls = 0;
    // Three failures, a healthy poll, three failures.
    server.fault = ({ method }) => (method === 'GET' && ++polls !== 4 && polls < 8 ? reply(429) : undefined);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(60_000);
    expect(gaps(server, 'GET').slice(0, 7)).toEqual([1000, 2000, 4000, 5000, 1000, 2000, 4000]);
  });

  it('F76: costs one upstream less than a quarter of fixed polling at 5 s in an outage, and ends within its cap', async () => {
    const { clock, server, client } = start({ poll: { maxInterval: 5000 } });
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await clock.advance(10);
    clock.chance = 1;
    server.fault = () => Promise.reject(new Error('down'));
    server.value = 1;
    await clock.advance(600_000);
    expect(server.count('GET')).toBeLessThan(600_000 / 5000 / 4);
    server.fault = undefined;
    await clock.advance(30_000);
    expect(one.values).toEqual([0, 1]);
    expect(server.count('POST')).toBe(1);
  });

  it('is cut short by refresh(), but a Retry-After is not', async () => {
    const { clock, server, client } = start();
    clock.chance = 1;
    server.fault = () => reply(503, '', { 'retry-after': '20' });
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(100);
    expect(server.count('POST')).toBe(1);
    client.refresh();
    await clock.advance(9000);
    client.refresh();
    await clock.advance(10_000);
    expect(server.count('POST')).toBe(1);
    server.fault = () => reply(429);
    // At most half an interval after the end of the Retry-After.
    await clock.advance(3500);
    expect(server.count('POST')).toBe(2);
    client.refresh();
    await settle();
    expect(server.count('POST')).toBe(3);
  });
});

describe('a timeout', () => {
  it('F13: ends a POST after request.timeout, and its id is deleted after another request.timeout', async () => {
    const { clock, server, client } = start();
    clock.chance = 0;
    let hung = false;
    server.fault = ({ method }) => {
      if (method !== 'POST' || hung) {
        return undefined;
      }
      hung = true;
      return new Promise(() => undefined);
    };
    const one = record(client.statistic$('Total_Answered', sales));
    await clock.advance(10_000);
    expect(server.count('POST')).toBe(1);
    await clock.advance(200);
    expect(one.values).toHaveLength(1);
    expect(server.count('DELETE')).toBe(0);
    await clock.advance(9900);
    expect(server.count('DELETE')).toBe(1);
    expect(server.deleted).not.toContain(server.opened[0]);
  });

  it('close() sends a delayed DELETE at once', async () => {
    const { clock, server, client } = start();
    server.fault = ({ method }) => (method === 'POST' ? new Promise(() => undefined) : undefined);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10_050);
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(1);
    expect([server.count('POST'), server.count('DELETE'), closed]).toEqual([1, 1, true]);
    expect(clock.pending).toEqual([]);
  });

  it('close() deletes the id of a POST at once if the POST times out meanwhile', async () => {
    const { clock, server, client } = start();
    server.fault = ({ method }) => (method === 'POST' ? 'silent' : undefined);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(5000);
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(5000);
    expect([closed, server.count('DELETE')]).toEqual([false, 0]);
    await clock.advance(10);
    expect([closed, server.deleted]).toEqual([true, server.opened]);
    expect(clock.pending).toEqual([]);
  });

  it('I18: close() resolves after request.timeout when no DELETE is answered', async () => {
    const { clock, server, client } = start();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    server.fault = () => new Promise(() => undefined);
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(9990);
    expect(closed).toBe(false);
    await clock.advance(20);
    expect(closed).toBe(true);
  });

  it('I4: close() leaves no timer of a DELETE that backs off', async () => {
    const { clock, server, client } = start({ retry: { minTimeout: 20_000 } });
    clock.chance = 1;
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    server.fault = () => reply(503);
    let closed = false;
    void client.close().then(() => (closed = true));
    await clock.advance(10_000);
    expect([closed, server.count('DELETE'), clock.pending]).toEqual([true, 1, []]);
    await clock.advance(60_000);
    expect(server.count('DELETE')).toBe(1);
  });
});

describe('staleness', () => {
  it('I16: is reported staleAfter after the last answer, once, by a timer', async () => {
    const { clock, server, client } = start({ poll: { interval: 1000, maxInterval: 1000, staleAfter: 4000 } });
    const states = record(client.statisticState$('Total_Answered', sales));
    await clock.advance(10);
    server.fault = () => new Promise(() => undefined);
    await clock.advance(3990);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live']);
    await clock.advance(20);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live', 'stale']);
    await clock.advance(60_000);
    expect(states.values).toHaveLength(3);
  });

  it('is not reported while answers come, even if nothing changes', async () => {
    const { clock, client } = start({ poll: { interval: 1000, maxInterval: 1000, staleAfter: 4000 } });
    const states = record(client.statisticState$('Total_Answered', sales));
    await clock.advance(60_000);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live']);
  });

  it('is reported once, even if a silent batch is split and reopened again and again', async () => {
    const { clock, server, client } = start({ poll: { staleAfter: 4000 } });
    server.fault = ({ method }) => (method === 'POST' ? reply(503) : undefined);
    const states = ['a', 'b', 'c'].map((name) => record(client.statisticState$(name, sales)));
    await clock.advance(300_000);
    expect(new Set(server.requests.map(({ statistics }) => statistics)).size).toBeGreaterThan(1);
    expect(states.map(({ values }) => values.map(({ status }) => status))).toEqual(states.map(() => ['pending', 'stale']));
  });

  it('is reported for a statistic that has never had a value', async () => {
    const { clock, server, client } = start({ poll: { staleAfter: 4000 } });
    server.fault = () => reply(503);
    const states = record(client.statisticState$('Total_Answered', sales));
    await clock.advance(4100);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'stale']);
  });
});

describe('the token', () => {
  it('G13: is not waited for once all observers have left', async () => {
    const { clock, server, client } = start({ token: () => 'the-same-token' });
    server.fault = () => reply(401);
    const one = record(client.statistic$('Total_Answered', sales));
    const two = record(client.subscription$([{ name: 'Total_Answered', ...sales }]));
    await clock.advance(100);
    expect(server.count('POST')).toBe(1);
    one.unsubscribe();
    two.unsubscribe();
    await clock.advance(1100);
    expect(clock.pending).toEqual([]);
  });

  it('is requested again every retry.maxTimeout, once for all waiting upstreams', async () => {
    let asked = 0;
    const { clock, server, client } = start({
      token: () => {
        asked++;
        return 'the-same-token';
      },
    });
    server.fault = () => reply(401);
    record(client.statistic$('Total_Answered', sales));
    record(client.subscription$([{ name: 'Total_Answered', ...sales }]));
    await clock.advance(100);
    expect(asked).toBe(2);
    await clock.advance(90_000);
    expect(asked).toBe(5);
    expect(server.count('POST')).toBe(1);
  });

  it('leads to a backoff if each new one is refused', async () => {
    let asked = 0;
    const { clock, server, client } = start({ token: () => `token-number-${++asked}` });
    clock.chance = 1;
    server.fault = () => reply(401);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(15_500);
    // The first two attempts have no delay, because the first token may just have expired.
    expect(gaps(server, 'POST')).toEqual([0, 1000, 2000, 4000, 8000]);
    expect(asked).toBe(6);
  });

  it('is optional: without one, a 401 leads to a backoff, and health is unauthorized', async () => {
    const { clock, server, client } = start({ apiKey: canary('wrong-key') });
    const health = record(client.health$);
    clock.chance = 1;
    server.fault = () => reply(401);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(8000);
    expect(gaps(server, 'POST')).toEqual([1000, 2000, 4000]);
    expect(health.values.at(-1)?.status).toBe('unauthorized');
  });

  it('is requested again after a 401 to an api call', async () => {
    let asked = 0;
    const { server, client } = start({ token: () => `token-number-${++asked}` });
    server.fault = ({ headers }) => (headers['authorization'] === 'Bearer token-number-2' ? undefined : reply(401));
    await expect(client.api.closeSubscription('1')).rejects.toMatchObject({ httpStatus: 401 });
    await client.api.closeSubscription('1');
    expect(asked).toBe(2);
  });
});
