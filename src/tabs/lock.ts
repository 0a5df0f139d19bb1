/**
 * The lease of a fleet of tabs: a Web Lock, which the browser gives to the next tab as soon as its holder is closed or crashes.
 * A second lock carries the fencing number in its name, so that no message is needed to learn it, and none can forge it.
 */
import { noop } from 'rxjs';
import { systemClock } from '../fleet/clock.js';

export interface TabLock {
  readonly held: boolean;
  /** The fencing number of the lock that this tab holds; 0 without one. */
  readonly fence: number;
  /** The highest fencing number that any tab holds. */
  current(): Promise<number>;
  /** Numbers the lock that is held, unless it is numbered. Resolves to its number; to 0 if the lock is released or stolen meanwhile. */
  number(above: number): Promise<number>;
  /** Gives it up, and stands in the queue again. */
  release(): void;
  /** Takes the lock from a tab that hangs, if its number is still `from`. Resolves to whether this tab holds the lock. */
  steal(from: number): Promise<boolean>;
  end(): void;
}

/** One hold of the lock, from its grant to its end. */
interface Hold {
  /** 0 until it is numbered. */
  fence: number;
  letGo(): void;
  letGoFence(): void;
}

export function createTabLock(locks: LockManager, name: string, granted: () => void, lost: () => void): TabLock {
  /** Withdraws the request that stands in the queue. */
  let queued = new AbortController();
  let ended = false;
  let held: Hold | undefined;

  /** Held until {@link release}, or until another tab takes it. */
  function hold(): Promise<void> {
    if (ended) {
      return Promise.resolve();
    }
    const holding = new Promise<void>((letGo) => (held = { fence: 0, letGo, letGoFence: noop }));
    granted();
    return holding;
  }

  function dropHold(): void {
    held?.letGoFence();
    held = undefined;
  }

  /** Stands in the queue; what is held may be stolen later. */
  function stand(): void {
    if (ended) {
      return;
    }
    const standing = (queued = new AbortController());
    locks.request(name, { signal: standing.signal }, hold).catch(() => !standing.signal.aborted && stolen());
  }

  /** Another tab holds the lock already, so this one queues again. */
  function stolen(): void {
    if (held !== undefined && !ended) {
      dropHold();
      lost();
      stand();
    }
  }

  async function current(): Promise<number> {
    const { held: all = [] } = await locks.query();
    return Math.max(0, ...all.flatMap((lock) => (lock.name?.startsWith(`${name}:fence:`) ? [Number(lock.name.slice(name.length + ':fence:'.length))] : [])).filter(Number.isSafeInteger));
  }

  stand();
  return {
    get held() {
      return held !== undefined;
    },
    get fence() {
      return held?.fence ?? 0;
    },
    current,
    async number(above) {
      const mine = held;
      if (mine?.fence === 0) {
        const fence = Math.max(above, await current(), systemClock.now()) + 1;
        await new Promise<void>((resolve, reject) => {
          const numbered = (): Promise<void> => {
            resolve();
            return new Promise((letGo) => (held === mine ? (mine.letGoFence = letGo) : letGo()));
          };
          locks.request(`${name}:fence:${fence}`, numbered).catch(reject);
        });
        mine.fence = fence;
      }
      return mine !== undefined && held === mine ? mine.fence : 0;
    },
    release() {
      const released = held;
      if (released !== undefined) {
        dropHold();
        released.letGo();
        stand();
      }
    },
    async steal(from) {
      // One thief at a time; the others find that the number has changed.
      await locks.request(`${name}:thief`, { ifAvailable: true }, async (mine) => {
        if (mine !== null && held === undefined && (await current()) === from) {
          const taken = new Promise<void>((resolve) => {
            locks
              .request(name, { steal: true }, () => {
                // Withdraws this tab's own request, or it would succeed itself.
                queued.abort();
                resolve();
                return hold();
              })
              .catch(stolen);
          });
          await taken;
        }
      });
      return held !== undefined;
    },
    end() {
      ended = true;
      queued.abort();
      const last = held;
      dropHold();
      last?.letGo();
    },
  };
}
