/**
 * A bus between the tabs of one origin: Web Locks elect, a BroadcastChannel carries, each tab remembers what it hears. Nothing
 * is stored but the journal, in `localStorage`. A hidden tab, whose timers the browser slows, leaves the lead to a visible one.
 */
import { objectWith, textOf } from '../checks/arguments.js';
import { StatisticsError } from '../index.js';
import { systemClock as clock } from '../fleet/clock.js';
import type { Bus, BusHooks, BusMember, Remembered } from '../fleet/index.js';
import { readMessage, type Kept, type Message } from './channel.js';
import { createTabJournal } from './journal.js';
import { createTabLock } from './lock.js';
import { createVisibleTabs } from './visible-tabs.js';

/** Options of {@link tabsBus}. */
export interface TabsBusOptions {
  /** Tabs of the same origin with the same name form one fleet. It holds the user, where users differ in their rights. */
  readonly name: string;
}

/** Milliseconds for which a leader is waited for that should say what it remembers; and a visible tab that should lead instead. */
const recallWithin = 500;
const visibleWithin = 100;

/**
 * A bus between the tabs of one origin, for `createFleetClient`. One tab leads: when it is closed, crashes, hangs or is hidden
 * while another is visible, another leads. Everything on the origin can read the values, and write.
 *
 * @throws StatisticsOptionError for a name that does not fit.
 * @throws StatisticsError where there are no Web Locks or no BroadcastChannel: a page that is not served by `https:` has none.
 *
 * @example
 * const bus = tabsBus({ name: `wallboard:${userId}` });
 */
export function tabsBus(options: TabsBusOptions): Bus {
  const name = textOf('name', objectWith('options', options, ['name'])['name']);
  const { locks } = (globalThis.navigator as Partial<Navigator> | undefined) ?? {};
  if (locks === undefined || typeof BroadcastChannel !== 'function') {
    throw new StatisticsError('tabsBus needs Web Locks and BroadcastChannel, which only secure pages have');
  }
  return Object.freeze({ join: (room: string, hooks: BusHooks) => join(locks, `genesys-statistics:${name}:${room}`, hooks) });
}

function join(locks: LockManager, base: string, hooks: BusHooks): BusMember {
  const id = crypto.randomUUID();
  const channel = new BroadcastChannel(base);
  const page = (globalThis as { readonly document?: Document }).document;
  const remembered = new Map<string, Remembered>();
  const demands = new Map<string, Kept>();
  const own: { revision: number; readonly wishes: Map<string, string>; lease: number } = { revision: 0, wishes: new Map(), lease: 3000 };
  const recalls = new Set<(keys: readonly string[], found: readonly (Remembered | null)[]) => void>();
  let heardAt = clock.monotonic();
  let highest = 0;
  let lastSeen = 0;
  let left = false;
  /** Stops waiting for a visible tab that takes the lock from this hidden one. */
  let stopWaiting: (() => void) | undefined;

  const isHidden = (): boolean => page?.visibilityState === 'hidden';
  const lock = createTabLock(locks, base, granted, () => !left && hooks.vacant());
  const visibleTabs = createVisibleTabs(locks, `${base}:visible`);

  function post(message: Message): void {
    if (!left) {
      channel.postMessage(message);
    }
  }

  /** The lock is this tab's. A hidden tab leads at once only if no tab is visible. */
  function granted(): void {
    post({ type: 'who' });
    if (isHidden()) {
      visibleTabs.any().then((isAny) => (isAny ? leaveToVisible() : lead()), lead);
    } else {
      lead();
    }
  }

  function lead(): void {
    if (!left && lock.held) {
      hooks.vacant(true);
    }
  }

  /** Asks whether a visible tab can take the lock, and leads if none answers in time: a visible tab may hang. */
  function leaveToVisible(): void {
    stopWaiting?.();
    stopWaiting = clock.after(visibleWithin, () => {
      stopWaiting = undefined;
      lead();
    });
    post({ type: 'hidden' });
  }

  function heardVisible(): void {
    if (!isHidden()) {
      return;
    }
    if (lock.fence > 0) {
      hooks.yield();
    } else if (stopWaiting !== undefined) {
      stopWaiting();
      stopWaiting = undefined;
      lock.release();
    }
  }

  function visibilityChanged(): void {
    visibleTabs.show(page !== undefined && !isHidden());
    if (isHidden() && lock.held) {
      post({ type: 'hidden' });
    } else if (!isHidden() && !lock.held) {
      post({ type: 'visible', from: id });
    }
  }

  function demandAll(): void {
    post({ type: 'demand', from: id, revision: own.revision, changes: [...own.wishes].flat(), whole: true });
  }

  function remember({ fence, sequence, changes }: { readonly fence: number; readonly sequence: number; readonly changes: readonly string[] }): void {
    highest = Math.max(highest, fence);
    for (let at = 0; at + 1 < changes.length; at += 2) {
      apply(remembered, changes[at] as string, changes[at + 1] === '' ? undefined : { fence, sequence, text: changes[at + 1] as string });
    }
  }

  function heardDemand({ from, revision, changes, whole }: Extract<Message, { type: 'demand' }>): void {
    const kept: Kept = { revision, wishes: new Map(whole ? [] : demands.get(from)?.wishes), until: clock.monotonic() + own.lease };
    for (let at = 0; at + 1 < changes.length; at += 2) {
      apply(kept.wishes, changes[at] as string, changes[at + 1] === '' ? undefined : (changes[at + 1] as string));
    }
    demands.set(from, kept);
    if (lock.held) {
      hooks.demand(from, revision, changes);
    }
  }

  function heardTouch(from: string, revision: number): void {
    const kept = demands.get(from);
    if (kept?.revision === revision) {
      kept.until = clock.monotonic() + own.lease;
    } else if (lock.held) {
      post({ type: 'who' });
    }
  }

  function heard(message: Message): void {
    switch (message.type) {
      case 'news':
        if (message.news.fence >= highest || highest === 0) {
          heardAt = clock.monotonic();
        }
        hooks.news(message.news);
        // A number is believed once the locks show it: see `elect`.
        if (message.news.fence === highest) {
          remember(message.news);
        }
        return;
      case 'vacant':
        hooks.vacant();
        return;
      case 'hidden':
        if (!isHidden()) {
          post({ type: 'visible', from: id });
        }
        return;
      case 'visible':
        heardVisible();
        return;
      case 'demand':
        heardDemand(message);
        return;
      case 'touch':
        heardTouch(message.from, message.revision);
        return;
      case 'gone':
        demands.delete(message.from);
        if (lock.held) {
          hooks.demand(message.from, Number.POSITIVE_INFINITY, []);
        }
        return;
      case 'who':
        if (own.revision > 0) {
          demandAll();
        }
        return;
      case 'ask':
        if (lock.held) {
          hooks.asked(message.text);
        }
        return;
      case 'recall':
        if (lock.held) {
          post({ type: 'recalled', to: message.from, keys: message.keys, found: message.keys.map((key) => remembered.get(key) ?? null) });
        }
        return;
      case 'recalled':
        if (message.to === id) {
          recalls.forEach((take) => take(message.keys, message.found));
        }
    }
  }

  channel.onmessage = ({ data }) => {
    const message = left ? undefined : readMessage(data);
    if (message !== undefined) {
      heard(message);
    }
  };
  page?.addEventListener('visibilitychange', visibilityChanged);
  queueMicrotask(() => {
    if (!left) {
      hooks.up();
      visibilityChanged();
    }
  });

  return {
    id,
    async elect(lease, above) {
      own.lease = lease;
      const seen = await lock.current();
      if (seen !== lastSeen) {
        // A new leader has its whole lease to say something.
        lastSeen = seen;
        heardAt = clock.monotonic();
      }
      highest = Math.max(highest, seen, above);
      if (lock.held) {
        const fence = await lock.number(highest);
        highest = Math.max(highest, fence);
        return { leads: true, fence, remaining: lease };
      }
      const remaining = heardAt + lease - clock.monotonic();
      if (remaining <= 0 && seen > 0) {
        heardAt = clock.monotonic();
        if (await lock.steal(seen)) {
          const fence = await lock.number(highest);
          highest = Math.max(highest, fence);
          return { leads: true, fence, remaining: lease };
        }
      }
      return { leads: false, fence: seen, remaining: Math.max(50, remaining) };
    },
    resign(fence) {
      if (lock.fence === fence) {
        lock.release();
        post({ type: 'vacant' });
      }
      return Promise.resolve();
    },
    async publish(news) {
      if (!lock.held || news.fence !== lock.fence) {
        return false;
      }
      remember(news);
      post({ type: 'news', news });
      if (news.sequence === 1 && isHidden()) {
        // A tab that became visible during the election is heard now, since there is a leader that can yield.
        post({ type: 'hidden' });
      }
      return Promise.resolve(true);
    },
    recall(keys) {
      const known = (): (Remembered | undefined)[] => keys.map((key) => remembered.get(key));
      if (lock.held) {
        return Promise.resolve(known());
      }
      return new Promise((resolve) => {
        const done = (result: readonly (Remembered | undefined)[]): void => {
          recalls.delete(take);
          stop();
          resolve(result);
        };
        const take = (of: readonly string[], found: readonly (Remembered | null)[]): void => {
          if (of.length === keys.length && of.every((key, index) => key === keys[index])) {
            done(found.map((each) => each ?? undefined));
          }
        };
        // Nobody leads, or the leader hangs: this tab has heard what it has heard.
        const stop = clock.after(recallWithin, () => done(known()));
        recalls.add(take);
        post({ type: 'recall', from: id, keys });
      });
    },
    demand(revision, changes, lease, whole) {
      own.revision = revision;
      own.lease = lease;
      if (whole) {
        own.wishes.clear();
      }
      for (let at = 0; at + 1 < changes.length; at += 2) {
        apply(own.wishes, changes[at] as string, changes[at + 1] === '' ? undefined : (changes[at + 1] as string));
      }
      post({ type: 'demand', from: id, revision, changes, whole });
      return Promise.resolve();
    },
    touch(revision) {
      post({ type: 'touch', from: id, revision });
      return Promise.resolve(own.revision === revision);
    },
    census() {
      const now = clock.monotonic();
      [...demands].filter(([, { until }]) => until <= now).forEach(([member]) => demands.delete(member));
      return Promise.resolve(new Map([...demands, ...(own.revision > 0 ? [[id, own] as const] : [])].map(([member, { revision }]) => [member, revision])));
    },
    demandOf: (member) => Promise.resolve(member === id && own.revision > 0 ? own : demands.get(member)),
    ask(text) {
      post({ type: 'ask', text });
      return Promise.resolve();
    },
    journal: createTabJournal(base),
    leave() {
      post({ type: 'gone', from: id });
      left = true;
      page?.removeEventListener('visibilitychange', visibilityChanged);
      visibleTabs.show(false);
      lock.end();
      channel.close();
      return Promise.resolve();
    },
  };
}

function apply<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) {
    map.delete(key);
  } else {
    map.set(key, value);
  }
}
