/** F161, F81: the limit of all requests of a client: the kinds take turns, and hanging requests never block urgent ones. */
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRequestQueue, type RequestKind, type RequestQueue } from '../../src/wire/request-queue.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';

interface Rig {
  readonly clock: VirtualClock;
  readonly queue: RequestQueue;
  /** The kinds of the admitted requests, in order. */
  readonly entered: RequestKind[];
  /** Enters this number of requests of a kind. */
  ask(kind: RequestKind, times?: number, admission?: Parameters<RequestQueue['enter']>[1]): void;
  /** Ends the first request of a kind that is under way. */
  leave(kind: RequestKind): Promise<void>;
  underWay(kind: RequestKind): number;
}

function start(limit: number): Rig {
  const clock = createVirtualClock();
  const queue = createRequestQueue(clock, limit);
  const entered: RequestKind[] = [];
  const leaves: { readonly kind: RequestKind; readonly leave: () => void }[] = [];
  return {
    clock, queue, entered,
    ask(kind, times = 1, admission) {
      for (let asked = 0; asked < times; asked++) {
        void queue.enter(kind, admission).then((leave) => {
          entered.push(kind);
          leaves.push({ kind, leave });
        }, () => undefined);
      }
    },
    async leave(kind) {
      const at = leaves.findIndex((each) => each.kind === kind);
      leaves.splice(at, 1)[0]?.leave();
      await settle();
    },
    underWay: (kind) => leaves.filter((each) => each.kind === kind).length,
  };
}

describe('a request queue', () => {
  it('admits no more requests than its limit, and the next one as soon as one ends', async () => {
    const { entered, ask, leave } = start(2);
    ask('open', 5);
    await settle();
    expect(entered).toHaveLength(2);
    await leave('open');
    expect(entered).toHaveLength(3);
    await leave('open');
    await leave('open');
    expect(entered).toHaveLength(5);
  });

  it('counts a request that ends twice only once', async () => {
    const { queue, entered, ask } = start(1);
    const leave = await queue.enter('poll');
    ask('poll', 3);
    leave();
    leave();
    await settle();
    expect(entered).toHaveLength(1);
  });

  it('lets kinds take turns, however many requests of one kind wait', async () => {
    const { entered, ask, leave } = start(1);
    ask('delete', 4);
    ask('open', 2);
    ask('poll', 3);
    await settle();
    for (let left = 0; left < 8; left++) {
      await leave(entered.at(-1) ?? 'delete');
    }
    expect(entered).toEqual(['delete', 'open', 'poll', 'delete', 'open', 'poll', 'delete', 'poll', 'delete']);
  });

  it('admits requests of a kind in the order of arrival', async () => {
    const { queue } = start(1);
    const order: number[] = [];
    const leaves = [0, 1, 2, 3].map((index) => queue.enter('poll').then((leave) => (order.push(index), leave)));
    for (const leave of leaves) {
      (await leave)();
    }
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('keeps a quarter of a larger limit for other kinds, so that hanging requests block only their own kind', async () => {
    const { ask, leave, underWay } = start(16);
    ask('delete', 100);
    await settle();
    expect(underWay('delete')).toBe(12);
    ask('poll', 100);
    await settle();
    expect([underWay('delete'), underWay('poll')]).toEqual([12, 4]);
    await leave('delete');
    expect([underWay('delete'), underWay('poll')], 'the kind with fewer under way comes first').toEqual([11, 5]);
  });

  it('G13: admits no request whose wait was ended, and leaves no listener and no timer', async () => {
    const { clock, queue, entered, ask, leave } = start(1);
    ask('poll');
    const [until, urgent] = [new AbortController(), new AbortController()];
    const waiting = queue.enter('poll', { until: until.signal, urgent: urgent.signal });
    ask('poll');
    until.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    await expect(queue.enter('poll', { until: until.signal })).rejects.toBe('enough');
    await leave('poll');
    expect(entered).toHaveLength(2);
    const entering = queue.enter('poll', { until: new AbortController().signal, urgent: urgent.signal });
    await leave('poll');
    (await entering)();
    expect(getEventListeners(until.signal, 'abort')).toEqual([]);
    expect(getEventListeners(urgent.signal, 'abort')).toEqual([]);
    expect(clock.pending).toEqual([]);
  });

  it('F83: admits a request that is or becomes urgent, and counts it', async () => {
    const { entered, ask, leave } = start(1);
    const urgent = new AbortController();
    ask('poll');
    ask('delete', 3, { urgent: urgent.signal });
    ask('poll');
    await settle();
    expect(entered).toEqual(['poll']);
    urgent.abort();
    ask('delete', 1, { urgent: urgent.signal });
    await settle();
    expect(entered).toEqual(['poll', 'delete', 'delete', 'delete', 'delete']);
    for (let left = 0; left < 4; left++) {
      await leave('delete');
    }
    expect(entered, 'the poll is under way still').toHaveLength(5);
    await leave('poll');
    expect(entered).toHaveLength(6);
  });

  it('F81: sends a hurried kind at an even pace by the given time, even if no request ends; other kinds still wait', async () => {
    const { clock, queue, ask, underWay } = start(4);
    ask('poll', 50);
    queue.sendWithin('delete', 1000);
    ask('delete', 100);
    await clock.advance(500);
    expect(underWay('delete')).toBeGreaterThanOrEqual(45);
    expect(underWay('delete')).toBeLessThanOrEqual(55);
    ask('delete', 50);
    await clock.advance(500);
    expect([underWay('delete'), underWay('poll')]).toEqual([150, 3]);
    ask('delete', 10);
    await clock.advance(50);
    expect(underWay('delete'), 'what comes too late goes at the next look').toBe(160);
    expect(clock.pending).toEqual([]);
    queue.sendWithin('delete', undefined);
    ask('delete', 10);
    await clock.advance(1000);
    expect(underWay('delete')).toBe(160);
    expect(clock.pending).toEqual([]);
  });

  it('F81: keeps to the limit for a hurried kind as long as enough requests end in time', async () => {
    const { clock, queue, entered, ask, leave, underWay } = start(4);
    ask('delete', 100);
    queue.sendWithin('delete', 1000);
    for (let passed = 0; entered.length < 100; passed += 10) {
      await clock.advance(10);
      await leave('delete');
      await leave('delete');
      expect(underWay('delete')).toBeLessThanOrEqual(4);
      expect(passed).toBeLessThan(1000);
    }
  });

  it('returns the longest wait of requests that wait, and of requests under way that had to wait', async () => {
    const { clock, queue, ask, leave } = start(1);
    ask('open');
    await clock.advance(1000);
    expect(queue.longestWait()).toBe(0);
    ask('poll');
    await clock.advance(300);
    ask('delete');
    await clock.advance(200);
    expect(queue.longestWait()).toBe(500);
    await leave('open');
    await clock.advance(1000);
    expect(queue.longestWait(), 'the DELETE has waited longest').toBe(1200);
    await leave('poll');
    expect(queue.longestWait()).toBe(1200);
    await leave('delete');
    expect(queue.longestWait()).toBe(0);
  });

  it('never exceeds its limit and forgets no request, whatever comes and goes', async () => {
    const kinds = fc.constantFrom<RequestKind>('open', 'poll', 'peek', 'delete');
    const step = fc.oneof(fc.record({ asks: kinds, times: fc.integer({ min: 1, max: 9 }) }), fc.record({ leaves: kinds }));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 40 }), async (limit, steps) => {
        const { entered, ask, leave, underWay } = start(limit);
        const all = (): number => underWay('open') + underWay('poll') + underWay('peek') + underWay('delete');
        let asked = 0;
        for (const each of steps) {
          if ('asks' in each) {
            ask(each.asks, each.times);
            asked += each.times;
          } else {
            await leave(each.leaves);
          }
          await settle();
          expect(all()).toBeLessThanOrEqual(limit);
        }
        while (all() > 0) {
          await leave((['open', 'poll', 'peek', 'delete'] as const).find((kind) => underWay(kind) > 0) ?? 'open');
        }
        expect(entered).toHaveLength(asked);
      }),
    );
  });
});
