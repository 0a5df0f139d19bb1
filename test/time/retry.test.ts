/** How long an attempt is repeated, and that a bug never counts as an end. */
import { describe, expect, it } from 'vitest';
import { persist } from '../../src/time/retry.js';

const failures = (...errors: Error[]) => (): Promise<string> => {
  const error = errors.shift();
  return error === undefined ? Promise.resolve('done') : Promise.reject(error);
};
const yes = (): Promise<boolean> => Promise.resolve(true);
const no = (): Promise<boolean> => Promise.resolve(false);

describe('persist', () => {
  it('resolves the result of the first attempt that succeeds', async () => {
    const counts: number[] = [];
    const again = (_: Error, count: number): Promise<boolean> => Promise.resolve(counts.push(count) > 0);
    await expect(persist(failures(new Error('1'), new Error('2')), again)).resolves.toBe('done');
    expect(counts).toEqual([1, 2]);
  });

  it('resolves undefined once shouldRetry declines', async () => {
    await expect(persist(failures(new Error('1')), no)).resolves.toBeUndefined();
  });

  it('rejects with a bug, also after ordinary failures', async () => {
    const bug = new TypeError('x is not a function');
    await expect(persist(failures(bug), yes)).rejects.toBe(bug);
    await expect(persist(failures(new Error('1'), bug), yes)).rejects.toBe(bug);
  });

  it('rejects with what shouldRetry itself throws', async () => {
    const bug = new RangeError('mine');
    await expect(persist(failures(new Error('1')), () => Promise.reject(bug))).rejects.toBe(bug);
  });
});
