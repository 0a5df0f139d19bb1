/** G9: one probe at a time for all upstreams, fewer and fewer while probes fail, and the outcomes that count as success. */
import { describe, expect, it } from 'vitest';
import { StatisticsApiError } from '../../../src/index.js';
import { createReopenProbe } from '../../../src/upstream/recovery/reopen-probe.js';
import { createVirtualClock, settle } from '../../support/virtual-clock.js';

const failure = (httpStatus: number): StatisticsApiError => new StatisticsApiError('', { operation: 'POST /subscriptions', httpStatus });
const { signal } = new AbortController();

function start() {
  const clock = createVirtualClock();
  let heldOffFor = 0;
  const probe = createReopenProbe(
    { clock, retryOptions: { minTimeout: 1000, maxTimeout: 30_000, factor: 2 }, requestTimeout: 10_000 },
    { heldOffFor: () => heldOffFor },
  );
  return {
    clock,
    probe,
    holdOff: (milliseconds: number) => (heldOffFor = milliseconds),
    /** Requests a probe with this outcome. Resolves whether it was made. */
    tries: async (httpStatus?: number) => {
      let tried = false;
      const opened = probe.run(signal, () => {
        tried = true;
        return httpStatus === undefined ? Promise.resolve('opened') : Promise.reject(failure(httpStatus));
      });
      await opened.catch(() => undefined);
      return tried;
    },
  };
}

describe('a probe', () => {
  it('resolves the opened session, or rejects with the error of the opening', async () => {
    const { probe } = start();
    await expect(probe.run(signal, () => Promise.resolve('opened'))).resolves.toBe('opened');
    await expect(probe.run(signal, () => Promise.reject(failure(503)))).rejects.toMatchObject({ httpStatus: 503 });
    await expect(probe.run(signal, () => Promise.resolve('opened'))).resolves.toBeUndefined();
  });

  it('is not made before the backoff after the last failed one, which grows up to maxTimeout', async () => {
    const { clock, tries } = start();
    for (const wait of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      expect(await tries(500)).toBe(true);
      await clock.advance(wait - 1);
      expect(await tries(500)).toBe(false);
      await clock.advance(1);
    }
  });

  it.each([
    ['a success of any request', ({ probe }: ReturnType<typeof start>) => {
      probe.succeeded();
      return Promise.resolve();
    }],
    ['a probe that succeeds', async ({ clock, tries }: ReturnType<typeof start>) => (await clock.advance(4000), tries())],
    ['a refused probe, because its server is well', async ({ clock, tries }: ReturnType<typeof start>) => (await clock.advance(4000), tries(409))],
  ])('may be made at once after %s, and the backoff starts again', async (_, succeed) => {
    const rig = start();
    await rig.tries(500);
    await rig.clock.advance(1000);
    await rig.tries(500);
    const { successes } = rig.probe;
    await succeed(rig);
    expect(rig.probe.successes).toBe(successes + 1);
    expect(await rig.tries(500)).toBe(true);
    await rig.clock.advance(1000);
    expect(await rig.tries(500)).toBe(true);
  });

  it('waits for a probe that is under way, and is not made if that one fails', async () => {
    const { probe } = start();
    let fail = (_: Error): void => undefined;
    const first = probe.run(signal, () => new Promise((_, reject) => (fail = reject)));
    let opened = 0;
    const others = [1, 2].map(() => probe.run(signal, () => Promise.resolve(opened++)));
    await settle();
    expect(opened).toBe(0);
    fail(failure(500));
    await expect(first).rejects.toThrow();
    expect(await Promise.all(others)).toEqual([undefined, undefined]);
    expect(opened).toBe(0);
  });

  it('F42: is not made during a Retry-After', async () => {
    const { tries, holdOff } = start();
    holdOff(1);
    expect(await tries()).toBe(false);
    holdOff(0);
    expect(await tries()).toBe(true);
  });

  it('G3: is not made for an upstream that was closed while it waited', async () => {
    const { probe } = start();
    const controller = new AbortController();
    let open = (_: string): void => undefined;
    const first = probe.run(signal, () => new Promise<string>((resolve) => (open = resolve)));
    const second = probe.run(controller.signal, () => Promise.resolve('opened'));
    controller.abort();
    open('opened');
    expect(await Promise.all([first, second])).toEqual(['opened', undefined]);
  });
});
