/** When polls are due: the needs of observers, what definitions can change, phases, hidden pages, machines that slept. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../support/client-on.js';
import type { StatisticDefinition, StatisticsClient, StatisticsClientOptions } from '../../../src/index.js';
import { createPageLifecycle } from '../../../src/time/page-lifecycle.js';
import { createFakePage } from '../../support/fake-page.js';
import { record } from '../../support/journey.js';
import { createMemoryServer, type MemoryServer } from '../../support/memory-server.js';
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

describe('the fastest observer', () => {
  it('sets the pace of all that share its upstream, for as long as it is there', async () => {
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

  it('sets it for the other statistics of the upstream, too', async () => {
    const { clock, server, client } = start();
    record(client.statistic$('a', sales));
    record(client.statistic$('b', sales, { interval: 1000 }));
    record(client.statistic$('c', sales, { interval: 3000 }));
    await clock.advance(10_000);
    expect(server.opened).toHaveLength(1);
    expect(gaps(polls(server)).slice(-4)).toEqual([1000, 1000, 1000, 1000]);
  });

  it('of a set sets it for the others', async () => {
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

  it('a slow one alone is asked for as rarely as it wants, and is not stale for that', async () => {
    const { clock, server, client } = start({ poll: { maxInterval: 5000 } });
    record(client.statistic$('a', sales, { interval: 60_000 }));
    await clock.advance(300_000);
    expect(gaps(polls(server)).every((gap) => gap === 60_000)).toBe(true);
    expect(polls(server).length).toBeGreaterThanOrEqual(4);
    await clock.advance(59_000 - (clock.monotonic() - (polls(server).at(-1) ?? 0)));
    expect(record(client.statisticState$('a', sales)).values[0]?.status).toBe('live');
  });
});

describe('definitions that are notified periodically', () => {
  const every = (seconds: number): StatisticDefinition => ({ category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait', notificationMode: 'Periodical', notificationFrequency: seconds });

  it('are polled no oftener than they can change', async () => {
    const { clock, server, client } = start();
    record(client.statistic$(every(60), sales));
    await clock.advance(200_000);
    expect(gaps(polls(server))).toEqual([60_000, 60_000]);
  });

  it('the one that can change most often counts; of a configured statistic nothing is known', async () => {
    const { clock, server, client } = start();
    record(client.statistic$(every(60), sales));
    record(client.statistic$(every(20), sales));
    await clock.advance(100_000);
    expect(new Set(gaps(polls(server)))).toEqual(new Set([20_000]));
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(60_000);
    expect(gaps(polls(server)).slice(-5)).toEqual([5000, 5000, 5000, 5000, 5000]);
  });

  it('those that are notified at once are not waited for', async () => {
    const { clock, server, client } = start();
    record(client.statistic$({ ...every(60), notificationMode: 'Immediate' }, sales));
    await clock.advance(20_000);
    expect(new Set(gaps(polls(server)))).toEqual(new Set([5000]));
  });
});

describe('the phase', () => {
  it('cuts the first wait by chance, so that those who start together do not poll in step', async () => {
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

describe('a page', () => {
  it('F72: hidden, it is polled as rarely as may be; shown again, it catches up with one poll for each upstream', async () => {
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

  it('nothing is held for a page once nobody watches', async () => {
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

describe('F70: a machine that slept', () => {
  it('for eight hours catches up with one poll for each upstream', async () => {
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
