/**
 * Limits the number of requests that are under way at once, fairly between their kinds. Owns the queue of waiting requests. Every
 * request ends at its own deadline at the latest, so the queue always moves on. Knows nothing of the requests' content.
 */
import type { Cancel, Clock } from '../time/clock.js';

const kinds = ['open', 'poll', 'peek', 'delete'] as const;

export type RequestKind = (typeof kinds)[number];

export interface WaitSignals {
  /** When this aborts, the wait ends: {@link RequestQueue.enter} rejects with the reason. */
  readonly until?: AbortSignal | undefined;
  /** When this aborts, the request is sent at once, even beyond the limit, because nothing may be sent later. */
  readonly urgent?: AbortSignal | undefined;
}

export interface RequestQueue {
  /** Waits until a request may be sent. Resolves a function to call as soon as the request is over. */
  enter(kind: RequestKind, signals?: WaitSignals): Promise<() => void>;
  /**
   * Sends the waiting requests of a kind, and later ones, within this number of milliseconds. If the server does not answer, they
   * exceed the concurrency limit. `undefined` restores the limit.
   */
  sendWithin(kind: RequestKind, milliseconds: number | undefined): void;
  /** The longest wait, in milliseconds, of any request that is waiting or under way now. */
  longestWait(): number;
}

interface Waiting {
  readonly since: number;
  enter(): void;
}

interface Lane {
  readonly kind: RequestKind;
  underWay: number;
  /** In the order of arrival. */
  readonly waiting: Set<Waiting>;
  /** Set while the kind is hurried: the monotonic time by which all waiting requests must be sent, and the milliseconds between checks. */
  pace: { readonly end: number; readonly every: number } | undefined;
  /** Number of requests that were sent since the last check. */
  entered: number;
  cancelTimer: Cancel | undefined;
}

/** The share of the limit that is kept free for other kinds, so that hanging requests of one kind do not block the others. */
const reserved = 1 / 4;
/** Number of checks, within the given time, whether a hurried kind keeps up. */
const checks = 20;

/** @param limit - the most requests under way at once. */
export function createRequestQueue(clock: Clock, limit: number): RequestQueue {
  const mostOfOneKind = limit - Math.floor(limit * reserved);
  /** The kind that sent last is moved to the end, so that kinds with equally many requests under way take turns. */
  const lanes = new Map(kinds.map((kind) => [kind, newLane(kind)]));
  /** The waits of the requests that are under way now, if they had to wait. */
  const waits = new Set<{ readonly waited: number }>();

  const laneOf = (kind: RequestKind): Lane => lanes.get(kind) as Lane;

  /** Whether a request of this kind may be sent. Requests of a kind beyond its own maximum do not count against other kinds. */
  function hasRoom(lane: Lane): boolean {
    let underWay = 0;
    lanes.forEach((each) => (underWay += Math.min(each.underWay, mostOfOneKind)));
    return underWay < limit && lane.underWay < mostOfOneKind;
  }

  /** Sends as many waiting requests as there is room for, from the kind with the fewest under way first. */
  function sendWaiting(): void {
    for (;;) {
      let next: Lane | undefined;
      for (const lane of lanes.values()) {
        if (lane.waiting.size > 0 && hasRoom(lane) && lane.underWay < (next?.underWay ?? Infinity)) {
          next = lane;
        }
      }
      if (next === undefined) {
        return;
      }
      enterFirst(next);
    }
  }

  function enterFirst({ waiting: [first] }: Lane): void {
    first?.enter();
  }

  /** Counts a request as under way. Returns an idempotent function that ends this. */
  function start(lane: Lane, waited: number): () => void {
    const wait = { waited };
    let isUnderWay = true;
    lanes.delete(lane.kind);
    lanes.set(lane.kind, lane);
    lane.underWay++;
    lane.entered++;
    if (waited > 0) {
      waits.add(wait);
    }
    return () => {
      if (isUnderWay) {
        isUnderWay = false;
        lane.underWay--;
        waits.delete(wait);
        sendWaiting();
      }
    };
  }

  /** Sends as many requests as an even pace needs to finish in time, and checks again while any request waits. */
  function keepPace(lane: Lane, { end, every }: NonNullable<Lane['pace']>): void {
    const looksLeft = Math.max(0, Math.round((end - clock.monotonic()) / every));
    const due = Math.ceil((lane.waiting.size + lane.entered) / (looksLeft + 1));
    for (let missing = due - lane.entered; missing > 0; missing--) {
      enterFirst(lane);
    }
    armTimer(lane);
  }

  /** The timer runs only while a request waits. Otherwise it would keep the process alive (G13). */
  function armTimer(lane: Lane): void {
    const { pace, waiting } = lane;
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    if (pace !== undefined && waiting.size > 0) {
      lane.entered = 0;
      lane.cancelTimer = clock.after(pace.every, () => keepPace(lane, pace));
    }
  }

  return {
    enter(kind, { until, urgent } = {}) {
      const lane = laneOf(kind);
      if (until?.aborted === true) {
        return Promise.reject(until.reason as Error);
      }
      if (urgent?.aborted === true || (lane.waiting.size === 0 && hasRoom(lane))) {
        return Promise.resolve(start(lane, 0));
      }
      return new Promise((resolve, reject) => {
        const since = clock.monotonic();
        function leaveQueue(): void {
          until?.removeEventListener('abort', endWait);
          urgent?.removeEventListener('abort', entry.enter);
          lane.waiting.delete(entry);
          if (lane.waiting.size === 0) {
            armTimer(lane);
          }
        }
        function endWait(): void {
          leaveQueue();
          reject(until?.reason as Error);
        }
        const entry: Waiting = {
          since,
          enter() {
            leaveQueue();
            resolve(start(lane, clock.monotonic() - since));
          },
        };
        until?.addEventListener('abort', endWait, { once: true });
        urgent?.addEventListener('abort', entry.enter, { once: true });
        lane.waiting.add(entry);
        if (lane.waiting.size === 1) {
          armTimer(lane);
        }
      });
    },
    sendWithin(kind, milliseconds) {
      const lane = laneOf(kind);
      lane.pace = milliseconds === undefined ? undefined : { end: clock.monotonic() + milliseconds, every: milliseconds / checks };
      armTimer(lane);
    },
    longestWait() {
      let longest = 0;
      waits.forEach(({ waited }) => (longest = Math.max(longest, waited)));
      for (const { waiting: [first] } of lanes.values()) {
        longest = Math.max(longest, first === undefined ? 0 : clock.monotonic() - first.since);
      }
      return longest;
    },
  };
}

function newLane(kind: RequestKind): Lane {
  return { kind, underWay: 0, waiting: new Set(), pace: undefined, entered: 0, cancelTimer: undefined };
}
