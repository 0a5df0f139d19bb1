/** A fleet in virtual time: members of one process on a bus in memory, over a server in memory. */
import { noop } from 'rxjs';
import { createFleetClientOn } from '../../src/fleet/create-fleet-client.js';
import type { BusHooks, FleetClientOptions } from '../../src/fleet/index.js';
import { createMemoryBus, type MemoryBus } from '../../src/fleet/memory-bus.js';
import type { StatisticsClient } from '../../src/index.js';
import { createClientOn } from './client-on.js';
import { createMemoryServer, type MemoryServer } from './memory-server.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

export interface FleetRig {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly bus: MemoryBus;
  /** The ids of members, in the order in which they joined. */
  readonly ids: string[];
  join(options?: Partial<FleetClientOptions>): StatisticsClient;
}

export const lease = 1000;

/** The hooks of a member that does nothing by itself. */
export const silent: BusHooks = { up: noop, down: noop, news: noop, demand: noop, asked: noop, vacant: noop, yield: noop };

/** @param early - milliseconds by which timers of the members fire too early, as Node's timers may. */
export function startFleet(early = 0): FleetRig {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const memory = createMemoryBus(clock);
  const ids: string[] = [];
  const bus: MemoryBus = {
    ...memory,
    get loses() {
      return memory.loses;
    },
    set loses(loses) {
      memory.loses = loses;
    },
    join(room, hooks) {
      const member = memory.join(room, hooks);
      ids.push(member.id);
      return member;
    },
  };
  return {
    clock, server, bus, ids,
    join: (options = {}) =>
      createFleetClientOn(
        { ...clock, after: (delay, call) => clock.after(Math.max(0, delay - early), call) },
        { baseUrl: 'https://host/statistics/v3', transport: server.transport, bus, lease, poll: { interval: 100, maxInterval: 100 }, ...options },
        (inner) => createClientOn(clock, inner),
      ),
  };
}
