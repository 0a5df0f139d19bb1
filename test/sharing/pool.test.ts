/** Counting, lingering and eviction, and the order of disposal. */
import { describe, expect, it } from 'vitest';
import { createPool, type Pool } from '../../src/sharing/pool.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

function start(options: { linger?: number; maxIdle?: number } = {}): { clock: VirtualClock; pool: Pool; log: string[] } {
  const clock = createVirtualClock();
  const log: string[] = [];
  const pool = createPool({ linger: 1000, maxIdle: 2, ...options }, clock, (size) => log.push(`evicted ${size}`));
  return { clock, pool, log };
}

describe('the pool', () => {
  it('ends an unused upstream once, after its linger', async () => {
    const { clock, pool, log } = start();
    const share = pool.add(1, () => log.push('ended'));
    share.use();
    share.use();
    share.release();
    await clock.advance(5000);
    expect(log).toEqual([]);
    share.release();
    await clock.advance(999);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(['ended']);
    expect(clock.pending).toEqual([]);
  });

  it('a user that comes back in time stops the linger first', async () => {
    const { clock, pool, log } = start();
    const share = pool.add(1, () => log.push('ended'));
    share.use();
    share.release();
    await clock.advance(999);
    share.use();
    await clock.advance(5000);
    expect(log).toEqual([]);
    expect(clock.pending).toEqual([]);
  });

  it('F87: evicts the least recently used idle upstream, reports it before the end, and never evicts a used one', () => {
    const { pool, log } = start();
    const shares = ['a', 'b', 'c', 'd'].map((name, index) => {
      const share = pool.add(index + 1, () => log.push(`${name} ended`));
      share.use();
      return share;
    });
    const [a, b, c, d] = shares;
    a?.release();
    b?.release();
    a?.use();
    a?.release();
    c?.release();
    expect(log).toEqual(['evicted 2', 'b ended']);
    d?.release();
    expect(log).toEqual(['evicted 2', 'b ended', 'evicted 1', 'a ended']);
  });

  it('F87: an upstream that is used again does not count as idle, and is never evicted for others', () => {
    const { pool, log } = start();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => {
      const share = pool.add(1, () => log.push(`${name} ended`));
      share.use();
      share.release();
      if (name === 'a') {
        share.use();
      }
      return share;
    });
    expect(log).toEqual([]);
    a?.release();
    expect(log).toEqual(['evicted 1', 'b ended']);
    [b, c].forEach((share) => share?.drop());
  });

  it.each([{ linger: 0 }, { maxIdle: 0 }])('with %j nothing lingers', (options) => {
    const { clock, pool, log } = start(options);
    const share = pool.add(1, () => log.push('ended'));
    share.use();
    share.release();
    expect(log).toEqual(['ended']);
    expect(clock.pending).toEqual([]);
  });

  it('ends an upstream at once if release() says so', () => {
    const { pool, log } = start();
    const share = pool.add(1, () => log.push('ended'));
    share.use();
    share.release('at once');
    expect(log).toEqual(['ended']);
  });

  it('never ends an upstream that was dropped', async () => {
    const { clock, pool, log } = start();
    const share = pool.add(1, () => log.push('ended'));
    share.use();
    share.drop();
    share.release();
    await clock.advance(5000);
    expect(log).toEqual([]);
    expect(clock.pending).toEqual([]);
  });

  it('F87: loses no upstream if an eviction adds another one inside `end`', () => {
    const { pool, log } = start({ maxIdle: 1 });
    const other = pool.add(1, () => log.push('other ended'));
    const first = pool.add(1, () => {
      log.push('first ended');
      other.use();
      other.release();
    });
    first.use();
    first.release();
    const second = pool.add(1, () => log.push('second ended'));
    second.use();
    second.release();
    expect(log).toEqual(['evicted 1', 'first ended', 'evicted 1', 'second ended']);
  });
});
