/** A figure says what it rests on, and whether its totals are today's. */
import { map, of, Subject, VirtualTimeScheduler, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError, type StatisticValue } from '../../src/index.js';
import { abandonRate, figure, longestWait, readyShare, serviceLevel, type Figure } from '../../src/kpi/index.js';
import { schedulerAt } from './over-time/clock.js';

const value = (number: number | null, timestamp: number | null = null): StatisticValue => ({ objectId: 'Sales@SIP', objectType: 'Queue', timestamp, value: number });
const calls = (answered: number | null, abandoned: number | null, timestamp: number | null = null) => ({
  answered: value(answered, timestamp),
  abandoned: value(abandoned),
});

function figuresOf(source: Observable<Figure>): Figure[] {
  const figures: Figure[] = [];
  source.subscribe((each) => figures.push(each));
  return figures;
}

describe('figure', () => {
  it('says the value, the unit and the denominator', () => {
    expect(figuresOf(of(calls(90, 10, 5_000)).pipe(figure(abandonRate)))).toEqual([
      { value: 10, unit: 'percent', of: 100, at: 5_000, clamped: false, partial: null },
    ]);
    expect(figuresOf(of(calls(0, 0)).pipe(figure(abandonRate)))).toMatchObject([{ value: null, of: 0 }]);
    expect(figuresOf(of(calls(null, 3)).pipe(figure(abandonRate)))).toMatchObject([{ value: null, of: null }]);
    expect(figuresOf(of([value(3), value(null), value(9)]).pipe(figure(longestWait)))).toMatchObject([{ value: 9, unit: 'seconds', of: 2 }]);
  });

  it('emits when anything but the time changed, frozen', () => {
    const figures = figuresOf(of(calls(3, 1, 10), calls(3, 1, 20), calls(6, 2, 30)).pipe(figure(abandonRate)));
    expect(figures.map(({ value: rate, of: offered, at }) => [rate, offered, at])).toEqual([[25, 4, 10], [25, 8, 30]]);
    expect(figures.every(Object.isFrozen)).toBe(true);
  });

  it('emits when only its trustworthiness changed', () => {
    const numbers = (given: Record<string, number>) => Object.fromEntries(Object.entries(given).map(([key, number]) => [key, value(number)]));
    const clamped = of({ answeredWithin: 5, answered: 10, abandoned: 3, shortAbandoned: 5 }, { answeredWithin: 5, answered: 10, abandoned: 5, shortAbandoned: 5 });
    expect(figuresOf(clamped.pipe(map(numbers), figure(serviceLevel as never))).map((each) => [each.value, each.of, each.clamped])).toEqual([[50, 10, true], [50, 10, false]]);
    // One total falls as another grows.
    const partial = of({ answered: 2, abandoned: 2, flowOuts: 0 }, { answered: 1, abandoned: 2, flowOuts: 1 });
    expect(figuresOf(partial.pipe(map(numbers), figure(abandonRate as never))).map((each) => [each.value, each.of, each.partial])).toEqual([[50, 4, null], [50, 4, true]]);
  });

  it('takes the newest timestamp, and the time of arrival where there is none', () => {
    const scheduler = schedulerAt('2026-05-04T10:00:00Z');
    expect(figuresOf(of({ answered: value(1, 3), abandoned: value(1, 9) }).pipe(figure(abandonRate, {}, scheduler)))[0]?.at).toBe(9);
    expect(figuresOf(of(calls(1, 1)).pipe(figure(abandonRate, {}, scheduler)))[0]?.at).toBe(Date.parse('2026-05-04T10:00:00Z'));
  });

  it('says that it was clamped, also where a part of the formula was', () => {
    const level = (within: number, answered: number, abandoned: number, short: number) =>
      figuresOf(
        of({ answeredWithin: value(within), answered: value(answered), abandoned: value(abandoned), shortAbandoned: value(short) }).pipe(figure(serviceLevel)),
      )[0];
    expect(level(80, 90, 20, 10)).toMatchObject({ value: 80, of: 100, clamped: false });
    expect(level(12, 10, 0, 0)).toMatchObject({ value: 100, of: 10, clamped: true });
    expect(level(5, 10, 3, 5)).toMatchObject({ value: 50, of: 10, clamped: true });
  });

  it.each([[(x: unknown) => x], [undefined], [{ explain: () => null }]])('refuses %s, which is no formula of this package', (formula) => {
    expect(() => figure(formula as never)).toThrow('a formula of this package');
  });

  it('refuses a time zone that there is not, and an option that is unknown', () => {
    expect(() => figure(abandonRate, { timeZone: 'Mars/Olympus' })).toThrow(StatisticsOptionError);
    expect(() => figure(abandonRate, { zone: 'UTC' } as never)).toThrow('options has no "zone"');
  });
});

describe('partial', () => {
  /** Feeds totals at times of a day or two, and says what was said of each. */
  function partials(timeZone: string, inputs: readonly (readonly [string, number | null, number | null])[]): (boolean | null)[] {
    const scheduler = new VirtualTimeScheduler();
    const clock = schedulerAt(inputs[0]?.[0] ?? '', scheduler);
    const source = new Subject<ReturnType<typeof calls>>();
    const said: (boolean | null)[] = [];
    let last: boolean | null = null;
    source.pipe(figure(abandonRate, { timeZone }, clock)).subscribe(({ partial }) => (last = partial));
    for (const [time, answered, abandoned] of inputs) {
      scheduler.frame = Date.parse(time) - Date.parse(inputs[0]?.[0] ?? '');
      source.next(calls(answered, abandoned));
      said.push(last);
    }
    return said;
  }

  it('is not known while the totals have been watched since the middle of a day only', () => {
    expect(partials('UTC', [['2026-05-04T10:00Z', 30, 3], ['2026-05-04T18:00Z', 90, 9]])).toEqual([null, null]);
  });

  it('is false once the totals fell over midnight, as long as none falls during the day', () => {
    expect(
      partials('UTC', [['2026-05-04T23:00Z', 90, 9], ['2026-05-05T00:00:05Z', 0, 0], ['2026-05-05T12:00Z', 40, 4], ['2026-05-05T23:59Z', 95, 9]]),
    ).toEqual([null, false, false, false]);
  });

  it('is false where a total showed nothing before midnight', () => {
    expect(partials('UTC', [['2026-05-04T23:00Z', 90, 0], ['2026-05-05T00:10Z', 1, 0], ['2026-05-05T09:00Z', 20, 2]])).toEqual([null, false, false]);
  });

  it('is true from a fall during the day until the next midnight', () => {
    expect(
      partials('UTC', [
        ['2026-05-04T10:00Z', 30, 3], ['2026-05-04T14:00Z', 2, 3], ['2026-05-04T15:00Z', 9, 4],
        ['2026-05-05T00:01Z', 0, 0], ['2026-05-05T08:00Z', 9, 1],
      ]),
    ).toEqual([null, true, true, false, false]);
  });

  it('stays unknown until every total of the formula has fallen', () => {
    expect(partials('UTC', [['2026-05-04T23:00Z', 90, 9], ['2026-05-05T00:01Z', 90, 0], ['2026-05-05T10:00Z', 95, 1]])).toEqual([null, null, null]);
  });

  it('looks at the day of the time zone that was given', () => {
    const inputs = [['2026-05-04T21:00Z', 90, 9], ['2026-05-04T22:00:05Z', 0, 0]] as const;
    expect(partials('Europe/Berlin', inputs)).toEqual([null, false]);
    expect(partials('UTC', inputs)).toEqual([null, true]);
  });

  it('ignores a total without a number', () => {
    expect(partials('UTC', [['2026-05-04T23:00Z', 90, 9], ['2026-05-04T23:30Z', null, 9], ['2026-05-05T00:01Z', 1, 0]])).toEqual([null, null, false]);
  });

  it('is false for a formula of present values, which fall as they like', () => {
    const agents = (ready: number) => ({ ready: value(ready), loggedIn: value(10) });
    expect(figuresOf(of(agents(9), agents(2), agents(5)).pipe(figure(readyShare))).map(({ partial }) => partial)).toEqual([false, false, false]);
  });
});
