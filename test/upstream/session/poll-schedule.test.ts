/** The due times of polls: needs of observers, periods of definitions, phases, hidden pages, machines that slept. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../support/client-on.js';
import type { StatisticDefinition, StatisticsClient, StatisticsClientOptions } from '../../../src/index.js';
import { createPageLifecycle } from '../../../src/time/page-lifecycle.js';
import { growingInterval } from '../../../src/upstream/session/poll-schedule.js';
import { createFakePage } from '../../support/fake-page.js';
import { record } from '../../support/journey.js';
import { createMemoryServer, reply, type MemoryServer } from '../../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

/** A server whose values change with every answer, so that nothing backs off. */
function start(options: Partial<StatisticsClientOptions> = {}, page: Parameters<typeof createPageLifecycle>[0] = {}): { clock: VirtualClock; server: MemoryServer; client: StatisticsClient } {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  server.fault = () => {
    server.value++;
    return undefined;
  };
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, batch: { size: 1 }, ...options }, createPageLifecycle(page));
  return { clock, server, client };
}

const polls = ({ requests }: MemoryServer): number[] => requests.filter(({ method }) => method === 'GET').map(({ at }) => at);
const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0));

describe('the interval of observers', () => {
  it('is the shortest of all that share an upstream, as long as that observer is subscribed', async () => {
    const { clock, server, client } = start();
    record(client.statistic$('a', sales));
    await clock.advance(10_000);
    const fast = record(client.statistic$('a', sales, { interval: 1000 }));
    await clock.advance(5000);
    expect(gaps(polls(server)).slice(-4)).toEqual([1000, 1000, 1000, 1000]);
    fast.unsubscribe();
    const before = polls(server).length;
    await clock.advance(10_000);
    expect(polls(server).length - before).toBe(2);
  });

  it('holds for the other statistics of the upstream as well', async () => {
    const { clock, server, client } = start({ batch: { size: 3 } });
    record(client.statistic$('a', sales));
    record(client.statistic$('b', sales, { interval: 1000 }));
    record(client.statistic$('c', sales, { interval: 3000 }));
    await clock.advance(10_000);
    expect(server.opened).toHaveLength(1);
    expect(gaps(polls(server)).slice(-4)).toEqual([1000, 1000, 1000, 1000]);
  });

  it('is the shortest of the observers of a set', async () => {
    const { clock, server, client } = start();
    const set$ = (interval?: number) => client.subscription$([{ name: 'a', ...sales }, { name: 'b', ...sales }], { interval });
    record(set$(60_000));
    record(set$());
    const fast = record(set$(1000));
    await clock.advance(10_000);
    expect(gaps(polls(server)).slice(-4)).toEqual([1000, 1000, 1000, 1000]);
    fast.unsubscribe();
    const before = polls(server).length;
    await clock.advance(20_000);
    expect(polls(server).length - before).toBe(4);
  });

  it('may be longer than the client\'s, and does not make values stale', async () => {
    const { clock, server, client } = start({ poll: { maxInterval: 5000 } });
    record(client.statistic$('a', sales, { interval: 60_000 }));
    await clock.advance(300_000);
    expect(gaps(polls(server)).every((gap) => gap === 60_000)).toBe(true);
    expect(polls(server).length).toBeGreaterThanOrEqual(4);
    await clock.advance(59_000 - (clock.monotonic() - (polls(server).at(-1) ?? 0)));
    expect(record(client.statisticState$('a', sales)).values[0]?.status).toBe('live');
  });
});

describe('definitions with periodical notification', () => {
  const every = (seconds: number): StatisticDefinition => ({ category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait', notificationMode: 'Periodical', notificationFrequency: seconds });

  it('are polled no more often than they can change', async () => {
    const { clock, server, client } = start();
    record(client.statistic$(every(60), sales));
    await clock.advance(200_000);
    expect(gaps(polls(server))).toEqual([60_000, 60_000]);
  });

  it('are polled as often as the fastest of them; a configured statistic may change at any time', async () => {
    const { clock, server, client } = start({ batch: { size: 3 } });
    record(client.statistic$(every(60), sales));
    record(client.statistic$(every(20), sales));
    await clock.advance(100_000);
    expect(new Set(gaps(polls(server)))).toEqual(new Set([20_000]));
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(60_000);
    expect(gaps(polls(server)).slice(-5)).toEqual([5000, 5000, 5000, 5000, 5000]);
  });

  it('do not include those with immediate notification', async () => {
    const { clock, server, client } = start();
    record(client.statistic$({ ...every(60), notificationMode: 'Immediate' }, sales));
    await clock.advance(20_000);
    expect(new Set(gaps(polls(server)))).toEqual(new Set([5000]));
  });
});

describe('the phase', () => {
  it('shortens the first wait at random, so that clients that start together do not poll in step', async () => {
    const firsts: number[] = [];
    for (const chance of [0, 0.25, 0.5, 0.999]) {
      const { clock, server, client } = start();
      clock.chance = chance;
      record(client.statistic$('a', sales));
      await clock.advance(20_000);
      firsts.push(polls(server)[0] ?? NaN);
      expect(new Set(gaps(polls(server)).map((gap) => Math.round(gap)))).toEqual(new Set([5000]));
    }
    expect(firsts.map((first) => Math.round(first / 100) * 100)).toEqual([0, 1300, 2500, 5000]);
  });
});

describe('F72: a page', () => {
  it('is polled every hiddenInterval while it is hidden, and catches up with one poll per upstream when it is shown', async () => {
    const page = createFakePage();
    const { clock, server, client } = start({}, page);
    record(client.statistic$('a', sales));
    record(client.subscription$([{ name: 'b', ...sales }]));
    await clock.advance(20_000);
    page.hide();
    await clock.advance(120_000);
    expect(gaps(polls(server).filter((_, index) => index % 2 === 0)).slice(-3)).toEqual([30_000, 30_000, 30_000]);
    await clock.advance(10_000);
    const before = polls(server).length;
    page.show();
    await clock.advance(100);
    expect(polls(server).length - before).toBe(2);
  });

  it('I4: has no listener and no timer once nobody observes', async () => {
    const page = createFakePage();
    const { clock, client } = start({}, page);
    const one = record(client.statistic$('a', sales));
    await clock.advance(100);
    one.unsubscribe();
    await clock.advance(5000);
    page.show();
    expect(clock.pending).toEqual([]);
    expect(page.listeners).toBe(0);
  });
});

describe('poll.hiddenInterval', () => {
  const hidden = { poll: { interval: 5000, maxInterval: 5000 } };

  it.each([
    ['30 s by default, also if maxInterval equals interval', {}, 30_000],
    ['the given number', { hiddenInterval: 60_000 }, 60_000],
    ['interval, if given so', { hiddenInterval: 5000 }, 5000],
  ])('is %s', async (_, options, gap) => {
    const page = createFakePage();
    const { clock, server, client } = start({ poll: { ...hidden.poll, ...options } }, page);
    record(client.statistic$('a', sales));
    await clock.advance(20_000);
    page.hide();
    await clock.advance(4 * 60_000);
    expect(gaps(polls(server)).slice(-2)).toEqual([gap, gap]);
  });

  it('never makes a hidden page poll more often than a visible one', async () => {
    const page = createFakePage();
    const { clock, server, client } = start({ poll: { interval: 5000, hiddenInterval: 5000 } }, page);
    server.fault = undefined;
    record(client.statistic$('a', sales));
    await clock.advance(300_000);
    page.hide();
    await clock.advance(120_000);
    expect(gaps(polls(server)).slice(-3)).toEqual([30_000, 30_000, 30_000]);
  });

  it('F160: does not apply while the server answers, whatever navigator.onLine says', async () => {
    const page = createFakePage();
    const { clock, server, client } = start(hidden, page);
    record(client.statistic$('a', sales));
    await clock.advance(20_000);
    page.goOffline();
    await clock.advance(120_000);
    expect(gaps(polls(server)).slice(-20).every((gap) => gap === 5000)).toBe(true);
  });

  it('makes no value stale, whenever the page is hidden', async () => {
    for (const after of [0, 1, 2500, 4999]) {
      const page = createFakePage();
      const { clock, client } = start(hidden, page);
      const states = record(client.statisticState$('a', sales));
      await clock.advance(20_000 + after);
      page.hide();
      await clock.advance(300_000);
      expect(states.values.some(({ status }) => status === 'stale'), `hidden after ${after} ms`).toBe(false);
    }
  });

  it('I16: delays staleness by at most twice its excess over maxInterval', async () => {
    const page = createFakePage();
    const { clock, server, client } = start(hidden, page);
    const states = record(client.statisticState$('a', sales));
    await clock.advance(20_000);
    server.fault = () => new Promise(() => undefined);
    page.hide();
    await clock.advance(20_000 + 2 * 25_000 + 5000);
    expect(states.values.at(-1)?.status).toBe('stale');
    expect(states.values.filter(({ status }) => status === 'stale')).toHaveLength(1);
  });

  it('I16: does not delay it once the page is visible again, however often it is hidden and shown', async () => {
    const page = createFakePage();
    const { clock, server, client } = start(hidden, page);
    const states = record(client.statisticState$('a', sales));
    await clock.advance(20_000);
    server.fault = () => new Promise(() => undefined);
    page.hide();
    await clock.advance(28_000);
    page.show();
    await clock.advance(19_900);
    expect(states.values.at(-1)?.status, 'a visible page waits for its answer').toBe('live');
    page.hide();
    page.show();
    await clock.advance(10_000);
    expect(states.values.at(-1)?.status, 'for staleAfter after each time').toBe('live');
    for (let times = 0; times < 5; times++) {
      page.hide();
      page.show();
      await clock.advance(5000);
    }
    expect(states.values.at(-1)?.status, 'but no longer than if it had stayed hidden').toBe('stale');
  });
});

describe('the phase after a failure', () => {
  it('is drawn anew for a subscription whose reopening failed, so that upstreams that waited together do not poll in step', async () => {
    const { clock, server, client } = start();
    record(client.statistic$('a', sales));
    await clock.advance(20_000);
    clock.chance = 0.25;
    server.forget();
    let fails = true;
    server.fault = ({ method }) => {
      server.value++;
      const answer = method === 'POST' && fails ? reply(503) : undefined;
      fails &&= answer === undefined;
      return answer;
    };
    await clock.advance(12_000);
    const [opened = NaN, polled = NaN] = server.requests.slice(-4).flatMap(({ method, at }, index, last) => (method === 'POST' && last[index + 1]?.method === 'GET' ? [at, last[index + 1]?.at ?? NaN] : []));
    expect(polled - opened).toBe(0.25 * 5000);
  });

  it('is kept by a subscription that was reopened at once', async () => {
    const { clock, server, client } = start();
    record(client.statistic$('a', sales));
    await clock.advance(20_000);
    clock.chance = 0.25;
    server.forget();
    await clock.advance(12_000);
    expect(gaps(polls(server)).slice(-1)).toEqual([5000]);
  });
});

describe('an interval that nothing changes in', () => {
  const options = { interval: 5000, maxInterval: 30_000, factor: 1.5 };

  it.each([
    [0, 5000],
    [1, 7500],
    [4, 25_312.5],
    [5, 30_000],
    [10_000, 30_000],
  ])('after %i polls without a change it is %f ms', (unchanged, interval) => {
    expect(growingInterval(options, unchanged)).toBe(interval);
  });
});

describe('F70: a machine that slept', () => {
  it('catches up with one poll per upstream after eight hours', async () => {
    const { clock, server, client } = start();
    const all = [record(client.statistic$('a', sales)), record(client.subscription$([{ name: 'b', ...sales }]))];
    await clock.advance(20_000);
    const before = polls(server).length;
    clock.sleep(8 * 3_600_000);
    await clock.advance(100);
    expect(polls(server).length - before).toBe(2);
    await clock.advance(20_000);
    expect(polls(server).length - before).toBe(2 + 2 * 4);
    expect(all.every(({ error }) => error === undefined)).toBe(true);
  });
});
