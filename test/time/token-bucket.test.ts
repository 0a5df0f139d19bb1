/** A burst, then one token per period, however often it is asked. */
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../src/time/token-bucket.js';
import { createVirtualClock } from '../support/virtual-clock.js';

function start(capacity: number, period: number) {
  const clock = createVirtualClock();
  const bucket = createTokenBucket(clock, capacity, period);
  const takeAll = (): number => {
    let taken = 0;
    while (taken < 100 && bucket.tryTake()) {
      taken++;
    }
    return taken;
  };
  return { clock, bucket, takeAll };
}

describe('a token bucket', () => {
  it('F86: gives its capacity at once, then one token per period, and never saves up more than its capacity', async () => {
    const { clock, takeAll } = start(3, 1000);
    expect(takeAll()).toBe(3);
    await clock.advance(999);
    expect(takeAll()).toBe(0);
    await clock.advance(1);
    expect(takeAll()).toBe(1);
    await clock.advance(3_600_000);
    expect(takeAll()).toBe(3);
  });

  it('asking too early does not delay the next token', async () => {
    const { clock, bucket, takeAll } = start(1, 1000);
    expect(takeAll()).toBe(1);
    for (let tenth = 0; tenth < 9; tenth++) {
      await clock.advance(100);
      expect(bucket.tryTake()).toBe(false);
    }
    await clock.advance(100);
    expect(bucket.tryTake()).toBe(true);
  });

  it('timeUntilNext() is the rest of the period', async () => {
    const { clock, bucket, takeAll } = start(2, 1000);
    expect(bucket.timeUntilNext()).toBe(0);
    expect(takeAll()).toBe(2);
    expect(bucket.timeUntilNext()).toBe(1000);
    await clock.advance(400);
    expect(bucket.timeUntilNext()).toBe(600);
    await clock.advance(600);
    expect(bucket.timeUntilNext()).toBe(0);
  });
});
