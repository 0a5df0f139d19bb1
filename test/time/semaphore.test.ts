/** So many at once, the others in their order, and nobody for ever. */
import { describe, expect, it } from 'vitest';
import { createSemaphore } from '../../src/time/semaphore.js';
import { createVirtualClock, settle } from '../support/virtual-clock.js';

/** Work that ends when it is told to. */
function start(places: number): { clock: ReturnType<typeof createVirtualClock>; semaphore: ReturnType<typeof createSemaphore>; begun: number[]; ends: (() => void)[]; enter(id: number): Promise<number> } {
  const clock = createVirtualClock();
  const semaphore = createSemaphore(clock, places, 250);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  return {
    clock, semaphore, begun, ends,
    enter: (id) =>
      semaphore.pass(
        () =>
          new Promise<number>((resolve) => {
            begun.push(id);
            ends[id] = () => resolve(id);
          }),
      ),
  };
}

describe('a semaphore', () => {
  it('lets so many in at once, and the next when one leaves, in their order', async () => {
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

  it('gives the place of one that hangs to the next after its patience, once, and leaves no timer', async () => {
    const { clock, begun, ends, enter } = start(1);
    const all = [0, 1, 2].map(enter);
    await clock.advance(249);
    expect(begun).toEqual([0]);
    await clock.advance(1);
    expect(begun).toEqual([0, 1]);
    // Its place has gone already: leaving late makes no other.
    ends[0]?.();
    await settle();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await settle();
    ends[2]?.();
    expect(await Promise.all(all)).toEqual([0, 1, 2]);
    expect(clock.pending).toEqual([]);
  });

  it('work that fails leaves its place, too', async () => {
    const { semaphore, begun, enter } = start(1);
    const failing = semaphore.pass(() => Promise.reject(new Error('mine')));
    const next = enter(1);
    await expect(failing).rejects.toThrow('mine');
    await settle();
    expect(begun).toEqual([1]);
    void next;
  });

  it('shut, it turns away who waits, and keeps whom it let in', async () => {
    const { semaphore, begun, ends, enter } = start(1);
    const [first, second] = [enter(0), enter(1)];
    semaphore.shut(new Error('too late'));
    await expect(second).rejects.toThrow('too late');
    ends[0]?.();
    expect(await first).toBe(0);
    const third = enter(2);
    await settle();
    expect(begun).toEqual([0, 2]);
    ends[2]?.();
    await third;
  });

  it('F83: lets in all who wait when there is no later, and counts them', async () => {
    const { semaphore, begun, ends, enter } = start(1);
    const all = [enter(0), enter(1), enter(2)];
    await settle();
    expect(begun).toEqual([0]);
    semaphore.letIn();
    await settle();
    expect(begun).toEqual([0, 1, 2]);
    const late = enter(3);
    ends.slice(0, 2).forEach((end) => end());
    await settle();
    expect(begun, 'the one place is still taken').toEqual([0, 1, 2]);
    ends[2]?.();
    await settle();
    expect(begun).toEqual([0, 1, 2, 3]);
    ends[3]?.();
    await Promise.all([...all, late]);
  });
});
