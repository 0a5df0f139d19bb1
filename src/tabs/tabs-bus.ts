/**
 * A bus between the tabs of one origin: Web Locks elect, a BroadcastChannel carries, each tab remembers what it hears. Nothing
 * is stored but the journal, in `localStorage`. A hidden tab, whose timers the browser slows, leaves the lead to a visible one.
 */
import { objectWith, textOf } from '../checks/arguments.js';
import { StatisticsError } from '../index.js';
import { systemClock as clock } from '../fleet/clock.js';
import type { Bus, BusHooks, BusMember, Election, News } from '../fleet/index.js';
import { readMessage, type Message } from './channel.js';
import { createDemands } from './demands.js';
import { createHandover } from './handover.js';
import { createTabJournal } from './journal.js';
import { createTabLock } from './lock.js';
import { createMemory } from './memory.js';

/** Options of {@link tabsBus}. */
export interface TabsBusOptions {
  /** Tabs of the same origin with the same name form one fleet. It holds the user, where users differ in their rights. */
  readonly name: string;
}

/** Milliseconds until the next attempt to lead, while the lock comes or goes. */
const retrySoon = 50;

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
  const demands = createDemands();
  const memory = createMemory((keys) => post({ type: 'recall', from: id, keys }));
  /** Milliseconds, as this tab was last told. */
  let lease = 3000;
  let heardAt = clock.monotonic();
  let highest = 0;
  let lastSeen = 0;
  let left = false;

  const lock = createTabLock(locks, base, granted, () => !left && hooks.vacant());
  const handover = createHandover({
    locks, lock,
    name: `${base}:visible`,
    ask: () => post({ type: 'hidden' }),
    answer: () => post({ type: 'visible', from: id }),
    lead: () => hooks.vacant(true),
    yieldLead: () => hooks.yield(),
  });

  function post(message: Message): void {
    if (!left) {
      channel.postMessage(message);
    }
  }

  function granted(): void {
    post({ type: 'who' });
    handover.granted();
  }

  function stateDemand(): void {
    const own = demands.of(id);
    if (own !== undefined) {
      post({ type: 'demand', from: id, revision: own.revision, changes: [...own.wishes].flat(), whole: true });
    }
  }

  /** The lock is held, but may be lost while it gets its number. */
  async function leadUnlessHandedOver(): Promise<Election> {
    if (handover.isUnderWay) {
      return { leads: false, fence: highest, remaining: retrySoon };
    }
    const fence = await lock.number(highest);
    highest = Math.max(highest, fence);
    return fence > 0 ? { leads: true, fence, remaining: lease } : { leads: false, fence: highest, remaining: retrySoon };
  }

  function heardNews(news: News): void {
    if (news.fence >= highest || highest === 0) {
      heardAt = clock.monotonic();
    }
    hooks.news(news);
    // A number is believed once the locks show it: see `elect`.
    if (news.fence === highest) {
      memory.keep(news);
    }
  }

  function heard(message: Message): void {
    switch (message.type) {
      case 'news':
        heardNews(message.news);
        return;
      case 'vacant':
        hooks.vacant();
        return;
      case 'hidden':
        handover.heardQuestion();
        return;
      case 'visible':
        handover.heardAnswer();
        return;
      case 'demand':
        demands.change(message.from, message.revision, message.changes, lease, message.whole);
        if (lock.held) {
          hooks.demand(message.from, message.revision, message.changes);
        }
        return;
      case 'touch':
        if (!demands.touch(message.from, message.revision, lease) && lock.held) {
          post({ type: 'who' });
        }
        return;
      case 'gone':
        demands.forget(message.from);
        if (lock.held) {
          hooks.demand(message.from, Number.POSITIVE_INFINITY, []);
        }
        return;
      case 'who':
        stateDemand();
        return;
      case 'ask':
        if (lock.held) {
          hooks.asked(message.text);
        }
        return;
      case 'recall':
        if (lock.held) {
          post({ type: 'recalled', to: message.from, keys: message.keys, found: memory.of(message.keys).map((found) => found ?? null) });
        }
        return;
      case 'recalled':
        if (message.to === id) {
          memory.heard(message.keys, message.found);
        }
    }
  }

  channel.onmessage = ({ data }) => {
    const message = left ? undefined : readMessage(data);
    // A channel does not deliver a tab's own messages, so one that names this tab as its sender is forged.
    if (message !== undefined && !('from' in message && message.from === id)) {
      heard(message);
    }
  };
  queueMicrotask(() => {
    if (!left) {
      hooks.up();
      handover.start();
    }
  });

  return {
    id,
    async elect(given, above) {
      lease = given;
      const seen = await lock.current();
      if (seen !== lastSeen) {
        // A new leader has its whole lease to say something.
        lastSeen = seen;
        heardAt = clock.monotonic();
      }
      highest = Math.max(highest, seen, above);
      if (lock.held) {
        return leadUnlessHandedOver();
      }
      const remaining = heardAt + lease - clock.monotonic();
      if (remaining <= 0 && seen > 0) {
        heardAt = clock.monotonic();
        if (await lock.steal(seen)) {
          return leadUnlessHandedOver();
        }
      }
      return { leads: false, fence: seen, remaining: Math.max(retrySoon, remaining) };
    },
    resign(fence, isUnsuccessful = false) {
      if (lock.fence === fence) {
        if (isUnsuccessful) {
          handover.abstain();
        }
        lock.release();
        post({ type: 'vacant' });
      }
      return Promise.resolve();
    },
    publish(news) {
      const isLeader = lock.held && news.fence === lock.fence;
      if (isLeader) {
        memory.keep(news);
        post({ type: 'news', news });
        if (news.sequence === 1) {
          handover.termBegan();
        }
      }
      return Promise.resolve(isLeader);
    },
    recall: (keys) => (lock.held ? Promise.resolve(memory.of(keys)) : memory.recall(keys)),
    demand(revision, changes, given, whole) {
      lease = given;
      demands.change(id, revision, changes, Number.POSITIVE_INFINITY, whole);
      post({ type: 'demand', from: id, revision, changes, whole });
      return Promise.resolve();
    },
    touch(revision) {
      post({ type: 'touch', from: id, revision });
      return Promise.resolve(demands.of(id)?.revision === revision);
    },
    census: () => Promise.resolve(demands.census()),
    demandOf: (member) => Promise.resolve(demands.of(member)),
    ask(text) {
      post({ type: 'ask', text });
      return Promise.resolve();
    },
    journal: createTabJournal(base),
    leave() {
      post({ type: 'gone', from: id });
      left = true;
      handover.end();
      lock.end();
      channel.close();
      return Promise.resolve();
    },
  };
}
