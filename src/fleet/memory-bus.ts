/**
 * A bus in memory: a fleet of clients in one process. It is what the laws of a bus look like without a network, and what
 * tests run a fleet on. Owns the rooms; knows nothing of what the texts mean.
 */
import type { Bus, BusHooks, BusMember, Demand, News, Remembered } from './bus.js';
import { systemClock, type FleetClock } from './clock.js';

interface Kept extends Demand {
  readonly wishes: Map<string, string>;
  until: number;
}

interface Seat {
  readonly id: string;
  readonly hooks: BusHooks;
  /** Cut off from the room: the bus is down for this member. */
  error: Error | undefined;
}

interface Room {
  readonly seats: Map<string, Seat>;
  readonly remembered: Map<string, Remembered>;
  readonly demands: Map<string, Kept>;
  readonly journal: Set<string>;
  fence: number;
  lease: { readonly holder: string; readonly fence: number; until: number } | undefined;
  keptUntil: number;
}

/** The hands of a test on a bus in memory. */
export interface MemoryBus extends Bus {
  /** Cuts off one member, or all if none is named. `undefined` as the error reconnects them. */
  cut(error: Error | undefined, member?: string): void;
  /** Forgets everything, like a server that is restarted empty. */
  wipe(): void;
  /** Sends news to all members that no leader has published. */
  forge(news: News): void;
  /** Whether news reach a member; lost ones leave no trace. */
  loses: (member: string) => boolean;
}

const emptyRoom = (): Room => ({ seats: new Map(), remembered: new Map(), demands: new Map(), journal: new Set(), fence: 0, lease: undefined, keptUntil: Infinity });

/**
 * A bus in memory, for several clients of one process: tests, and programs with many parts. Its members end with the
 * process, so a killed process leaves its subscriptions to the server's own expiry.
 *
 * @example
 * const bus = memoryBus();
 * const [one, another] = [createFleetClient({ baseUrl, bus }), createFleetClient({ baseUrl, bus })];
 */
export function memoryBus(): Bus {
  const { join } = createMemoryBus(systemClock);
  return Object.freeze({ join });
}

/** @internal */
export function createMemoryBus(clock: FleetClock): MemoryBus {
  const rooms = new Map<string, Room>();
  let members = 0;
  const bus: MemoryBus = {
    loses: () => false,
    join(name, hooks) {
      const room = rooms.get(name) ?? emptyRoom();
      rooms.set(name, room);
      const seat: Seat = { id: `member-${++members}`, hooks, error: undefined };
      room.seats.set(seat.id, seat);
      queueMicrotask(() => room.seats.get(seat.id) === seat && seat.error === undefined && hooks.up());
      return createMember(clock, room, seat, (member) => bus.loses(member));
    },
    cut(error, member) {
      for (const { seats } of rooms.values()) {
        for (const seat of [...seats.values()].filter(({ id }) => member === undefined || id === member)) {
          seat.error = error;
          queueMicrotask(() => (error === undefined ? seat.hooks.up() : seat.hooks.down(error)));
        }
      }
    },
    forge(news) {
      [...rooms.values()].forEach(({ seats }) => seats.forEach(({ hooks }) => hooks.news(news)));
    },
    wipe() {
      for (const room of rooms.values()) {
        Object.assign(room, { ...emptyRoom(), seats: room.seats });
      }
    },
  };
  return bus;
}

function createMember(clock: FleetClock, room: Room, seat: Seat, loses: (member: string) => boolean): BusMember {
  const { id } = seat;

  /** Wraps every call: it rejects while the member is cut off. */
  async function reach<T>(act: (now: number) => T): Promise<T> {
    await Promise.resolve();
    if (seat.error !== undefined) {
      throw seat.error;
    }
    return act(clock.monotonic());
  }

  function leaseAt(now: number): Room['lease'] {
    return room.lease !== undefined && room.lease.until > now ? room.lease : undefined;
  }

  function others(): Seat[] {
    return [...room.seats.values()].filter((other) => other !== seat && other.error === undefined);
  }

  function leaderAt(now: number): Seat | undefined {
    return others().find((other) => other.id === leaseAt(now)?.holder);
  }

  function demandAt(now: number, member: string): Kept | undefined {
    const kept = room.demands.get(member);
    return kept !== undefined && kept.until > now ? kept : undefined;
  }

  function resign(fence: number): void {
    if (room.lease?.holder === id && room.lease.fence === fence) {
      room.lease = undefined;
      others().forEach(({ hooks }) => queueMicrotask(() => hooks.vacant()));
    }
  }

  return {
    id,
    elect: (lease, above) =>
      reach((now) => {
        const held = leaseAt(now);
        if (held === undefined) {
          room.fence = Math.max(room.fence, above) + 1;
          room.lease = { holder: id, fence: room.fence, until: now + lease };
        } else if (held.holder === id) {
          held.until = now + lease;
        }
        const { holder, fence, until } = room.lease ?? { holder: '', fence: 0, until: now };
        return { leads: holder === id, fence, remaining: until - now };
      }),
    resign: (fence) => reach(() => resign(fence)),
    publish: (news, keepFor) =>
      reach((now) => {
        if (news.fence < room.fence) {
          return false;
        }
        room.fence = news.fence;
        room.keptUntil = now + keepFor;
        const { fence, sequence, changes } = news;
        for (let at = 0; at + 1 < changes.length; at += 2) {
          const [key = '', text = ''] = [changes[at], changes[at + 1]];
          if (text === '') {
            room.remembered.delete(key);
          } else {
            room.remembered.set(key, { fence, sequence, text });
          }
        }
        others().filter((other) => !loses(other.id)).forEach(({ hooks }) => queueMicrotask(() => hooks.news(news)));
        return true;
      }),
    recall: (keys) => reach((now) => keys.map((key) => (room.keptUntil > now ? room.remembered.get(key) : undefined))),
    demand: (revision, changes, lease, whole) =>
      reach((now) => {
        const wishes = new Map(whole ? [] : demandAt(now, id)?.wishes);
        for (let at = 0; at + 1 < changes.length; at += 2) {
          const [key = '', text = ''] = [changes[at], changes[at + 1]];
          if (text === '') {
            wishes.delete(key);
          } else {
            wishes.set(key, text);
          }
        }
        room.demands.set(id, { revision, wishes, until: now + lease });
        const leader = leaderAt(now);
        // A leader that was not told of what is replaced asks for the whole.
        queueMicrotask(() => leader?.hooks.demand(id, revision, changes));
      }),
    touch: (revision, lease) =>
      reach((now) => {
        const kept = demandAt(now, id);
        if (kept?.revision !== revision) {
          return false;
        }
        kept.until = now + lease;
        return true;
      }),
    census: () =>
      reach((now) => {
        const alive = [...room.demands].filter(([, { until }]) => until > now);
        [...room.demands.keys()].filter((member) => demandAt(now, member) === undefined).forEach((member) => room.demands.delete(member));
        return new Map(alive.map(([member, { revision }]) => [member, revision]));
      }),
    demandOf: (member) => reach((now) => demandAt(now, member)),
    ask: (text) =>
      reach((now) => {
        const leader = leaderAt(now);
        queueMicrotask(() => leader?.hooks.asked(text));
      }),
    journal: {
      add: (entry) => reach(() => void room.journal.add(entry)),
      remove: (entry) => reach(() => void room.journal.delete(entry)),
      entries: () => reach(() => [...room.journal]),
    },
    async leave() {
      room.seats.delete(id);
      await reach(() => {
        room.demands.delete(id);
        const leader = leaderAt(clock.monotonic());
        // A revision that nothing follows: the leader looks again, and finds the member gone.
        queueMicrotask(() => leader?.hooks.demand(id, Number.POSITIVE_INFINITY, []));
        resign(room.lease?.fence ?? 0);
      }).catch(() => undefined);
    },
  };
}
