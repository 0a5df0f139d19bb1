/** The three rules of back-pressure, against a plain model of each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConsumerQueue, type BackPressure } from '../../src/node/queue.js';
import { inline, statistic } from './values.js';

function drain<T>(queue: ConsumerQueue<T>): T[] {
  const items: T[] = [];
  while (queue.size > 0) {
    items.push(queue.shift());
  }
  return items;
}

function fill<T>(rule: BackPressure, items: readonly T[]): ConsumerQueue<T> {
  const queue = new ConsumerQueue<T>(rule);
  items.forEach((item) => queue.push(item));
  return queue;
}

describe('latest', () => {
  it('keeps the newest value of each statistic, in the place of the one it replaces', () => {
    const queue = fill('latest', [statistic('a', 1), statistic('b', 1), statistic('a', 2)]);
    expect(drain(queue)).toEqual([statistic('a', 2), statistic('b', 1)]);
  });

  it('puts a statistic that was taken and comes again at the end', () => {
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

  it('goes by the name, not by the statisticId, which a re-opened subscription gives anew', () => {
    const queue = fill('latest', [statistic('a', 1, { statisticId: '1' }), statistic('a', 2, { statisticId: '2' })]);
    expect(drain(queue).map(({ value }) => value)).toEqual([2]);
  });

  it('goes by the statisticId of an inline definition', () => {
    expect(drain(fill('latest', [inline('1', 1), inline('2', 1), inline('1', 2)]))).toEqual([inline('1', 2), inline('2', 1)]);
  });

  it.each<[string, unknown[]]>([
    ['numbers', [1, null, 3]],
    ['records', [{ a: statistic('a', 1) }, { a: statistic('a', 2) }]],
    ['tuples', [[statistic('a', 1)], [statistic('b', 2)]]],
    ['nothing', [undefined, undefined]],
    ['half a statistic', [{ value: 1 }, { value: 2, objectId: 'a', objectType: 'Queue' }]],
  ])('keeps the newest one of %s', (_, items) => {
    expect(drain(fill('latest', items))).toEqual([items.at(-1)]);
  });
});

describe('as a whole', () => {
  const keyed = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(99));
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: keyed }, fc.constantFrom('shift' as const, 'clear' as const)), {
    maxLength: 60,
  });

  it.each<[string, BackPressure, (items: unknown[], item: ReturnType<typeof statistic>) => unknown[]]>([
    ['all', 'all', (items, item) => [...items, item]],
    ['buffer', { buffer: 3 }, (items, item) => [...items, item].slice(-3)],
    [
      'latest',
      'latest',
      (items, item) => {
        const same = (other: unknown) => (other as typeof item).objectId === item.objectId;
        return items.some(same) ? items.map((other) => (same(other) ? item : other)) : [...items, item];
      },
    ],
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
            queue.push(item);
            model = pushed(model, item);
          } else if (queue.size > 0) {
            expect(queue.shift()).toBe(model.shift());
          }
          expect(queue.size).toBe(model.length);
        }
        expect(drain(queue)).toEqual(model);
      }),
    );
  });

  it('drains 500,000 items without walking over those already gone', () => {
    const count = 500_000;
    const queue = fill('all', Array.from({ length: count }, (_, index) => index));
    // Draining that is quadratic in the count takes over half a minute here, which is past the time limit.
    expect(drain(queue).at(-1)).toBe(count - 1);
  });
});
