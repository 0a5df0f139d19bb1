/**
 * A thousand independent clients of one server, in one virtual time, and the seconds in which they poll. They start at the same
 * instant. An outage or a restart of the server synchronises them again.
 */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { createRandom } from '../../src/simulator/centre/random.js';
import { record } from '../support/journey.js';
import { createMemoryServer, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const clients = 1000;
const interval = 30_000;
const minute = 60_000;

async function start(seed: number): Promise<{ clock: VirtualClock; server: MemoryServer }> {
  const random = createRandom(seed, 'clients');
  const clock = Object.assign(createVirtualClock(), { random: () => random.next() });
  const server = createMemoryServer(() => clock.monotonic());
  for (let client = 0; client < clients; client++) {
    const { statistic$ } = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, poll: { interval, maxInterval: interval } });
    record(statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }));
  }
  await clock.advance(interval);
  return { clock, server };
}

/** Lets one interval pass, in which each client polls once. Returns the most polls in any second of it. */
async function busiestSecond({ clock, server }: { clock: VirtualClock; server: MemoryServer }): Promise<number> {
  const from = server.requests.length;
  await clock.advance(interval);
  const polls = server.requests.slice(from).filter(({ method }) => method === 'GET');
  expect(polls).toHaveLength(clients);
  const seconds = new Map<number, number>();
  for (const { at } of polls) {
    seconds.set(Math.floor(at / 1000), (seconds.get(Math.floor(at / 1000)) ?? 0) + 1);
  }
  return Math.max(...seconds.values());
}

async function outage({ clock, server }: { clock: VirtualClock; server: MemoryServer }, milliseconds: number): Promise<void> {
  server.fault = () => Promise.reject(new Error('down'));
  const { stackTraceLimit } = Error;
  // Thousands of errors, whose stacks nobody reads: to trace them to the sources would take longer than all the rest.
  Error.stackTraceLimit = 0;
  await clock.advance(milliseconds);
  Error.stackTraceLimit = stackTraceLimit;
  server.fault = undefined;
}

const fivePercent = 0.05 * clients;

// The real time depends on the machine, so the test has no timeout.
describe('F75: a thousand clients that poll every 30 s', { timeout: 0 }, () => {
  it('and started together, make at most 5 % of their polls in one second, and reserve no memory for refusals to come', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const herd = await start(1);
    expect((process.memoryUsage().arrayBuffers - before) / clients).toBeLessThan(10_000);
    expect(herd.server.count('POST')).toBe(clients);
    expect(await busiestSecond(herd)).toBeLessThanOrEqual(fivePercent);
  });

  it('and come back together from an outage, do the same one interval later', async () => {
    const herd = await start(1);
    await outage(herd, 2 * minute);
    // Backoffs end at most 30 s later, and the random phase applies to the wait after them.
    await herd.clock.advance(2 * interval);
    expect(await busiestSecond(herd)).toBeLessThanOrEqual(fivePercent);
    expect(herd.server.count('POST')).toBe(clients);
  });

  it('and lose their subscriptions in a restart of the server, do the same', async () => {
    const herd = await start(1);
    await outage(herd, minute);
    herd.server.forget();
    await herd.clock.advance(2 * interval);
    expect(await busiestSecond(herd)).toBeLessThanOrEqual(fivePercent);
    expect(herd.server.count('POST')).toBe(2 * clients);
  });

  it('and are forgotten by a server that stays up, open and poll on in their own seconds', async () => {
    const herd = await start(1);
    herd.server.forget();
    const before = await busiestSecond(herd);
    expect(before).toBeLessThanOrEqual(fivePercent);
    expect(herd.server.count('POST')).toBe(2 * clients);
    expect(await busiestSecond(herd)).toBe(before);
  });
});
