/**
 * Sets and statistics in shared upstreams, in virtual time: few upstreams, few opens, and each snapshot from one answer (G2, G6).
 * The server numbers its answers, and each value is the number of its answer, so a snapshot shows which answers it is from.
 */
import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { StatisticsClient, StatisticsClientOptions, StatisticValue, Transport } from '../../src/index.js';
import { createRandom } from '../../src/simulator/centre/random.js';
import { createClientOn } from '../support/client-on.js';
import { eventsOf, record, type Recording } from '../support/journey.js';
import { askedFor, createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const window = 10;
const roundTrip = 15;
const interval = 5000;

interface Rig {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly client: StatisticsClient;
  /** The names of statistics that the server leaves out of every answer. */
  readonly missing: Set<string>;
  /** The names that each POST asked for. */
  readonly posts: readonly string[][];
}

/** @param oneWay - milliseconds that a request, or an answer, needs for its way. */
function start(options: Partial<StatisticsClientOptions> = {}, oneWay: () => number = () => roundTrip / 2): Rig {
  const clock = createVirtualClock();
  const server = createMemoryServer(clock.monotonic);
  const missing = new Set<string>();
  const posts: string[][] = [];
  const pass = (): Promise<void> => new Promise((resolve) => clock.after(oneWay(), resolve));
  const transport: Transport = async (request, signal) => {
    if (request.method === 'POST' && request.url.includes('/subscriptions')) {
      posts.push(askedFor(request).flatMap(({ name }) => name ?? []));
    }
    await pass();
    server.value++;
    const response = await server.transport(request, signal);
    const answer = JSON.parse(response.body) as { data?: { statistics: { name: string; timestamp: number }[] } };
    if (answer.data?.statistics !== undefined) {
      answer.data.statistics = answer.data.statistics.filter(({ name }) => !missing.has(name));
      // The later of two answers in the same millisecond also has the newer timestamp.
      answer.data.statistics.forEach((each) => (each.timestamp = clock.now() + server.value));
    }
    await pass();
    return { ...response, body: JSON.stringify(answer) };
  };
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport, ...options });
  return { clock, server, client, missing, posts };
}

const statistic = (index: number) => ({ name: `statistic ${index}`, ...sales });
/** `size` statistics, the first of which has this number. */
const setOf = (first: number, size: number) => Array.from({ length: size }, (_, index) => statistic(first + index));

/** The answers that the values of a snapshot come from: one, unless the snapshot is mixed. */
const answersIn = (snapshot: readonly StatisticValue[]): number[] => [...new Set(snapshot.map(({ value }) => (value as { intValue: number }).intValue))];
const answersOf = ({ values }: Recording<readonly StatisticValue[]>): number[] => values.flatMap(answersIn);

/** Expects each snapshot to come from one answer, later than that of the snapshot before. */
function expectFaultless(sets: readonly Recording<readonly StatisticValue[]>[]): void {
  for (const set of sets) {
    expect(set.values.map(answersIn).filter(({ length }) => length !== 1), 'no snapshot is mixed').toEqual([]);
    expect(answersOf(set), 'none is repeated, or older than one before').toEqual([...new Set(answersOf(set))].sort((a, b) => a - b));
    expect(set.error).toBeUndefined();
  }
}

const statuses = ({ values }: Recording<{ readonly status: string }>): string[] => values.map(({ status }) => status);

/** The number of ids that the last poll named; `undefined`: it named none and asked for all. */
const polledIds = ({ server }: Rig): number | undefined => {
  const last = server.requests.findLast(({ method }) => method === 'GET');
  return new URLSearchParams(last?.query).get('statisticIds')?.split(',').length;
};

/** Closes the client, and expects that no subscription, timer or listener is left. */
async function end({ clock, server, client }: Rig): Promise<void> {
  void client.close();
  await clock.advance(20_000);
  expect([server.sizes(), clock.pending]).toEqual([[], []]);
}

describe('sets that are asked for together', () => {
  it('G2: 20 sets of 5 in one tick: one POST, one GET an interval, one DELETE', async () => {
    const rig = start();
    const { clock, server, client } = rig;
    const sets = Array.from({ length: 20 }, (_, index) => record(client.subscription$(setOf(5 * index, 5))));
    await clock.advance(window + roundTrip);
    expect(sets.every(({ values }) => values.length === 1)).toBe(true);
    await clock.advance(interval + roundTrip);
    const before = server.count('GET');
    await clock.advance(10 * (interval + roundTrip));
    expect(server.count('GET') - before).toBe(10);
    expectFaultless(sets);
    expect(new Set(sets.map((set) => answersOf(set).join())).size, 'all are shown the same answers').toBe(1);
    sets.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(1000 + roundTrip);
    expect([server.count('POST'), server.count('DELETE'), clock.pending]).toEqual([1, 1, []]);
  });

  it('G2: a definition that a statistic and three sets need is on the wire once', async () => {
    const rig = start();
    const { clock, client, posts, server } = rig;
    const one = record(client.statistic$('statistic 0', sales));
    const sets = [setOf(0, 2), setOf(0, 3), [statistic(4), statistic(0)]].map((set) => record(client.subscription$(set)));
    await clock.advance(window + roundTrip);
    expect(posts.map((names) => names.toSorted())).toEqual([[0, 1, 2, 4].map((index) => `statistic ${index}`)]);
    expect([one, ...sets].map(({ values }) => values.length)).toEqual([1, 1, 1, 1]);
    expectFaultless(sets);
    // Then a later set that also needs a new definition.
    const late = record(client.subscription$([statistic(0), statistic(5)]));
    await clock.advance(window + 2 * roundTrip);
    expect([late.values.length, server.sizes()]).toEqual([1, [5]]);
    await end(rig);
  });

  it('G2: any mixture of sets opens ceil(distinct definitions / batch.size) upstreams', async () => {
    type Kind = 'statistic$' | 'statisticState$' | 'subscription$' | 'subscriptionState$';
    interface Call {
      readonly kind: Kind;
      /** The disjoint parts that the definitions are divided into. Each part is a set, or single statistics. */
      readonly part: number;
      readonly reversed: boolean;
    }
    const call: fc.Arbitrary<Call> = fc.record({
      kind: fc.constantFrom<Kind[]>('statistic$', 'statisticState$', 'subscription$', 'subscriptionState$'),
      part: fc.nat(15),
      reversed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(2, 5), { minLength: 16, maxLength: 16 }), fc.array(call, { minLength: 1, maxLength: 40 }), async (sizes, calls) => {
        const rig = start({ batch: { size: 10 } });
        const { clock, client, server } = rig;
        const parts = sizes.map((size, index) => setOf(10 * index, size));
        const needed = new Set<string>();
        const streams = calls.map(({ kind, part, reversed }): Observable<unknown> => {
          const members = parts[part] ?? [];
          const [first = statistic(0)] = members;
          const isSet = kind === 'subscription$' || kind === 'subscriptionState$';
          (isSet ? members : [first]).forEach(({ name }) => needed.add(name));
          return isSet ? client[kind](reversed ? members.toReversed() : members) : client[kind](first.name, sales);
        });
        const recordings = streams.map(record);
        await clock.advance(window + roundTrip);
        expect(server.opened).toHaveLength(Math.ceil(needed.size / 10));
        expect(recordings.every(({ values }) => values.length > 0)).toBe(true);
        expect(server.sizes().reduce((sum, size) => sum + size, 0)).toBe(needed.size);
        await end(rig);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('a set larger than batch.size has an upstream of its own, which also serves the statistics and sets it contains', async () => {
    const rig = start({ batch: { size: 3 } });
    const { clock, client, server } = rig;
    const large = record(client.subscription$(setOf(0, 5)));
    const within = record(client.subscription$(setOf(1, 2)));
    const others = [10, 11, 12, 13].map((index) => record(client.statistic$(`statistic ${index}`, sales)));
    await clock.advance(window + roundTrip);
    expect(server.sizes().sort((a, b) => a - b)).toEqual([1, 3, 5]);
    await clock.advance(60_000);
    expect([server.sizes().sort((a, b) => a - b), server.opened.length]).toEqual([[1, 3, 5], 3]);
    expect(others.every(({ values }) => values.length > 1)).toBe(true);
    expectFaultless([large, within]);
    await end(rig);
  });
});

describe('sets that arrive one at a time', () => {
  it('G2: 60 sets of 5, one every 20 ms: the first snapshot of each within a round trip and a window, at most 40 opens, one upstream 5 s after the last', async () => {
    const rig = start();
    const { clock, client, server } = rig;
    const late: number[] = [];
    const sets: Recording<readonly StatisticValue[]>[] = [];
    for (let index = 0; index < 60; index++) {
      const asked = clock.monotonic();
      const set$ = client.subscription$(setOf(5 * index, 5));
      sets.push(record(set$));
      const subscription = set$.subscribe(() => {
        late.push(clock.monotonic() - asked);
        subscription.unsubscribe();
      });
      await clock.advance(20);
    }
    await clock.advance(5000);
    expect(late).toHaveLength(60);
    expect(Math.max(...late)).toBeLessThanOrEqual(window + roundTrip);
    expect(server.sizes()).toEqual([300]);
    expect(server.opened.length).toBeLessThanOrEqual(40);
    const opened = server.opened.length;
    await clock.advance(60_000);
    expect(server.opened, 'a minute later nothing has been moved again').toHaveLength(opened);
    expectFaultless(sets);
    await end(rig);
  });

  it.each([1, 2, 3])('G5, G6: overlapping sets that move while answers overtake each other emit nothing mixed, repeated or older (seed %i)', async (seed) => {
    const random = createRandom(seed, 'sets');
    const rig = start({ poll: { interval: 100, maxInterval: 100 }, batch: { size: 20 } }, () => random.between(1, 200));
    const { clock, client } = rig;
    const sets: Recording<readonly StatisticValue[]>[] = [];
    for (let index = 0; index < 60; index++) {
      sets.push(record(client.subscription$(setOf(random.between(0, 60), random.between(2, 6)))));
      if (random.chance(0.3)) {
        sets[random.between(0, index)]?.unsubscribe();
      }
      await clock.advance(random.between(1, 400));
    }
    await clock.advance(10_000);
    expectFaultless(sets);
    await end(rig);
  });

  it('a set whose members are all live in one upstream opens nothing, and emits its snapshot at once', async () => {
    const rig = start();
    const { clock, client, server } = rig;
    record(client.subscription$(setOf(0, 3)));
    record(client.statistic$('statistic 3', sales));
    await clock.advance(window + roundTrip);
    const set = record(client.subscription$([statistic(3), statistic(1)]));
    const state = record(client.subscriptionState$([statistic(1), statistic(3)]));
    expect([set.values.length, statuses(state)]).toEqual([1, ['live']]);
    await clock.advance(interval + roundTrip);
    expect([set.values.length, server.opened.length]).toEqual([2, 1]);
    expectFaultless([set]);
    await end(rig);
  });
});

describe('a member', () => {
  const kinds = (client: StatisticsClient) => ({
    holders: [record(client.subscription$(setOf(0, 3))), record(client.subscription$([statistic(2), statistic(5)])), record(client.statistic$('statistic 2', sales))],
    others: [record(client.subscription$(setOf(0, 2))), record(client.subscription$(setOf(5, 3))), record(client.statistic$('statistic 1', sales))],
  });

  it.each([400, 403])('G8: that is refused with %i errors the statistics and sets that hold it, and its error names it alone', async (status) => {
    const rig = start();
    const { clock, client, server } = rig;
    server.fault = (request) => (askedFor(request).some(({ name }) => name === 'statistic 2') ? reply(status) : undefined);
    const rejected = eventsOf(client, 'rejected');
    const { holders, others } = kinds(client);
    await clock.advance(10_000);
    for (const { error } of [...holders, ...rejected]) {
      expect(error).toMatchObject({ name: 'StatisticRejectedError', definitions: [statistic(2)], cause: { httpStatus: status } });
    }
    expect(rejected.length).toBeGreaterThan(0);
    expect(others.map(({ values, error }) => [values.length > 1, error])).toEqual(others.map(() => [true, undefined]));
    await clock.advance(60_000);
    expect(server.sizes(), 'the others live together').toEqual([5]);
    await end(rig);
  });

  it('G8: that is not returned errors the statistics and sets that hold it, and its error names it alone', async () => {
    const rig = start();
    const { clock, client, missing, server } = rig;
    missing.add('statistic 2');
    const { holders, others } = kinds(client);
    await clock.advance(2 * interval);
    for (const { error } of holders) {
      expect(error).toMatchObject({ name: 'StatisticRejectedError', definitions: [statistic(2)], message: expect.stringContaining('is not returned') as string });
    }
    expect(others.map(({ values, error }) => [values.length > 1, error])).toEqual(others.map(() => [true, undefined]));
    expect(server.opened).toHaveLength(1);
    await end(rig);
  });

  it('G8: that is refused after the server has forgotten everything does the same', async () => {
    const rig = start();
    const { clock, client, server } = rig;
    const { holders, others } = kinds(client);
    await clock.advance(2 * interval);
    expect([...holders, ...others].every(({ values }) => values.length > 1)).toBe(true);
    server.fault = (request) => (askedFor(request).some(({ name }) => name === 'statistic 2') ? reply(400) : undefined);
    server.forget();
    await clock.advance(4 * interval);
    holders.forEach(({ error }) => expect(error).toMatchObject({ definitions: [statistic(2)] }));
    const before = others.map(({ values }) => values.length);
    await clock.advance(4 * interval);
    expect(others.every(({ values, error }, index) => values.length > (before[index] ?? NaN) && error === undefined)).toBe(true);
    await end(rig);
  });
});

describe('sets that nobody observes any more', () => {
  it('G2: are left out of the polls once they have lingered; one that is asked for again has a snapshot within a round trip', async () => {
    const rig = start();
    const { clock, client, server } = rig;
    const sets = Array.from({ length: 10 }, (_, index) => record(client.subscription$(setOf(5 * index, 5))));
    // One definition of the unobserved set is still needed.
    record(client.statistic$('statistic 15', sales));
    await clock.advance(window + roundTrip);
    sets.slice(3).forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(2 * interval);
    expect(polledIds(rig)).toBe(16);
    const again = record(client.subscription$(setOf(20, 5)));
    expect(again.values).toEqual([]);
    await clock.advance(roundTrip);
    expect(again.values).toHaveLength(1);
    await clock.advance(interval + roundTrip);
    expect([polledIds(rig), server.opened.length]).toEqual([21, 1]);
    expectFaultless([...sets.slice(0, 3), again]);
    await end(rig);
  });

  it('linger: a set that is requested again in time emits its snapshot at once; the end of the last one ends the upstream', async () => {
    const rig = start({ poll: { interval: 200, maxInterval: 200 } });
    const { clock, client, server } = rig;
    const [one, other] = [setOf(0, 3), setOf(2, 3)].map((set) => record(client.subscription$(set)));
    await clock.advance(window + roundTrip);
    one?.unsubscribe();
    await clock.advance(900);
    expect(polledIds(rig)).toBeUndefined();
    const again = record(client.subscription$(setOf(0, 3).toReversed()));
    expect(again.values).toHaveLength(1);
    expect(answersOf(again)).toEqual(other === undefined ? [] : answersOf(other).slice(-1));
    [again, other].forEach((each) => each?.unsubscribe());
    await clock.advance(999);
    expect(server.count('DELETE')).toBe(0);
    await clock.advance(1 + roundTrip);
    expect([server.count('DELETE'), server.opened.length, clock.pending]).toEqual([1, 1, []]);
  });

  it('are evicted with their upstream, the least recently used first; an observed set never is', async () => {
    const rig = start({ batch: { size: 5 }, sharing: { linger: 60_000, maxIdle: 2 } });
    const { clock, client, server, posts } = rig;
    const evicted = eventsOf(client, 'evicted');
    const sets = Array.from({ length: 4 }, (_, index) => record(client.subscription$(setOf(5 * index, 5))));
    await clock.advance(window + roundTrip);
    expect(server.sizes()).toEqual([5, 5, 5, 5]);
    const [first, second, third, fourth] = sets;
    for (const left of [third, second, fourth]) {
      left?.unsubscribe();
      await clock.advance(100);
    }
    expect(evicted).toEqual([{ type: 'evicted', statistics: 5 }]);
    expect(server.deleted).toEqual([server.opened[posts.findIndex((names) => names.includes('statistic 10'))]]);
    await clock.advance(2 * interval);
    expect([first?.values.length, server.sizes()]).toEqual([3, [5, 5, 5]]);
    await end(rig);
  });
});

it('however a page of random sets churns, at most ten opens and one more every two seconds are made', async () => {
  const random = createRandom(1, 'churn');
  const rig = start({}, () => random.between(1, 100));
  const { clock, client, server } = rig;
  const minutes = 5;
  const sets: Recording<readonly StatisticValue[]>[] = [];
  const present: Recording<unknown>[] = [];
  for (let step = 0; step < minutes * 60 * 5; step++) {
    const set = record(client.subscription$(setOf(step % 3 === 0 ? step : random.between(0, 40), random.between(1, 6))));
    sets.push(set);
    present.push(set);
    if (present.length > 10) {
      present.splice(random.between(0, 9), 1).forEach(({ unsubscribe }) => unsubscribe());
    }
    await clock.advance(200);
  }
  expect(server.opened.length).toBeLessThanOrEqual(10 + minutes * 30);
  expectFaultless(sets);
  expect(sets.filter(({ values }) => values.length > 0).length, 'and most are there long enough to be shown something').toBeGreaterThan(sets.length / 2);
  present.forEach(({ unsubscribe }) => unsubscribe());
  await clock.advance(60_000);
  expect([server.sizes(), clock.pending]).toEqual([[], []]);
}, 60_000);

describe('the state of a set', () => {
  it('is pending, live with each snapshot, stale with the last one and the reason, then live again; it completes after failed', async () => {
    const rig = start({ poll: { interval, maxInterval: interval, staleAfter: 20_000 } });
    const { clock, client, server } = rig;
    const state = record(client.subscriptionState$({ first: statistic(0), second: statistic(1) }));
    expect(state.values).toEqual([{ status: 'pending' }]);
    await clock.advance(window + roundTrip);
    expect(statuses(state)).toEqual(['pending', 'live']);
    server.fault = () => reply(503);
    await clock.advance(30_000);
    const [, live, stale] = state.values;
    expect(statuses(state)).toEqual(['pending', 'live', 'stale']);
    expect(live).toMatchObject({ value: { first: { name: 'statistic 0' }, second: { name: 'statistic 1' } }, receivedAt: expect.any(Number) as number });
    expect(stale).toMatchObject({ value: live?.value, receivedAt: live?.receivedAt, error: { name: 'StatisticsApiError', httpStatus: 503 } });
    server.fault = undefined;
    await clock.advance(40_000);
    const again = state.values[3];
    expect(again).toMatchObject({ status: 'live', value: { first: { name: 'statistic 0' } } });
    expect(again).not.toHaveProperty('error');
    server.fault = ({ method }) => (method === 'POST' ? reply(400) : undefined);
    server.forget();
    await clock.advance(20_000);
    expect(state.values.at(-1)).toMatchObject({ status: 'failed', value: { first: { name: 'statistic 0' } }, error: { name: 'StatisticRejectedError' } });
    expect([state.completed, state.error]).toEqual([true, undefined]);
    expect(state.values.slice(3, -1).every(({ status }) => status === 'live')).toBe(true);
    expect(state.values.every((each) => Object.isFrozen(each) && (each.value === undefined || Object.isFrozen(each.value)))).toBe(true);
    await end(rig);
  });
});
