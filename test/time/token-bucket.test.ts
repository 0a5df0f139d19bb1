/** So many at once, then one per period, whoever asks and however often. */
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from '../../src/time/token-bucket.js';
import { createVirtualClock } from '../support/virtual-clock.js';

function start(atOnce: number, period: number) {
  const clock = createVirtualClock();
  const allowance = createTokenBucket(clock, atOnce, period);
  const takeAll = (): number => {
    let taken = 0;
    while (taken < 100 && allowance.take()) {
      taken++;
    }
    return taken;
  };
  return { clock, allowance, takeAll };
}

describe('an allowance', () => {
  it('F86: gives so many at once, then one per period, and saves up no more than at first', async () => {
    const { clock, takeAll } = start(3, 1000);
    expect(takeAll()).toBe(3);
    await clock.advance(999);
    expect(takeAll()).toBe(0);
    await clock.advance(1);
    expect(takeAll()).toBe(1);
    await clock.advance(3_600_000);
    expect(takeAll()).toBe(3);
  });

  it('asking before its time costs nothing of what is on its way', async () => {
    const { clock, allowance, takeAll } = start(1, 1000);
    expect(takeAll()).toBe(1);
    for (let tenth = 0; tenth < 9; tenth++) {
      await clock.advance(100);
      expect(allowance.take()).toBe(false);
    }
    await clock.advance(100);
    expect(allowance.take()).toBe(true);
  });

  it('tells how long to wait for the next: the rest of its period', async () => {
    const { clock, allowance, takeAll } = start(2, 1000);
    expect(allowance.wait()).toBe(0);
    expect(takeAll()).toBe(2);
    expect(allowance.wait()).toBe(1000);
    await clock.advance(400);
    expect(allowance.wait()).toBe(600);
    await clock.advance(600);
    expect(allowance.wait()).toBe(0);
  });
});
