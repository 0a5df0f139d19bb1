/**
 * Coalescing in virtual time: whatever order statistics come and go in, few upstreams, few opens, and nobody waits for it
 * or notices (G2).
 */
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../src/client.js';
import { numberOf, type StatisticsClient, type StatisticsClientOptions, type Transport } from '../../src/index.js';
import { record, type Recording } from '../support/journey.js';
import { createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const roundTrip = 15;
const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

interface Rig {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly client: StatisticsClient;
  /** A statistic by its number, its values as numbers. */
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
    // A minute later nothing has been moved about for nothing.
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

  it('what fills an upstream is opened at once, what does not at the end of the window', async () => {
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

  it('a server that has no peeks costs nobody the first value: then they are opened as they come', async () => {
    const rig = start();
    rig.server.fault = ({ url }) => (url.includes('/operations/') ? reply(404) : undefined);
    const all: Recording<number>[] = [];
    for (let index = 0; index < 30; index++) {
      all.push(rig.watch(index));
      await rig.clock.advance(50);
    }
    await rig.clock.advance(50);
    expect(all.every(({ values }) => values.length === 1)).toBe(true);
    // Asked once, and not again within the minute.
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

describe('churn', () => {
  it('however a page churns, at most ten opens and one more every two seconds are made for moving and late comers', async () => {
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

describe('holes that leaving makes', () => {
  const polledIds = ({ server }: Rig): number | undefined => {
    const last = server.requests.findLast(({ method }) => method === 'GET');
    return new URLSearchParams(last?.query).get('statisticIds')?.split(',').length;
  };

  it('half of them gone, the others are polled by their ids; who comes back has the value within a round trip', async () => {
    const rig = start({ poll: { maxInterval: 5000 } });
    const all = Array.from({ length: 60 }, (_, index) => rig.watch(index));
    await rig.clock.advance(100);
    all.slice(20).forEach(({ unsubscribe }) => unsubscribe());
    await rig.clock.advance(12_000);
    expect(polledIds(rig)).toBe(20);
    expect(opens(rig)).toBe(1);
    rig.server.value = 7;
    const back = rig.watch(50);
    await rig.clock.advance(roundTrip + 1);
    expect(back.values).toEqual([7]);
    expect(opens(rig)).toBe(1);
  });

  it('mostly dead and large, it is opened anew without the dead', async () => {
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

  it('joins it: no upstream of its own, its value at once, and it outlives the set', async () => {
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
    expect(rig.server.sizes()).toEqual([1]);
    one.unsubscribe();
    await rig.clock.advance(5000);
    expect(rig.server.sizes()).toEqual([]);
    expect(rig.clock.pending).toEqual([]);
  });

  it('is told that it is stale with the set, and asks for its own pace', async () => {
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

  it('a set that is refused leaves its guests a home of their own', async () => {
    const rig = start({ poll: { maxInterval: 5000 } });
    const set = record(rig.client.subscription$(members));
    await rig.clock.advance(100);
    const one = rig.watch(1);
    rig.server.forget();
    // Three together are refused from now on, one alone is not.
    rig.server.fault = (request) => (request.method === 'POST' && (request.body ?? '').includes('statistic 2') ? reply(403) : undefined);
    rig.server.value = 9;
    await rig.clock.advance(20_000);
    expect(set.error).toBeDefined();
    expect(one.error).toBeUndefined();
    expect(one.values).toEqual([0, 9]);
  });
});
