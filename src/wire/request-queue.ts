/**
 * Limits how many requests to the server are under way, fairly between their kinds. Owns the queue of those that wait; knows
 * nothing of what they ask. A request leaves by its own deadline at the latest, so the queue always moves on.
 */
import type { Cancel, Clock } from '../time/clock.js';

const kinds = ['open', 'poll', 'peek', 'delete'] as const;

export type RequestKind = (typeof kinds)[number];

export interface Admission {
  /** Ends the wait: {@link RequestQueue.enter} rejects with its reason. */
  readonly until?: AbortSignal | undefined;
  /** Ends the wait the other way, because there will be no later: the request may be sent whatever the limit. */
  readonly urgent?: AbortSignal | undefined;
}

export interface RequestQueue {
  /** Waits until a request may be sent. Call the function that it resolves as soon as the request is over. */
  enter(kind: RequestKind, admission?: Admission): Promise<() => void>;
  /**
   * Lets all of a kind that wait now go within so many milliseconds, and all that come later in time, even past the limit if
   * nothing is answered. `undefined`: the limit holds again.
   */
  hurry(kind: RequestKind, milliseconds: number | undefined): void;
  /** Milliseconds: the longest that any request has been waiting so far, or had to wait that is under way now. */
  longestWait(): number;
}

interface Waiting {
  readonly since: number;
  enter(): void;
}

interface Lane {
  readonly kind: RequestKind;
  underWay: number;
  /** The first in line first. */
  readonly waiting: Set<Waiting>;
  /** While it is hurried: by when all that wait have to be gone, and how often it is looked whether they keep up. */
  hurry: { readonly end: number; readonly every: number } | undefined;
  /** How many were let in since it was last looked. */
  entered: number;
  cancelTimer: Cancel | undefined;
}

/** The share of the limit that no kind takes alone: if requests of one kind hang, those of another are not held up. */
const reserved = 1 / 4;
/** How often it is looked whether a hurried kind keeps up, in the time that it has. */
const checks = 20;

/** @param limit - the most requests under way at once. */
export function createRequestQueue(clock: Clock, limit: number): RequestQueue {
  const mostOfOneKind = limit - Math.floor(limit * reserved);
  /** The one that was let in last comes last, so kinds with as many under way take turns. */
  const lanes = new Map(kinds.map((kind) => [kind, newLane(kind)]));
  /** How long those that are under way had to wait, if they had to. */
  const waits = new Set<{ readonly waited: number }>();

  const laneOf = (kind: RequestKind): Lane => lanes.get(kind) as Lane;

  /** Those that went past the limit hold up nobody else. */
  function hasRoom(lane: Lane): boolean {
    let underWay = 0;
    lanes.forEach((each) => (underWay += Math.min(each.underWay, mostOfOneKind)));
    return underWay < limit && lane.underWay < mostOfOneKind;
  }

  /** Lets in whatever there is room for; first the kind with the fewest under way. */
  function letIn(): void {
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

  /** Counts a request as under way. Returns what ends that, once. */
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
        letIn();
      }
    };
  }

  /** Lets in as many as it takes to be done in time at an even pace, and looks again while any wait. */
  function keepPace(lane: Lane, { end, every }: NonNullable<Lane['hurry']>): void {
    const looksLeft = Math.max(0, Math.round((end - clock.monotonic()) / every));
    const due = Math.ceil((lane.waiting.size + lane.entered) / (looksLeft + 1));
    for (let missing = due - lane.entered; missing > 0; missing--) {
      enterFirst(lane);
    }
    armTimer(lane);
  }

  /** The timer runs only while something waits, or it would keep the process alive (G13). */
  function armTimer(lane: Lane): void {
    const { hurry, waiting } = lane;
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    if (hurry !== undefined && waiting.size > 0) {
      lane.entered = 0;
      lane.cancelTimer = clock.after(hurry.every, () => keepPace(lane, hurry));
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
          until?.removeEventListener('abort', giveUp);
          urgent?.removeEventListener('abort', entry.enter);
          lane.waiting.delete(entry);
          if (lane.waiting.size === 0) {
            armTimer(lane);
          }
        }
        function giveUp(): void {
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
        until?.addEventListener('abort', giveUp, { once: true });
        urgent?.addEventListener('abort', entry.enter, { once: true });
        lane.waiting.add(entry);
        if (lane.waiting.size === 1) {
          armTimer(lane);
        }
      });
    },
    hurry(kind, milliseconds) {
      const lane = laneOf(kind);
      lane.hurry = milliseconds === undefined ? undefined : { end: clock.monotonic() + milliseconds, every: milliseconds / checks };
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
  return { kind, underWay: 0, waiting: new Set(), hurry: undefined, entered: 0, cancelTimer: undefined };
}
