/**
 * Coalescing in virtual time: in whatever order statistics come and go, there are few upstreams and few opens, and no observer
 * waits longer or notices a move (G2).
 */
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numberOf, type StatisticsClient, type StatisticsClientOptions, type Transport } from '../../src/index.js';
import { record, type Recording } from '../support/journey.js';
import { askedFor, createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { startRig } from '../support/rig.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const roundTrip = 15;
const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

interface Rig {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly client: StatisticsClient;
  /** A stream of the numeric values of the statistic with this number. */
  watch(index: number): Recording<number>;
}

function start(options: Partial<StatisticsClientOptions> = {}): Rig {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const transport: Transport = async (request, signal) => {
    await new Promise<void>((resolve) => clock.after(roundTrip, resolve));
    return server.transport(request, signal);
  };
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport, ...options });
  return {
    clock,
    server,
    client,
    watch: (index) => record(client.statistic$(`statistic ${index}`, sales).pipe(map(({ value }) => numberOf(value) ?? NaN))),
  };
}

const opens = ({ server }: Rig): number => server.opened.length;

/** The number of ids that the last poll named; `undefined`: it named none and asked for all. */
const polledIds = ({ server }: Rig): number | undefined => {
  const last = server.requests.findLast(({ method }) => method === 'GET');
  return new URLSearchParams(last?.query).get('statisticIds')?.split(',').length;
};

/** Uses up all openings that are allowed at once, so that a new statistic has to wait. */
async function takeAllTurns(rig: Rig): Promise<void> {
  for (let index = 0; index < 10; index++) {
    rig.watch(index);
    await rig.clock.advance(12);
  }
  await rig.clock.advance(roundTrip);
}

describe('statistics that arrive one at a time', () => {
  it('500, one every 20 ms: each has its value within a round trip and a window, at most 40 opens, one upstream 5 s after the last', async () => {
    const rig = start();
    const late: number[] = [];
    for (let index = 0; index < 500; index++) {
      const asked = rig.clock.monotonic();
      rig.client.statistic$(`statistic ${index}`, sales).subscribe(() => {
        late.push(rig.clock.monotonic() - asked);
      });
      await rig.clock.advance(20);
    }
    await rig.clock.advance(5000);
    expect(late).toHaveLength(500);
    expect(Math.max(...late)).toBeLessThanOrEqual(roundTrip + 10);
    expect(rig.server.sizes()).toEqual([500]);
    expect(opens(rig)).toBeLessThanOrEqual(40);
    // During the next minute no needless move is made.
    const before = opens(rig);
    await rig.clock.advance(60_000);
    expect(opens(rig)).toBe(before);
  });

  it('settle into ceil(N / batch.size) upstreams', async () => {
    const rig = start({ batch: { size: 50 } });
    for (let index = 0; index < 230; index++) {
      rig.watch(index);
      await rig.clock.advance(index % 7 === 0 ? 200 : 1);
    }
    await rig.clock.advance(60_000);
    expect(rig.server.sizes()).toHaveLength(5);
    expect(rig.server.sizes().reduce((sum, size) => sum + size, 0)).toBe(230);
  });

  it('statistics that fill an upstream are opened at once, fewer at the end of the window', async () => {
    const rig = start({ batch: { size: 3, window: 100 } });
    const [first] = [0, 1, 2].map(rig.watch);
    await rig.clock.advance(1 + roundTrip);
    expect([first?.values.length, opens(rig)]).toEqual([1, 1]);
    const late = [3, 4].map(rig.watch);
    await rig.clock.advance(99 + roundTrip);
    expect([late[0]?.values.length, opens(rig)]).toEqual([0, 1]);
    await rig.clock.advance(1);
    expect([late[0]?.values.length, opens(rig)]).toEqual([1, 2]);
  });

  it('a server without peeks delays no first value: late statistics are then opened as they come', async () => {
    const rig = start();
    rig.server.fault = ({ url }) => (url.includes('/operations/') ? reply(404) : undefined);
    const all: Recording<number>[] = [];
    for (let index = 0; index < 30; index++) {
      all.push(rig.watch(index));
      await rig.clock.advance(50);
    }
    await rig.clock.advance(50);
    expect(all.every(({ values }) => values.length === 1)).toBe(true);
    // One peek was tried, and no other within the minute.
    expect(rig.server.requests.filter(({ path }) => path.startsWith('/operations'))).toHaveLength(1);
    await rig.clock.advance(10_000);
    expect(rig.server.sizes()).toEqual([30]);
  });

  it('inline definitions, which cannot be peeked at, are opened at once', async () => {
    const rig = start();
    const all: Recording<unknown>[] = [];
    for (let index = 0; index < 20; index++) {
      const definition = { category: 'CurrentNumber', subject: 'DNAction', mainMask: `Call${index}` } as const;
      all.push(record(rig.client.statistic$(definition, sales)));
      await rig.clock.advance(50);
    }
    expect(all.every(({ values }) => values.length === 1)).toBe(true);
    await rig.clock.advance(10_000);
    expect(rig.server.sizes()).toEqual([20]);
  });
});

describe('a window', () => {
  it('gathers all newcomers, opens them together at its end, and takes one token for all', async () => {
    const rig = start();
    for (let round = 0; round < 5; round++) {
      for (let index = 0; index < 40; index++) {
        rig.watch(round * 40 + index);
        await rig.clock.advance(index % 8 === 7 ? 1 : 0);
      }
      // The first statistic came ten milliseconds before the end of the window, the last one five.
      const before = opens(rig);
      await rig.clock.advance(5 + roundTrip);
      expect(opens(rig) - before).toBe(1);
    }
    // No peek was needed: only five of the ten allowed openings were made.
    expect(rig.server.requests.filter(({ path }) => path.startsWith('/operations'))).toEqual([]);
  });
});

describe('a statistic whose observers leave before it is opened', () => {
  it('I4: is never opened and leaves no timer; a later statistic is opened as usual', async () => {
    const rig = start();
    rig.watch(0).unsubscribe();
    expect(rig.clock.pending).toEqual([]);
    const [one, other] = [rig.watch(0), rig.watch(1)];
    one.unsubscribe();
    const again = rig.watch(0);
    await rig.clock.advance(100);
    expect([one.values, other.values, again.values]).toEqual([[], [0], [0]]);
    expect(rig.server.requests.map(({ statistics }) => statistics)).toEqual([2]);
  });

  it('I4: leaves no timer either if it had to wait for the token bucket', async () => {
    const rig = start();
    await takeAllTurns(rig);
    const late = rig.watch(99);
    await rig.clock.advance(100);
    expect(late.values).toEqual([0]);
    const before = rig.clock.pending.length;
    late.unsubscribe();
    expect(rig.clock.pending.length).toBeLessThan(before);
    await rig.clock.advance(3000);
    const again = rig.watch(99);
    await rig.clock.advance(100);
    expect(again.values).toEqual([0]);
  });
});

it('an observer that comes back after the linger causes a new opening', async () => {
  const rig = start();
  rig.watch(0).unsubscribe();
  const one = rig.watch(1);
  await rig.clock.advance(100);
  one.unsubscribe();
  await rig.clock.advance(5000);
  expect(rig.server.sizes()).toEqual([]);
  const again = rig.watch(1);
  await rig.clock.advance(100);
  expect([again.values, rig.server.sizes()]).toEqual([[0], [1]]);
});

describe('a peek for waiting statistics', () => {
  it('G5: is ignored if its answer comes after the opening', async () => {
    const rig = start();
    await takeAllTurns(rig);
    rig.server.value = 3;
    let late = 0;
    rig.server.fault = (request) => {
      if (!request.url.includes('/operations/')) {
        return undefined;
      }
      const stale = reply(200, { status: { code: 0 }, data: { statistics: [{ name: 'statistic 99', ...sales, value: { intValue: 3 } }] } });
      return new Promise((resolve) => rig.clock.after(4000, () => {
        late++;
        resolve(stale);
      }));
    };
    const one = rig.watch(99);
    await rig.clock.advance(100);
    rig.server.value = 7;
    await rig.clock.advance(3000);
    expect([late, one.values]).toEqual([0, [7]]);
    await rig.clock.advance(1500);
    expect([late, one.values]).toEqual([1, [7]]);
  });

  it('is aborted by close()', async () => {
    const rig = start();
    await takeAllTurns(rig);
    rig.server.fault = ({ url }) => (url.includes('/operations/') ? 'silent' : undefined);
    rig.watch(99);
    await rig.clock.advance(100);
    expect(rig.server.requests.at(-1)?.path).toBe('/operations/get-statistic-ex');
    void rig.client.close();
    await rig.clock.advance(1000);
    expect(rig.clock.pending).toEqual([]);
  });
});

describe('a move', () => {
  it('G2: that is under way is not started again by newcomers', async () => {
    const { clock, server, client } = startRig({ latency: 1000 });
    const watch = (from: number, to: number): void => {
      for (let index = from; index < to; index++) {
        record(client.statistic$(`statistic ${index}`, sales));
      }
    };
    watch(0, 10);
    await clock.advance(2000);
    watch(10, 14);
    await clock.advance(100);
    watch(14, 18);
    await clock.advance(1500);
    expect(server.requests.filter(({ method }) => method === 'POST').map(({ statistics }) => statistics)).toEqual([10, 14, 4]);
    await clock.advance(20_000);
    expect(server.sizes()).toEqual([18]);
  });

  it('G2: at a quiet time goes on even if an observer leaves meanwhile', async () => {
    const { clock, server, client } = startRig({ latency: 1000 });
    const watch = (from: number, to: number): Recording<unknown>[] =>
      Array.from({ length: to - from }, (_, index) => record(client.statistic$(`statistic ${from + index}`, sales)));
    const first = watch(0, 10);
    await clock.advance(2000);
    watch(10, 12);
    await clock.advance(3500);
    const sizes = (): number[] => server.requests.filter(({ method }) => method === 'POST').map(({ statistics }) => statistics);
    expect([sizes(), server.sizes()]).toEqual([[10, 2], [10, 2]]);
    first[3]?.unsubscribe();
    await clock.advance(10_000);
    expect([sizes(), server.sizes()]).toEqual([[10, 2, 12], [12]]);
  });

  it('G2: at a quiet time is made once, even if it takes longer than the quiet time and an observer leaves meanwhile', async () => {
    const { clock, server, client } = startRig({ latency: 3000, poll: { interval: 60_000 } });
    const watch = (from: number, to: number): Recording<unknown>[] =>
      Array.from({ length: to - from }, (_, index) => record(client.statistic$(`statistic ${from + index}`, sales)));
    const first = watch(0, 10);
    await clock.advance(4000);
    watch(10, 12);
    await clock.advance(6000);
    const sizes = (): number[] => server.requests.filter(({ method }) => method === 'POST').map(({ statistics }) => statistics);
    first[3]?.unsubscribe();
    await clock.advance(20_000);
    expect([sizes(), server.sizes()]).toEqual([[10, 2, 12], [12]]);
  });

  it('G2: at a quiet time is not delayed by observers that leave', async () => {
    const rig = start();
    const first = Array.from({ length: 20 }, (_, index) => rig.watch(index));
    await rig.clock.advance(500);
    [20, 21, 22].forEach((index) => rig.watch(index));
    await rig.clock.advance(100);
    expect(rig.server.sizes()).toEqual([20, 3]);
    for (let half = 0; half < 6; half++) {
      first[half]?.unsubscribe();
      await rig.clock.advance(500);
    }
    expect(opens(rig)).toBe(3);
  });

  it('I4: is not waited for once no observer is left', async () => {
    const rig = start();
    const all = Array.from({ length: 20 }, (_, index) => rig.watch(index));
    await rig.clock.advance(500);
    all.push(...[20, 21, 22].map((index) => rig.watch(index)));
    await rig.clock.advance(100);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await rig.clock.advance(1100);
    expect([rig.server.sizes(), rig.clock.pending]).toEqual([[], []]);
  });

  it('G2: leaves nothing behind: an upstream that all tenants have left ends at once', async () => {
    const rig = start();
    rig.watch(0);
    await rig.clock.advance(100);
    rig.watch(1);
    await rig.clock.advance(10 + 3 * roundTrip);
    expect([rig.server.sizes(), rig.server.deleted]).toEqual([[2], rig.server.opened.slice(0, 1)]);
  });

  it('G2: that is refused is tried again, less and less often', async () => {
    const rig = start();
    rig.server.fault = (request) => (request.method === 'POST' && askedFor(request).length > 1 ? reply(403) : undefined);
    const one = rig.watch(0);
    await rig.clock.advance(100);
    const other = rig.watch(1);
    await rig.clock.advance(600_000);
    const tried = rig.server.requests.filter(({ statistics }) => statistics === 2).length;
    expect(tried).toBeGreaterThan(5);
    expect(tried).toBeLessThan(20);
    expect([one.values, other.values, one.error, other.error]).toEqual([[0], [0], undefined, undefined]);
    expect(opens(rig)).toBe(2);
    // After a successful move, the next one waits only the usual time.
    rig.server.fault = undefined;
    await rig.clock.advance(70_000);
    expect(rig.server.sizes()).toEqual([2]);
    Array.from({ length: 20 }, (_, index) => rig.watch(10 + index));
    await rig.clock.advance(5000);
    [40, 41, 42].forEach((index) => rig.watch(index));
    await rig.clock.advance(100);
    expect(rig.server.sizes()).toEqual([22, 3]);
    await rig.clock.advance(3000);
    expect(rig.server.sizes()).toEqual([25]);
  });

  it('G8: never includes a definition that was refused once, even if it is live now', async () => {
    const rig = start();
    rig.server.fault = (request) => (askedFor(request).some(({ name }) => name === 'statistic 3') ? reply(400) : undefined);
    Array.from({ length: 10 }, (_, index) => rig.watch(index));
    await rig.clock.advance(10_000);
    rig.server.fault = undefined;
    rig.watch(3);
    await rig.clock.advance(10_000);
    expect(rig.server.sizes().sort((a, b) => a - b)).toEqual([1, 9]);
    rig.watch(20);
    await rig.clock.advance(10_000);
    expect(rig.server.sizes().sort((a, b) => a - b)).toEqual([1, 10]);
  });
});

describe('churn', () => {
  it('however a page churns, moves and late statistics cause at most ten opens, and one more every two seconds', async () => {
    const rig = start();
    const minutes = 5;
    let present: Recording<number>[] = [];
    for (let step = 0; step < minutes * 60 * 5; step++) {
      present.push(rig.watch(step % 3 === 0 ? step : step % 40));
      if (present.length > 25) {
        present.shift()?.unsubscribe();
      }
      await rig.clock.advance(200);
    }
    expect(opens(rig)).toBeLessThanOrEqual(10 + minutes * 30);
    present.forEach(({ unsubscribe }) => unsubscribe());
    present = [];
    await rig.clock.advance(60_000);
    expect(rig.server.sizes()).toEqual([]);
    expect(rig.clock.pending).toEqual([]);
  });

  it('while statistics move, every observer sees each value once, in order', async () => {
    const rig = start({ poll: { interval: 100, maxInterval: 100 }, batch: { size: 40 } });
    const all: Recording<number>[] = [];
    for (let index = 0; index < 100; index++) {
      all.push(rig.watch(index));
      rig.server.value = index;
      await rig.clock.advance(70);
    }
    await rig.clock.advance(10_000);
    expect(rig.server.sizes().sort((a, b) => a - b)).toEqual([20, 40, 40]);
    for (const { values } of all) {
      expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
      expect(values.at(-1)).toBe(99);
    }
  });
});

describe('statistics that are no longer observed', () => {

  it('if half of them are unobserved, the others are polled by id; a returning observer has the value within a round trip', async () => {
    const rig = start({ poll: { maxInterval: 5000 } });
    const all = Array.from({ length: 60 }, (_, index) => rig.watch(index));
    await rig.clock.advance(100);
    all.slice(20).forEach(({ unsubscribe }) => unsubscribe());
    await rig.clock.advance(12_000);
    expect(polledIds(rig)).toBe(20);
    expect(opens(rig)).toBe(1);
    rig.server.value = 7;
    const back = rig.watch(50);
    const state = record(rig.client.statisticState$('statistic 51', sales));
    expect(state.values, 'what is not kept up any more is as if it had never been').toEqual([{ status: 'pending' }]);
    await rig.clock.advance(roundTrip + 1);
    expect(back.values).toEqual([7]);
    expect(state.values.map(({ status }) => status)).toEqual(['pending', 'live']);
    expect(opens(rig)).toBe(1);
  });

  it('within the linger all are polled, so an observer that returns in time gets the value at once', async () => {
    const rig = start({ poll: { interval: 200, maxInterval: 200 } });
    const all = [0, 1, 2, 3].map((index) => rig.watch(index));
    await rig.clock.advance(100);
    all.slice(1).forEach(({ unsubscribe }) => unsubscribe());
    rig.server.value = 7;
    await rig.clock.advance(800);
    expect(polledIds(rig)).toBeUndefined();
    expect(rig.watch(2).values).toEqual([7]);
  });

  it('I16: an observer that returns to a statistic outside the polls of a silent upstream gets the state stale', async () => {
    const rig = start({ poll: { interval: 1000, maxInterval: 1000, staleAfter: 5000 }, sharing: { linger: 0 }, retry: { maxTimeout: 1000 } });
    const [, leaver] = [0, 1].map(rig.watch);
    await rig.clock.advance(3000);
    rig.server.fault = () => Promise.reject(new Error('connection reset'));
    await rig.clock.advance(60_000);
    leaver?.unsubscribe();
    await rig.clock.advance(20_000);
    const state = record(rig.client.statisticState$('statistic 1', sales));
    await rig.clock.advance(2000);
    expect(state.values.map(({ status }) => status)).toEqual(['stale']);
  });

  it('a large, mostly unobserved upstream is opened anew without the unobserved statistics', async () => {
    const rig = start({ poll: { maxInterval: 5000 } });
    const all = Array.from({ length: 200 }, (_, index) => rig.watch(index));
    await rig.clock.advance(100);
    all.slice(20).forEach(({ unsubscribe }) => unsubscribe());
    await rig.clock.advance(12_000);
    expect(rig.server.sizes()).toEqual([20]);
    expect(opens(rig)).toBe(2);
    rig.server.value = 1;
    await rig.clock.advance(6000);
    expect(all.slice(0, 20).every(({ values }) => values.join() === '0,1')).toBe(true);
  });
});

describe('a statistic that a live set holds', () => {
  const members = [0, 1, 2].map((index) => ({ name: `statistic ${index}`, ...sales }));

  it('joins the set: it has no upstream of its own, gets its value at once, and outlives the set', async () => {
    const rig = start({ poll: { maxInterval: 5000 } });
    const set = record(rig.client.subscription$(members));
    await rig.clock.advance(100);
    const one = rig.watch(1);
    expect(one.values).toEqual([0]);
    await rig.clock.advance(1000);
    expect(opens(rig)).toBe(1);
    rig.server.value = 4;
    await rig.clock.advance(5000);
    expect(one.values).toEqual([0, 4]);
    set.unsubscribe();
    rig.server.value = 5;
    await rig.clock.advance(10_000);
    expect(one.values).toEqual([0, 4, 5]);
    // Polls do not name the other members any more.
    expect([rig.server.sizes(), polledIds(rig)]).toEqual([[3], 1]);
    one.unsubscribe();
    await rig.clock.advance(5000);
    expect(rig.server.sizes()).toEqual([]);
    expect(rig.clock.pending).toEqual([]);
  });

  it('becomes stale with the set, and keeps its own interval', async () => {
    const rig = start({ poll: { maxInterval: 5000, staleAfter: 20_000 } });
    record(rig.client.subscription$(members));
    await rig.clock.advance(100);
    const states = record(rig.client.statisticState$('statistic 1', sales));
    record(rig.client.statistic$('statistic 1', sales, { interval: 1000 }));
    for (let second = 0; second < 5; second++) {
      rig.server.value++;
      await rig.clock.advance(1100);
    }
    expect(rig.server.count('GET')).toBe(5);
    rig.server.fault = () => reply(503);
    await rig.clock.advance(30_000);
    expect(states.values.map(({ status }) => status).slice(-2)).toEqual(['live', 'stale']);
  });

  it('becomes live with the set again, whenever it joined', async () => {
    const rig = start({ poll: { interval: 1000, maxInterval: 1000, staleAfter: 4000 } });
    record(rig.client.subscription$(members));
    await rig.clock.advance(1500);
    rig.server.fault = () => reply(503);
    await rig.clock.advance(10_000);
    const early = record(rig.client.statisticState$('statistic 0', sales));
    rig.server.fault = undefined;
    await rig.clock.advance(40_000);
    const late = record(rig.client.statisticState$('statistic 1', sales));
    await rig.clock.advance(3000);
    expect([early, late].map(({ values }) => values.map(({ status }) => status))).toEqual([['stale', 'live'], ['live']]);
  });

  it('statistics that joined a refused set get an upstream of their own', async () => {
    const rig = start({ poll: { maxInterval: 5000 } });
    const set = record(rig.client.subscription$(members));
    await rig.clock.advance(100);
    const one = rig.watch(1);
    rig.server.forget();
    // From now on the server refuses three statistics together, but accepts one alone.
    rig.server.fault = (request) => (request.method === 'POST' && (request.body ?? '').includes('statistic 2') ? reply(403) : undefined);
    rig.server.value = 9;
    await rig.clock.advance(20_000);
    expect(set.error).toBeDefined();
    expect(one.error).toBeUndefined();
    expect(one.values).toEqual([0, 9]);
  });
});
