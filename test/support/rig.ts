/** A client over a server in memory, in virtual time, for tests of the whole client that need no socket. */
import { expect } from 'vitest';
import { createClientOn } from './client-on.js';
import type { StatisticsClient, StatisticsClientOptions, Transport } from '../../src/index.js';
import { createRandom } from '../../src/simulator/centre/random.js';
import { createMemoryServer, type MemoryServer } from './memory-server.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

export interface Rig {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly client: StatisticsClient;
}

export interface RigOptions extends Partial<StatisticsClientOptions> {
  /** The seed of random numbers. Without it, they are the clock's `chance`. */
  readonly seed?: number;
  /** Milliseconds from the sending of a request to its arrival at the server. */
  readonly latency?: number;
}

export function startRig({ seed, latency = 0, ...options }: RigOptions = {}): Rig {
  const clock = createVirtualClock();
  if (seed !== undefined) {
    const random = createRandom(seed, 'client');
    Object.assign(clock, { random: () => random.next() });
  }
  const server = createMemoryServer(() => clock.monotonic());
  const transport: Transport = async (request, signal) => {
    await new Promise<void>((resolve) => clock.after(latency, resolve));
    return server.transport(request, signal);
  };
  const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: latency > 0 ? transport : server.transport, ...options });
  return { clock, server, client };
}

/** Closes the client, and checks that it leaves nothing open on the server, and no timer. */
export async function closeRig({ clock, server, client }: Rig): Promise<void> {
  const closing = client.close();
  await clock.advance(30_000);
  await closing;
  expectNothingLeft({ clock, server });
}

export function expectNothingLeft({ clock, server }: Pick<Rig, 'clock' | 'server'>): void {
  expect(server.opened.filter((id) => !server.deleted.includes(id)), 'I1: nothing is left open').toEqual([]);
  expect(clock.pending, 'I4: no timer is left').toEqual([]);
}
