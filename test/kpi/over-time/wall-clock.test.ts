/** Intervals of a wall clock, when clocks change. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { createWallClock } from '../../../src/kpi/over-time/wall-clock.js';

const iso = (time: number): string => new Date(time).toISOString().replace(':00.000Z', 'Z');

/** All intervals from one instant to another. */
function intervals(minutes: number, timeZone: string, from: string, to: string): string[] {
  const intervalAt = createWallClock(minutes, timeZone);
  const found: string[] = [];
  for (let at = Date.parse(from); at < Date.parse(to); at = intervalAt(at).end) {
    const { start, end } = intervalAt(at);
    found.push(`${iso(start)} ${(end - start) / 60_000}`);
  }
  return found;
}

describe('where clocks go forward, in Berlin at 01:00Z', () => {
  const [from, to] = ['2026-03-29T00:15Z', '2026-03-29T02:15Z'];

  it.each([
    [30, ['2026-03-29T00:00Z 30', '2026-03-29T00:30Z 30', '2026-03-29T01:00Z 30', '2026-03-29T01:30Z 30', '2026-03-29T02:00Z 30']],
    [60, ['2026-03-29T00:00Z 60', '2026-03-29T01:00Z 60', '2026-03-29T02:00Z 60']],
    [120, ['2026-03-28T23:00Z 120', '2026-03-29T01:00Z 60', '2026-03-29T02:00Z 120']],
    [240, ['2026-03-28T23:00Z 180', '2026-03-29T02:00Z 240']],
    [1440, ['2026-03-28T23:00Z 1380']],
  ])('%i minutes', (minutes, expected) => {
    expect(intervals(minutes, 'Europe/Berlin', from, to)).toEqual(expected);
  });
});

describe('where clocks go back, in Berlin at 01:00Z', () => {
  const [from, to] = ['2026-10-25T00:15Z', '2026-10-25T02:15Z'];

  it.each([
    [30, ['2026-10-25T00:00Z 30', '2026-10-25T00:30Z 30', '2026-10-25T01:00Z 30', '2026-10-25T01:30Z 30', '2026-10-25T02:00Z 30']],
    [60, ['2026-10-25T00:00Z 60', '2026-10-25T01:00Z 60', '2026-10-25T02:00Z 60']],
    [120, ['2026-10-25T00:00Z 180']],
    [240, ['2026-10-24T22:00Z 300']],
    [1440, ['2026-10-24T22:00Z 1500']],
  ])('%i minutes', (minutes, expected) => {
    expect(intervals(minutes, 'Europe/Berlin', from, to)).toEqual(expected);
  });
});

describe('where clocks are unlike most', () => {
  it.each([
    // Clocks change by half an hour: forward at 02:00 local, back at 02:00 to 01:30
    ['Australia/Lord_Howe', 60, '2019-10-05T15:00Z', '2019-10-05T16:30Z', ['2019-10-05T14:30Z 60', '2019-10-05T15:30Z 30', '2019-10-05T16:00Z 60']],
    ['Australia/Lord_Howe', 60, '2019-04-06T14:30Z', '2019-04-06T16:00Z', ['2019-04-06T14:00Z 60', '2019-04-06T15:00Z 30', '2019-04-06T15:30Z 60']],
    // Quarters of an hour off UTC
    ['Asia/Kathmandu', 60, '2026-05-04T10:00Z', '2026-05-04T10:30Z', ['2026-05-04T09:15Z 60', '2026-05-04T10:15Z 60']],
    // Midnight comes back: 24:00 becomes 23:00 of the same day, or 01:00 becomes 00:00
    ['Asia/Beirut', 1440, '2019-10-26T12:00Z', '2019-10-27T12:00Z', ['2019-10-25T21:00Z 1500', '2019-10-26T22:00Z 1440']],
    ['America/Havana', 1440, '2019-11-03T12:00Z', '2019-11-04T12:00Z', ['2019-11-03T04:00Z 1500', '2019-11-04T05:00Z 1440']],
    // Midnight does not come: 00:00 becomes 01:00
    ['Asia/Beirut', 1440, '2019-03-30T12:00Z', '2019-03-31T12:00Z', ['2019-03-29T22:00Z 1440', '2019-03-30T22:00Z 1380']],
    // A day that was left out
    ['Pacific/Apia', 1440, '2011-12-30T00:00Z', '2011-12-31T12:00Z', ['2011-12-29T10:00Z 1440', '2011-12-30T10:00Z 1440', '2011-12-31T10:00Z 1440']],
    // Clocks change by two hours
    ['Antarctica/Troll', 60, '2019-10-27T00:30Z', '2019-10-27T02:30Z', ['2019-10-27T00:00Z 60', '2019-10-27T01:00Z 60', '2019-10-27T02:00Z 60']],
  ])('%s, %i minutes', (timeZone, minutes, from, to, expected) => {
    expect(intervals(minutes, timeZone, from, to)).toEqual(expected);
  });
});

describe('whatever the zone and the time', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Beirut', 'Africa/Casablanca', 'America/Havana', 'Asia/Kolkata');
  const minutes = fc.constantFrom(1, 15, 20, 30, 60, 120, 240, 480, 720, 1440);
  const time = fc.integer({ min: Date.parse('1971-01-01'), max: Date.parse('2037-01-01') });

  it('an interval holds its instants, and touches its neighbours', () => {
    fc.assert(
      fc.property(zone, minutes, time, (timeZone, length, at) => {
        const intervalAt = createWallClock(length, timeZone);
        const { start, end } = intervalAt(at);
        expect(start <= at && at < end).toBe(true);
        expect(intervalAt(start)).toEqual({ start, end });
        expect(intervalAt(end - 1)).toEqual({ start, end });
        expect(intervalAt(end).start).toBe(end);
        expect(intervalAt(start - 1).end).toBe(start);
        expect(end - start).toBeLessThanOrEqual(length * 60_000 + 7_200_000);
      }),
      { numRuns: 300 },
    );
  });

  it('an interval of an hour or less is never longer than it says', () => {
    fc.assert(
      fc.property(zone, fc.constantFrom(15, 30, 60), time, (timeZone, length, at) => {
        const { start, end } = createWallClock(length, timeZone)(at);
        expect(end - start).toBeLessThanOrEqual(length * 60_000);
      }),
    );
  });
});

describe('arguments', () => {
  it.each([[0], [7], [1.5], [2880], [NaN], ['30'], [undefined]])('refuses %s minutes', (minutes) => {
    expect(() => createWallClock(minutes, 'UTC')).toThrow(StatisticsOptionError);
    expect(() => createWallClock(minutes, 'UTC')).toThrow(/^minutes must be/);
  });

  it.each([['Mars/Olympus'], [''], [7]])('refuses the time zone %s', (timeZone) => {
    expect(() => createWallClock(30, timeZone)).toThrow(/^timeZone must be an IANA time zone, such as Europe\/Berlin, got /);
  });

  it('takes the zone of the platform where there is none', () => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const at = Date.parse('2026-05-04T10:00Z');
    expect(createWallClock(1440, undefined)(at)).toEqual(createWallClock(1440, own)(at));
  });
});
