/** G8: the cost of finding the definitions that a server refuses, while all other tenants stay live where they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { StatisticRejectedError, type StatisticsClientOptions } from '../../src/index.js';
import { eventsOf, record } from '../support/journey.js';
import { askedFor, createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

function start(options: Partial<StatisticsClientOptions> = {}) {
  const clock: VirtualClock = createVirtualClock();
  const server: MemoryServer = createMemoryServer(() => clock.monotonic());
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, ...options });
  const watchAll = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => record(client.statistic$(`statistic ${from + index}`, sales)));
  /** The server refuses every opening that holds one of these definitions. */
  const refuse = (bad: ReadonlySet<number>, status = 400): void => {
    server.fault = (request) => (askedFor(request).some(({ name }) => bad.has(Number(name?.split(' ')[1]))) ? reply(status) : undefined);
  };
  return { clock, server, client, watchAll, refuse };
}

const opensFor = (bad: number, among: number): number => bad * (2 * Math.log2(among) + 2);

describe('a search for refused definitions', () => {
  it('costs at most 2 log2 n + 2 opens for each refused one among n, and all others become live', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 500 }), fc.uniqueArray(fc.nat(499), { minLength: 1, maxLength: 3 }), async (size, picks) => {
        const bad = new Set(picks.map((pick) => pick % size));
        const { clock, server, watchAll, refuse } = start();
        refuse(bad);
        const all = watchAll(0, size);
        await clock.advance(1000);
        // Four lone refusals with nothing accepted would end the search. Three refused definitions never cause four.
        all.forEach(({ values, error }, index) => {
          expect(error instanceof StatisticRejectedError, `statistic ${index} of ${size}`).toBe(bad.has(index));
          expect(values.length).toBe(bad.has(index) ? 0 : 1);
        });
        expect(server.count('POST')).toBeLessThanOrEqual(1 + opensFor(bad.size, size));
      }),
      { numRuns: 60 },
    );
  });

  it('G2: forgets tenants that were left during the search, but not new tenants with the same definitions', async () => {
    const { clock, server, client, watchAll } = start();
    let accept = (): void => undefined;
    server.fault = (request) => {
      const [only, ...others] = request.method === 'POST' ? askedFor(request) : [];
      if (only === undefined) {
        return undefined;
      }
      const open = () => reply(200, { data: { subscriptionId: 'first', statistics: [{ ...only, timestamp: 0, value: { intValue: 1 } }] } });
      return others.length > 0 ? reply(413) : new Promise((resolve) => (accept = () => resolve(open())));
    };
    const both = watchAll(0, 2);
    await clock.advance(100);
    // One half is being opened. The other half waits, loses its observers, and is requested again.
    both.forEach(({ unsubscribe }) => unsubscribe());
    const back = watchAll(0, 2);
    accept();
    await clock.advance(0);
    void client.close();
    expect(back.map(({ completed }) => completed)).toEqual([true, true]);
  });

  it('ends with the fourth lone refusal if nothing was accepted: the definitions are not the cause', async () => {
    const { clock, server, client, watchAll } = start();
    server.fault = ({ method }) => (method === 'POST' ? reply(403) : undefined);
    const splits = eventsOf(client, 'split');
    const all = watchAll(0, 64);
    await clock.advance(1000);
    expect(server.requests.map(({ statistics }) => statistics)).toEqual([64, 32, 16, 8, 4, 2, 1, 1, 2, 1, 1]);
    expect(splits.map(({ statistics }) => statistics)).toEqual([64, 32, 16, 8, 4, 2, 2]);
    expect(all.every(({ error }) => error instanceof StatisticRejectedError)).toBe(true);
  });

  it('leaves live tenants where they are: they are not opened anew, and their observers notice nothing', async () => {
    const { clock, server, watchAll, refuse } = start();
    const living = watchAll(0, 100);
    await clock.advance(3000);
    const [home] = server.opened;
    refuse(new Set([130]));
    const late = watchAll(100, 150);
    await clock.advance(100);
    expect(server.deleted).not.toContain(home);
    expect(late.filter(({ error }) => error !== undefined)).toHaveLength(1);
    expect(late.filter(({ values }) => values.length === 1)).toHaveLength(49);
    expect(living.every(({ values, error }) => values.length === 1 && error === undefined)).toBe(true);
  });

  it('the groups that it leaves are merged again at a quiet time', async () => {
    const { clock, server, watchAll, refuse } = start();
    refuse(new Set([17]));
    watchAll(0, 64);
    await clock.advance(100);
    expect(server.sizes().length).toBeGreaterThan(1);
    await clock.advance(10_000);
    expect(server.sizes()).toEqual([63]);
  });

  it('a size that the server refuses is remembered: no larger upstream is opened', async () => {
    const { clock, server, watchAll } = start();
    server.fault = (request) => (askedFor(request).length > 100 ? reply(413) : undefined);
    watchAll(0, 400);
    await clock.advance(10_000);
    expect(server.sizes()).toEqual([100, 100, 100, 100]);
    const refusals = (): number => server.requests.filter(({ statistics }) => statistics > 100).length;
    const before = refusals();
    watchAll(400, 650);
    await clock.advance(10_000);
    expect(server.sizes().reduce((sum, size) => sum + size, 0)).toBe(650);
    expect(server.sizes()).toHaveLength(7);
    expect(refusals()).toBe(before);
  });

  it('a definition that was refused once is opened alone next time', async () => {
    const { clock, server, watchAll, refuse } = start();
    refuse(new Set([3]));
    watchAll(0, 10);
    await clock.advance(5000);
    const before = server.count('POST');
    const [again] = watchAll(3, 4);
    watchAll(20, 30);
    await clock.advance(100);
    expect(again?.error).toBeInstanceOf(StatisticRejectedError);
    expect(server.requests.filter(({ method }) => method === 'POST').slice(before).map(({ statistics }) => statistics).sort((a, b) => a - b)[0]).toBe(1);
    expect(server.count('POST') - before).toBe(2);
  });

  it('I5: a statistic that was left during its opening is opened anew when requested again', async () => {
    const { clock, server, watchAll } = start();
    let answer = (_: ReturnType<typeof reply>): void => undefined;
    server.fault = () => new Promise<ReturnType<typeof reply>>((resolve) => (answer = resolve));
    const [left] = watchAll(0, 4);
    await clock.advance(100);
    left?.unsubscribe();
    server.fault = undefined;
    answer(reply(400));
    await clock.advance(1000);
    expect(server.sizes()).toEqual([2, 1]);
    const [again] = watchAll(0, 1);
    await clock.advance(1000);
    expect(again?.values).toHaveLength(1);
  });

  it('goes on with the other pieces when the piece that is being tried loses all observers', async () => {
    const { clock, server, watchAll } = start();
    let opens = 0;
    server.fault = ({ method }) => (method === 'POST' ? ([reply(400), 'silent'] as const)[opens++] : undefined);
    const all = watchAll(0, 4);
    await clock.advance(100);
    expect(server.requests.map(({ statistics }) => statistics)).toEqual([4, 2]);
    all.slice(0, 2).forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(2000);
    expect(all.slice(2).map(({ values }) => values.length)).toEqual([1, 1]);
  });

  it('leaks nothing if observers leave during it', async () => {
    const { clock, server, watchAll, refuse } = start();
    refuse(new Set([3, 40]), 500);
    const all = watchAll(0, 64);
    await clock.advance(2500);
    all.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(60_000);
    expect(server.sizes()).toEqual([]);
    expect(clock.pending).toEqual([]);
  });
});
