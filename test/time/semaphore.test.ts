/** A limited number at once, the others in their order, and no slot held for ever. */
import { describe, expect, it } from 'vitest';
import { createSemaphore } from '../../src/time/semaphore.js';
import { createVirtualClock, settle } from '../support/virtual-clock.js';

/** Work that ends when the test ends it. */
function start(slots: number): { clock: ReturnType<typeof createVirtualClock>; semaphore: ReturnType<typeof createSemaphore>; begun: number[]; ends: (() => void)[]; enter(id: number): Promise<number> } {
  const clock = createVirtualClock();
  const semaphore = createSemaphore(clock, slots, 250);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  return {
    clock, semaphore, begun, ends,
    enter: (id) =>
      semaphore.run(
        () =>
          new Promise<number>((resolve) => {
            begun.push(id);
            ends[id] = () => resolve(id);
          }),
      ),
  };
}

describe('a semaphore', () => {
  it('runs as many at once as it has slots, and the others in their order', async () => {
    const { begun, ends, enter } = start(2);
    const all = [0, 1, 2, 3, 4].map(enter);
    await settle();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    expect(await all[1]).toBe(1);
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await settle();
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    ends.forEach((end) => end());
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives the slot of work that hangs to the next in line, once, and leaves no timer', async () => {
    const { clock, begun, ends, enter } = start(1);
    const all = [0, 1, 2].map(enter);
    await clock.advance(249);
    expect(begun).toEqual([0]);
    await clock.advance(1);
    expect(begun).toEqual([0, 1]);
    // Its slot is taken already: ending late frees no other.
    ends[0]?.();
    await settle();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await settle();
    ends[2]?.();
    expect(await Promise.all(all)).toEqual([0, 1, 2]);
    expect(clock.pending).toEqual([]);
  });

  it('frees the slot of work that fails', async () => {
    const { semaphore, begun, enter } = start(1);
    const failing = semaphore.run(() => Promise.reject(new Error('mine')));
    const next = enter(1);
    await expect(failing).rejects.toThrow('mine');
    await settle();
    expect(begun).toEqual([1]);
    void next;
  });
});
