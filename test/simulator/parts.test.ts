/** The small parts of the centre, each by itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/simulator/centre/random.js';
import { Schedule } from '../../src/simulator/centre/schedule.js';
import { Waits } from '../../src/simulator/centre/tally.js';
import { valueText } from '../../src/simulator/statistics/value.js';

describe('random', () => {
  it('is the same for the same seed and name only', () => {
    const take = (seed: number, name: string) => {
      const random = createRandom(seed, name);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(take(1, 'a')).toEqual(take(1, 'a'));
    expect(take(1, 'a')).not.toEqual(take(2, 'a'));
    expect(take(1, 'a')).not.toEqual(take(1, 'b'));
    expect(take(1, 'a')).not.toEqual(take(1 + 2 ** 32, 'a'));
  });

  it('is spread evenly, and keeps its means', () => {
    const random = createRandom(7, 'spread');
    const many = 20_000;
    const mean = (next: () => number) => Array.from({ length: many }, next).reduce((total, value) => total + value, 0) / many;
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.exponential(100)) / 100).toBeCloseTo(1, 1);
    expect(mean(() => (random.chance(0.3) ? 1 : 0))).toBeCloseTo(0.3, 1);
    const seen = new Set(Array.from({ length: 1000 }, () => random.between(2, 9)));
    expect([...seen].sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

it('a schedule runs everything once, by time and then by the order it was planned', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), fc.array(fc.integer({ min: 0, max: 25 })), (delays, stops) => {
      const schedule = new Schedule(100);
      const ran: [number, number][] = [];
      delays.forEach((delay, index) => schedule.in(delay, () => ran.push([schedule.now - 100, index])));
      for (const stop of [...stops, 20]) {
        const { now } = schedule;
        schedule.runTo(100 + stop);
        expect(schedule.now).toBe(Math.max(now, 100 + stop));
      }
      expect(ran).toEqual(delays.map((delay, index): [number, number] => [delay, index]).sort(([a, i], [b, j]) => a - b || i - j));
    }),
  );
});

it('waits are counted in any range of seconds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(60), fc.nat(60), (all, left, right) => {
      const waits = new Waits(0);
      all.forEach((seconds) => waits.add(1, seconds));
      expect(waits.within(left, right)).toBe(all.filter((seconds) => seconds >= left && seconds <= right).length);
      expect(waits.seconds).toBe(all.reduce((total, seconds) => total + seconds, 0));
    }),
  );
});

it.each<[unknown, unknown]>([
  [5, { intervalLength: 0, tag: -1, stringValue: '5', timestamp: 9, intValue: 5 }],
  [66.67, { intervalLength: 0, tag: -1, stringValue: '66.67', timestamp: 9, intValue: 66 }],
  [-0, { intervalLength: 0, tag: -1, stringValue: '0', timestamp: 9, intValue: 0 }],
  [{ a: 1 }, { a: 1 }], [null, null], [undefined, null], ['5', '5'],
])('%j on the wire', (value, expected) => {
  expect(JSON.parse(valueText(value, 9))).toEqual(expected);
});

it('imports nothing from outside but node', () => {
  const root = resolve(import.meta.dirname, '../../src/simulator');
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/ from '([^']+)'/g)) {
      if (from.startsWith('node:')) continue;
      expect(from, file).toMatch(/^\./);
      expect(relative(root, resolve(entry.parentPath, from)), `${file}: ${from}`).not.toMatch(/^\.\./);
    }
  }
});
