/** G4: delays that a timer can hold, a clock for schedules, and one for users. */
import { describe, expect, it, vi } from 'vitest';
import { clampDelay, createSystemClock, maxDelay } from '../../src/time/clock.js';

describe('the clock', () => {
  it.each([
    [0, 1],
    [-5, 1],
    [NaN, 1],
    [0.2, 1],
    [1.2, 2],
    [5000, 5000],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [Infinity, 2 ** 31 - 1],
  ])('G4: a delay of %s becomes %s', (delay, set) => {
    expect(clampDelay(delay)).toBe(set);
  });

  it('F69: a jump of the wall clock shows in now() but not in monotonic()', () => {
    const clock = createSystemClock();
    const [day, since] = [Date.now(), clock.monotonic()];
    vi.spyOn(Date, 'now').mockReturnValue(day + 86_400_000);
    try {
      expect(clock.now()).toBe(day + 86_400_000);
      expect(clock.monotonic() - since).toBeLessThan(60_000);
      expect(clock.monotonic()).toBeGreaterThanOrEqual(since);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('F95: fake timers work, because timers are looked up at each call', () => {
    vi.useFakeTimers();
    try {
      const systemClock = createSystemClock();
      const fired: string[] = [];
      systemClock.after(10, () => fired.push('kept'));
      systemClock.after(10, () => fired.push('stopped'))();
      const before = systemClock.now();
      vi.advanceTimersByTime(10);
      expect(fired).toEqual(['kept']);
      expect(systemClock.now() - before).toBe(10);
    } finally {
      vi.useRealTimers();
    }
  });

  it('F95: a fired timer advances monotonic(), even if performance.now() is not faked', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const clock = createSystemClock();
      const from = clock.monotonic();
      clock.after(60_000, () => undefined);
      vi.advanceTimersByTime(59_999);
      expect(clock.monotonic() - from).toBeLessThan(50_000);
      vi.advanceTimersByTime(1);
      expect(clock.monotonic() - from).toBeGreaterThanOrEqual(60_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('random() stays below 1, and monotonic() never decreases', () => {
    const systemClock = createSystemClock();
    expect(systemClock.random()).toBeLessThan(1);
    expect(systemClock.monotonic()).toBeLessThanOrEqual(systemClock.monotonic());
    expect(maxDelay).toBe(2 ** 31 - 1);
  });
});
