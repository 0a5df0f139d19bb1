/** The rules of back-pressure, against a plain model of each; what each loses is counted, and what cannot be told apart is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConsumerQueue, type BackPressure } from '../../src/consumer/queue.js';
import { StatisticsError } from '../../src/index.js';
import { inline, statistic } from '../support/values.js';

function drain<T>(queue: ConsumerQueue<T>): T[] {
  const items: T[] = [];
  while (queue.size > 0) {
    items.push(queue.shift());
  }
  return items;
}

function fill<T>(rule: BackPressure<T>, items: readonly T[]): ConsumerQueue<T> {
  const queue = new ConsumerQueue<T>(rule);
  items.forEach((item) => queue.push(item));
  return queue;
}

describe('latest', () => {
  it('keeps the newest value of each statistic, at the place of the one it replaces', () => {
    const queue = fill('latest', [statistic('a', 1), statistic('b', 1), statistic('a', 2)]);
    expect(drain(queue)).toEqual([statistic('a', 2), statistic('b', 1)]);
  });

  it('puts a statistic at the end if it comes again after it was taken', () => {
    const queue = fill('latest', [statistic('a', 1), statistic('b', 1)]);
    expect(queue.shift()).toEqual(statistic('a', 1));
    queue.push(statistic('a', 2));
    expect(drain(queue)).toEqual([statistic('b', 1), statistic('a', 2)]);
  });

  it.each([
    ['another object', statistic('b', 2)],
    ['another type of object', statistic('a', 2, { objectType: 'RoutePoint' })],
    ['another name', statistic('a', 2, { name: 'Total_Answered' })],
    ['no name but a statisticId like the name', { ...inline('Current_In_Queue', 2), objectId: 'a' }],
  ])('tells apart %s', (_, other) => {
    expect(fill('latest', [statistic('a', 1), other]).size).toBe(2);
  });

  it('identifies a statistic by its name, not by its statisticId, which changes when a subscription is reopened', () => {
    const queue = fill('latest', [statistic('a', 1, { statisticId: '1' }), statistic('a', 2, { statisticId: '2' })]);
    expect(drain(queue).map(({ value }) => value)).toEqual([2]);
  });

  it('identifies an inline definition by its statisticId', () => {
    expect(drain(fill('latest', [inline('1', 1), inline('2', 1), inline('1', 2)]))).toEqual([inline('1', 2), inline('2', 1)]);
  });

  it.each<[string, unknown[]]>([
    ['numbers', [1, null, 3]],
    ['texts', ['a', 'b']],
    ['snapshots of one record', [{ a: statistic('a', 1) }, { a: statistic('a', 2, { statisticId: '2' }) }]],
    ['snapshots of one tuple', [[statistic('a', 1), statistic('b', 1)], [statistic('a', 1), statistic('b', 2)]]],
    ['nothing', [undefined, undefined]],
  ])('keeps the newest one of %s', (_, items) => {
    expect(drain(fill('latest', items))).toEqual([items.at(-1)]);
  });

  it('keeps the newest snapshot beside the newest value of each statistic', () => {
    const items = [statistic('a', 1), { a: statistic('a', 1) }, statistic('a', 2), { a: statistic('a', 2) }];
    expect(drain(fill<unknown>('latest', items))).toEqual(items.slice(2));
  });

  it.each<[string, unknown, unknown]>([
    ['records', { queue: 'a', waiting: 1 }, { queue: 'b', waiting: 2 }],
    ['records of one source', { waiting: 1 }, { waiting: 2 }],
    ['empty records', {}, {}],
    ['snapshots of two objects', { calls: statistic('a', 1) }, { calls: statistic('b', 1) }],
    ['snapshots of two sets', { a: statistic('a', 1) }, { b: statistic('a', 1) }],
    ['snapshots of a set and a part of it', [statistic('a', 1)], [statistic('a', 1), statistic('b', 1)]],
    ['snapshots of inline definitions, whose ids change', [inline('1', 1)], [inline('1', 2)]],
    ['half statistics', { value: 1 }, { value: 2, objectId: 'a', objectType: 'Queue' }],
    ['a number and a record', 1, { waiting: 1 }],
    ['functions', () => 1, () => 2],
  ])('refuses %s, however quickly they are taken', (_, first, second) => {
    const queue = fill('latest', [first]);
    expect(queue.shift()).toBe(first);
    expect(() => queue.push(second)).toThrow(expect.objectContaining({ constructor: StatisticsError, message: expect.stringContaining('latestBy') as string }));
    expect(queue.size).toBe(0);
  });
});

describe('latestBy', () => {
  const byQueue = { latestBy: ({ queue }: { readonly queue: string }) => queue };

  it('keeps the newest item of each key, at the place of the one it replaces', () => {
    const record = (queue: string, waiting: number) => ({ queue, waiting });
    const queue = fill(byQueue, [record('a', 1), record('b', 1), record('a', 2)]);
    expect(drain(queue)).toEqual([record('a', 2), record('b', 1)]);
  });

  it.each([undefined, null, 0, '', false, NaN, 1n])('accepts %s as a key', (key) => {
    expect(drain(fill({ latestBy: () => key }, [1, 2]))).toEqual([2]);
  });

  it.each<[unknown, string]>([[[], 'an array'], [{}, 'an object'], [() => 1, 'a function']])('refuses %o, of which no two are equal', (key, shown) => {
    expect(() => fill({ latestBy: () => key as string }, [1])).toThrow(
      new StatisticsError(`latestBy must return a string, a number or another primitive value, got ${shown}`),
    );
  });
});

describe('as a whole', () => {
  const keyed = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(99));
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: keyed }, fc.constantFrom('shift' as const, 'clear' as const)), {
    maxLength: 60,
  });

  const replaced = (items: unknown[], item: ReturnType<typeof statistic>): unknown[] => {
    const same = (other: unknown): boolean => (other as typeof item).objectId === item.objectId;
    return items.some(same) ? items.map((other) => (same(other) ? item : other)) : [...items, item];
  };

  it.each<[string, BackPressure<ReturnType<typeof statistic>>, (items: unknown[], item: ReturnType<typeof statistic>) => unknown[]]>([
    ['all', 'all', (items, item) => [...items, item]],
    ['buffer', { buffer: 3 }, (items, item) => [...items, item].slice(-3)],
    ['latest', 'latest', replaced],
    ['latestBy', { latestBy: ({ objectId }) => objectId }, replaced],
  ])('%s does as its model', (_, rule, pushed) => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const queue = new ConsumerQueue<ReturnType<typeof statistic>>(rule);
        let model: unknown[] = [];
        for (const step of sequence) {
          if (step === 'clear') {
            queue.clear();
            model = [];
          } else if (step !== 'shift') {
            const item = statistic(...step);
            const lost = queue.push(item);
            const held = model.length;
            model = pushed(model, item);
            expect(lost).toBe(held + 1 - model.length);
          } else if (queue.size > 0) {
            expect(queue.shift()).toBe(model.shift());
          }
          expect(queue.size).toBe(model.length);
        }
        expect(drain(queue)).toEqual(model);
      }),
    );
  });

  it('drains 500,000 items without stepping over removed ones', () => {
    const count = 500_000;
    const queue = fill('all', Array.from({ length: count }, (_, index) => index));
    // Draining that is quadratic in the count takes over half a minute here, which is past the time limit.
    expect(drain(queue).at(-1)).toBe(count - 1);
  });
});
