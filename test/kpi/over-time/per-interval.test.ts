/** The gain of a counter in each interval, held against the truth over weeks in which clocks change. */
import { Subject, take, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { perInterval, type IntervalGain, type PerIntervalOptions, type TimedInput } from '../../../src/kpi/index.js';
import { schedulerAt } from './clock.js';
import { valueAt } from './support.js';

const minute = 60_000;

interface Observed {
  readonly source: Subject<TimedInput>;
  readonly gains: IntervalGain[];
  /** The emissions since the last call, as text: start, value, and the flags that are set. */
  said(): string[];
  /** Moves time on, timers included. */
  pass(milliseconds: number): void;
  /** Moves time on with no timer running, as a machine does that sleeps. */
  sleep(milliseconds: number): void;
  readonly timers: number;
}

function observe(start: string, options: PerIntervalOptions): Observed {
  const scheduler = new VirtualTimeScheduler();
  const source = new Subject<TimedInput>();
  const gains: IntervalGain[] = [];
  let [read, slept] = [0, 0];
  const clock = schedulerAt(start, { now: () => scheduler.now() + slept, schedule: scheduler.schedule.bind(scheduler) });
  source.pipe(perInterval(options, clock)).subscribe((gain) => gains.push(gain));
  return {
    source,
    gains,
    said: () =>
      gains.slice(read, (read = gains.length)).map(({ start: from, value, complete, partial }) =>
        [new Date(from).toISOString().slice(11, 16), value, ...(complete ? ['complete'] : []), ...(partial ? ['partial'] : [])].join(' '),
      ),
    pass(milliseconds) {
      scheduler.maxFrames = scheduler.frame + milliseconds;
      const end = scheduler.maxFrames;
      scheduler.flush();
      scheduler.frame = end;
    },
    sleep(milliseconds) {
      slept += milliseconds;
    },
    get timers() {
      return scheduler.actions.filter(({ closed }) => !closed).length;
    },
  };
}

describe('perInterval', () => {
  it('reports each gain, the end of an interval once, and the beginning of the next', () => {
    const { source, said, pass } = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(100);
    expect(said()).toEqual(['10:00 0']);
    pass(10 * minute);
    source.next(103);
    source.next(103);
    source.next(105);
    expect(said()).toEqual(['10:00 3', '10:00 5']);
    pass(20 * minute);
    expect(said()).toEqual(['10:00 5 complete', '10:30 0']);
    source.next(106);
    pass(30 * minute);
    expect(said()).toEqual(['10:30 1', '10:30 1 complete', '11:00 0']);
  });

  it('is partial in the first interval unless the first number comes at its start', () => {
    const { source, said, pass } = observe('2026-05-04T10:10:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(7);
    pass(20 * minute);
    source.next(8);
    expect(said()).toEqual(['10:00 0 partial', '10:00 0 complete partial', '10:30 0', '10:30 1']);
  });

  it('reports intervals in which nothing was gained', () => {
    const { source, said, pass } = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(7);
    pass(90 * minute);
    expect(said().filter((each) => each.includes('complete'))).toEqual(['10:00 0 complete', '10:30 0 complete', '11:00 0 complete']);
  });

  it('counts on across a restart and midnight', () => {
    const { source, said, pass } = observe('2026-05-04T23:30:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(90);
    source.next(4); // a restart after which 4 were counted
    source.next(6);
    expect(said()).toEqual(['23:30 0', '23:30 4', '23:30 6']);
    pass(30 * minute);
    source.next(0);
    source.next(2);
    expect(said()).toEqual(['23:30 6 complete', '00:00 0', '00:00 2']);
  });

  it('reads statistics, and ignores what holds no number', () => {
    const { source, said } = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(null);
    source.next(valueAt(null));
    source.next(valueAt(1, 5));
    source.next(null);
    source.next(valueAt(3, 5));
    expect(said()).toEqual(['10:00 0', '10:00 2']);
  });

  it('says that it cannot vouch for the intervals in which the machine slept', () => {
    const { source, said, pass, sleep } = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(1);
    sleep(80 * minute);
    // The timer did not run meanwhile, and fires when its half-hour awake is over.
    pass(30 * minute);
    expect(said()).toEqual(['10:00 0', '10:00 0 complete partial', '10:30 0 complete partial', '11:00 0 complete partial', '11:30 0 partial']);
    source.next(9);
    pass(10 * minute);
    expect(said()).toEqual(['11:30 8 partial', '11:30 8 complete partial', '12:00 0']);
  });

  it('cannot vouch for an interval that was over before anybody looked, however short', () => {
    const { source, said, sleep } = observe('2026-05-04T10:00:00Z', { minutes: 1, timeZone: 'UTC' });
    source.next(1);
    sleep(130_000);
    source.next(3);
    expect(said()).toEqual(['10:00 0', '10:00 0 complete', '10:01 0 complete partial', '10:02 0 partial', '10:02 2 partial']);
  });

  it('ends what is over when a number comes before the timer', () => {
    const { source, said, sleep } = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(1);
    sleep(30 * minute + 500);
    source.next(3);
    expect(said()).toEqual(['10:00 0', '10:00 0 complete', '10:30 0', '10:30 2']);
  });

  it('begins anew when the clock is set back, and does not list the years when it is set forward', () => {
    const { source, said, gains, sleep } = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(1);
    sleep(-5 * 60 * minute);
    source.next(2);
    expect(said()).toEqual(['10:00 0', '10:00 0 complete partial', '05:00 0 partial', '05:00 1 partial']);
    sleep(10 * 365 * 86_400_000);
    source.next(2);
    expect(gains.length).toBeLessThan(2_100);
    expect(gains.at(-1)).toMatchObject({ start: Date.parse('2036-05-01T05:00:00Z'), complete: false, partial: true });
  });

  it('stays in its interval when the clock is set back by a little', () => {
    const { source, said, pass, sleep } = observe('2026-05-04T10:30:00Z', { minutes: 30, timeZone: 'UTC' });
    source.next(1);
    sleep(-5_000);
    source.next(2);
    pass(5_000);
    expect(said()).toEqual(['10:30 0', '10:30 1']);
  });

  it('has days of 23 and 25 hours', () => {
    for (const [start, hours] of [['2026-03-29', 23], ['2026-10-25', 25]] as const) {
      const { source, gains, pass } = observe(`${start}T12:00:00Z`, { minutes: 1440, timeZone: 'Europe/Berlin' });
      source.next(0);
      pass(86_400_000);
      const over = gains.find(({ complete }) => complete);
      expect(((over?.end ?? 0) - (over?.start ?? 0)) / 3_600_000).toBe(hours);
    }
  });

  it('completes and errors with its source, and leaves no timer behind', () => {
    const completed = observe('2026-05-04T10:00:00Z', { minutes: 30, timeZone: 'UTC' });
    completed.source.next(1);
    expect(completed.timers).toBe(1);
    completed.source.complete();
    expect(completed.timers).toBe(0);
    expect(completed.said()).toEqual(['10:00 0']);

    const scheduler = new VirtualTimeScheduler();
    const source = new Subject<number>();
    const errors: unknown[] = [];
    source.pipe(perInterval({ minutes: 30 }, scheduler)).subscribe({ error: (error: unknown) => errors.push(error) });
    // Both are unsubscribed while they emit: with the first number, and at an interval's end.
    source.pipe(perInterval({ minutes: 30 }, scheduler), take(1)).subscribe();
    source.pipe(perInterval({ minutes: 30 }, scheduler), take(2)).subscribe();
    source.next(1);
    scheduler.maxFrames = 31 * minute;
    scheduler.flush();
    source.error('no');
    expect(errors).toEqual(['no']);
    expect(scheduler.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it.each([[{ minutes: 7 }], [{ minutes: 30, timeZone: 'Mars' }], [{ minutes: 30, zone: 'UTC' }], [undefined]])('refuses %j', (options) => {
    expect(() => perInterval(options as never)).toThrow(StatisticsOptionError);
  });
});

/** Where an instant is on a clock of the zone, asked of the platform with no arithmetic of ours: its date, its slot, its offset. */
function labeller(timeZone: string, minutes: number): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });
  const zoned = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const [date = '', time = ''] = format.format(at).split(' ');
    const [hours = 0, past = 0] = time.split(':').map(Number);
    const offset = minutes <= 60 ? (zoned.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '') : '';
    return `${date} ${Math.floor((hours * 60 + past) / minutes)} ${offset}`;
  };
}

describe('a week in which clocks change', () => {
  it.each([
    ['Europe/Berlin', 30, '2026-03-26T00:00Z'],
    ['Europe/Berlin', 30, '2026-10-22T00:00Z'],
    ['Europe/Berlin', 60, '2026-10-22T00:00Z'],
    ['America/New_York', 30, '2026-03-05T00:00Z'],
    ['America/New_York', 1440, '2026-10-29T00:00Z'],
    ['Australia/Lord_Howe', 15, '2026-04-01T00:00Z'],
    ['Asia/Beirut', 1440, '2026-10-21T00:00Z'],
    ['Africa/Casablanca', 240, '2026-02-12T00:00Z'],
    // Two changes within the week, both at midnight: forward on 8 October, and back on the 15th
    ['America/Recife', 30, '2000-10-07T12:00Z'],
    ['America/Recife', 60, '2000-10-07T12:00Z'],
    ['America/Recife', 1440, '2000-10-07T12:00Z'],
  ])('%s in intervals of %i minutes from %s: every call is in its interval, across restarts and midnights', (timeZone, minutes, from) => {
    const { source, gains, pass } = observe(from, { minutes, timeZone });
    const label = labeller(timeZone, minutes);
    const truth = new Map<string, number>();
    const midnightLabel = labeller(timeZone, 1440);
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

    let now = Date.parse(from);
    let counter = 40;
    source.next(counter);
    truth.set(label(now), 0);
    // A day more than a week, so that both changes of Recife are in it.
    const end = now + 8 * 86_400_000;
    while (now < end) {
      // Whole minutes, so that some fall on the very end of an interval.
      const wait = Math.ceil(random() * 12) * minute;
      for (let passed = 0; passed < wait; passed += minute) {
        truth.set(label(now + passed), truth.get(label(now + passed)) ?? 0);
      }
      const isNextDay = midnightLabel(now) !== midnightLabel(now + wait);
      now += wait;
      pass(wait);
      // The counter begins anew with the first call of a day, and now and then for no reason.
      const calls = 1 + Math.floor(random() * 4);
      counter = (isNextDay || random() < 0.02) && calls < counter ? calls : counter + calls;
      truth.set(label(now), (truth.get(label(now)) ?? 0) + calls);
      source.next(counter);
    }

    const told = gains.filter(({ complete }) => complete);
    expect(told.length).toBeGreaterThanOrEqual(7 * (1440 / minutes));
    expect(told.map(({ start }) => label(start))).toEqual([...truth.keys()].slice(0, told.length));
    expect(told.map(({ value }) => value)).toEqual([...truth.values()].slice(0, told.length));
    expect(told.filter(({ partial }, index) => partial && index > 0)).toEqual([]);
    told.slice(1).forEach(({ start }, index) => expect(start).toBe(told[index]?.end));
    told.forEach(({ start, end: until }) => expect([label(start), label(until - 1)]).toEqual([label(start), label(start)]));
    const all = [...truth.values()].reduce((sum, calls) => sum + calls, 0);
    expect(told.reduce((sum, { value }) => sum + value, 0) + (gains.at(-1)?.value ?? 0)).toBe(all);
  });
});

describe('a week that is polled', () => {
  it('loses no call, and puts each at most one poll late', () => {
    const { source, gains, pass } = observe('2026-03-26T00:00Z', { minutes: 30, timeZone: 'Europe/Berlin' });
    const start = Date.parse('2026-03-26T00:00Z');
    const poll = 25_000;
    const calls: number[] = [];
    let seed = 11;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    for (let at = start; at < start + 7 * 86_400_000; at += Math.ceil(random() * 200_000)) {
      calls.push(at);
    }
    let [seen, shown] = [0, 0];
    source.next(0);
    for (let now = start; now < start + 7 * 86_400_000; now += poll) {
      pass(poll);
      for (; (calls[seen] ?? Infinity) <= now + poll; seen++) {
        shown++;
      }
      source.next(shown);
    }
    const told = gains.filter(({ complete }) => complete);
    for (const { start: from, end, value } of told) {
      const within = (a: number, b: number): number => calls.filter((at) => at > a && at <= b).length;
      expect(value).toBeGreaterThanOrEqual(within(from, end - poll));
      expect(value).toBeLessThanOrEqual(within(from - poll, end));
    }
    expect(told.reduce((sum, { value }) => sum + value, 0) + (gains.at(-1)?.value ?? 0)).toBe(calls.length);
  });
});
