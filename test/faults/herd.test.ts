/**
 * A thousand clients of one server, each on its own, in one virtual time: the seconds in which they poll. They start in
 * the same instant, and an outage or a restart of the server sets them going together again.
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

/** Lets one interval pass, in which everybody polls once: the most polls in any of its seconds. */
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
  await clock.advance(milliseconds);
  server.fault = undefined;
}

const fivePercent = 0.05 * clients;

// Virtual time takes as much real time as the machine likes, so the runner sets no limit.
describe('F75: a thousand clients that poll every 30 s', { timeout: 0 }, () => {
  it('and started together: no second holds more than 5 % of their polls', async () => {
    const herd = await start(1);
    expect(herd.server.count('POST')).toBe(clients);
    expect(await busiestSecond(herd)).toBeLessThanOrEqual(fivePercent);
  });

  it('and come back together from an outage: nor one interval after that', async () => {
    const herd = await start(1);
    await outage(herd, 2 * minute);
    // Backoffs end at most 30 s later, and the wait after them is the one that is cut.
    await herd.clock.advance(2 * interval);
    expect(await busiestSecond(herd)).toBeLessThanOrEqual(fivePercent);
    expect(herd.server.count('POST')).toBe(clients);
  });

  it('and lose their subscriptions by a restart of the server: nor then', async () => {
    const herd = await start(1);
    await outage(herd, minute);
    herd.server.forget();
    await herd.clock.advance(2 * interval);
    expect(await busiestSecond(herd)).toBeLessThanOrEqual(fivePercent);
    expect(herd.server.count('POST')).toBe(2 * clients);
  });

  it('a server that forgets everything and is never away sees them open in their own seconds, and poll on in these', async () => {
    const herd = await start(1);
    herd.server.forget();
    const before = await busiestSecond(herd);
    expect(before).toBeLessThanOrEqual(fivePercent);
    expect(herd.server.count('POST')).toBe(2 * clients);
    expect(await busiestSecond(herd)).toBe(before);
  });
});
