/**
 * Lives that must be alike: however statistics and sets are coalesced, split, named, ordered or dated, every observer receives
 * the values that one upstream per call would give it (I24), with no more requests. The number of observers of the same statistic
 * makes no difference to the server (I6).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statistics } from './catalogue.js';
import { conditions } from './life.js';
import { createModel } from './model.js';
import { nameOf, type Observer, type Wish } from './observer.js';
import { plainDialect } from './server.js';
import { createWorld, timings, type Conditions, type World } from './world.js';

type Step =
  | { readonly do: 'join'; readonly wish: Wish }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'change'; readonly values: readonly (readonly [key: number, value: number])[] }
  | { readonly do: 'pass'; readonly by: number }
  | { readonly do: 'refresh' };

const { METAMORPHIC_RUNS: runs = '100', MODEL_SEED: seed = '20261125' } = process.env;
const chosen = { numRuns: Number(runs), seed: Number(seed) };
// A night of `npm run model` may take hours.
const limit = 2 ** 31 - 1;

const key = fc.nat(statistics.length - 1);

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('values' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('versions' as const, 'states' as const), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), keys: fc.array(key, { minLength: 1, maxLength: 6, size: 'max' }) }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('join' as const), wish }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), values: fc.array(fc.tuple(key, fc.nat(2)), { minLength: 1, maxLength: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), by: fc.constantFrom(1, 100, 900, 2100, 6000, 31_000) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'refresh' }) },
);

const schedule = fc.array(step, { maxLength: 30, size: 'max' });

const alone: Partial<Conditions> = { token: false, dialect: plainDialect, epoch: 0, fallback: undefined };

/** Milliseconds in which a new observer gets its first value: a window and a round trip, which takes no time here. */
const firstValue = 11;
/** Milliseconds in which all observers get a new value. */
const untilSeen = timings.maxInterval + 1;

/** A statistic that has moved is polled like a new one, which costs this number of polls until its interval has grown again. */
const pollsOfMove = 4;

interface Life {
  readonly world: World;
  /** One observer for each join in the schedule. */
  readonly observers: readonly Observer[];
  /** The most requests for moves and for newcomers that waited to be opened. */
  costOfSharing(): number;
}

/**
 * @param copies - the number of observers for each join.
 * @param apart - whether each observer has its own client.
 */
async function play(steps: readonly Step[], lived: Conditions, copies = 1, apart = false): Promise<Life> {
  const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: lived.seed });
  if (scheduler === undefined) {
    throw new Error('there is no scheduler');
  }
  const world = createWorld(scheduler, lived, createModel(), apart);
  const joined: Observer[][] = [];
  let cost = 0;
  world.client.events$.subscribe(({ type }) => {
    cost += type === 'merged' ? pollsOfMove : type === 'peeked' ? 1 : 0;
  });
  for (const one of steps) {
    switch (one.do) {
      case 'join':
        joined.push(Array.from({ length: copies }, () => world.join(one.wish)));
        break;
      case 'leave':
        joined[one.which % Math.max(1, joined.length)]?.forEach((observer) => observer.leave());
        break;
      case 'change':
        one.values.forEach(([of, value]) => world.history.set(of, value));
        await world.pass(untilSeen);
        break;
      case 'pass':
        await world.pass(one.by);
        break;
      case 'refresh':
        world.refresh();
        break;
    }
    await world.pass(firstValue);
    for (const observer of joined.flat().filter(({ ended }) => ended === undefined)) {
      expect(observer.shown.length, `${nameOf(observer.wish)} has been shown a value`).toBeGreaterThan(0);
    }
  }
  expect(world.violations).toEqual([]);
  return { world, observers: joined.flatMap(([first]) => first ?? []), costOfSharing: () => cost };
}

/** The values that an observer received; for observers of versions, the versions. */
const shownTo = ({ wish: { kind }, shown }: Observer): readonly number[][] =>
  shown.map((versions) => versions.map(({ order, value }) => (kind === 'versions' ? order : value)));

/** The numbers of polls, in ten minutes without changes, and of upstreams. */
async function atRest(world: World): Promise<{ requests: number; upstreams: number }> {
  await world.pass(180_000);
  const before = world.server.requests.length;
  await world.pass(600_000);
  return { requests: world.server.requests.length - before, upstreams: world.server.open.size };
}

/** The requests of the life so far, and those of its end. */
const ifItEndedNow = ({ world: { server } }: Life): number => server.requests.length + server.open.size;

describe('lives that must be alike', () => {
  it('I24, I7: each observer receives the values that one upstream per call would give it, with no more requests at rest', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, conditions, async (steps, lived) => {
        const apart = await play(steps, { ...lived, ...alone }, 1, true);
        const together = await play(steps, lived);
        expect(together.observers.map(shownTo)).toEqual(apart.observers.map(shownTo));
        expect(ifItEndedNow(together) - together.costOfSharing()).toBeLessThanOrEqual(ifItEndedNow(apart));
        const [few, many] = [await atRest(together.world), await atRest(apart.world)];
        expect(few.upstreams).toBeLessThanOrEqual(many.upstreams);
        expect(few.requests).toBeLessThanOrEqual(many.requests + few.upstreams);
      }),
      chosen,
    );
  }, limit);

  it('I6: the server cannot tell how many observe the same', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, conditions, async (steps, lived) => {
        const [one, three] = [await play(steps, lived), await play(steps, lived, 3)];
        const requests = ({ world: { server } }: typeof one): unknown => server.requests.map(({ operation, keys, at }) => [at, operation, keys]);
        expect(requests(three)).toEqual(requests(one));
      }),
      chosen,
    );
  }, limit);
});
