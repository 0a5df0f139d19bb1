/**
 * The feeds of this process: which topics are observed, and for how long one that nobody observes is kept. Reports each
 * change of what is wished for; knows nothing of a bus or a leader.
 */
import type { FleetClock } from './clock.js';
import { Feed, type FeedObserver } from './feed.js';
import type { Topic } from './topic.js';

export interface FeedsHooks {
  /** The wish for a topic has changed; `''` withdraws it. */
  wish(key: string, wish: string): void;
  /** The number of observers has changed. */
  observers(by: 1 | -1): void;
  /** No feed is left. */
  idle(): void;
}

export interface Feeds {
  readonly size: number;
  readonly closed: boolean;
  get(key: string): Feed | undefined;
  all(): readonly Feed[];
  /** The wishes for all topics, flat: a key, its wish, the next key ... */
  wishes(): string[];
  /** Returns a function that ends the observation. */
  join(topic: Topic, observer: FeedObserver): () => void;
  /** Completes every observer. */
  close(): void;
}

interface Entry {
  readonly feed: Feed;
  wish: string;
  stopLinger: (() => void) | undefined;
}

/** @param linger - milliseconds for which a feed that nobody observes is kept. */
export function createFeeds(clock: FleetClock, linger: number, hooks: FeedsHooks): Feeds {
  const entries = new Map<string, Entry>();
  let closed = false;

  function open(topic: Topic): Entry {
    const found = entries.get(topic.key);
    if (found !== undefined && found.feed.state.status !== 'failed') {
      return found;
    }
    if (found !== undefined) {
      // An observer of a refused topic asks again while the others are still being notified.
      forget(found);
    }
    const entry: Entry = { feed: new Feed(topic, clock.monotonic()), wish: '', stopLinger: undefined };
    entries.set(topic.key, entry);
    return entry;
  }

  function forget(entry: Entry): void {
    const { key } = entry.feed.topic;
    if (entries.get(key) === entry) {
      entry.stopLinger?.();
      entries.delete(key);
      hooks.wish(key, '');
      if (entries.size === 0) {
        hooks.idle();
      }
    }
  }

  function update(entry: Entry): void {
    const { wish } = entry.feed;
    if (wish !== entry.wish) {
      entry.wish = wish;
      hooks.wish(entry.feed.topic.key, wish);
    }
  }

  return {
    get size() {
      return entries.size;
    },
    get closed() {
      return closed;
    },
    get: (key) => entries.get(key)?.feed,
    all: () => [...entries.values()].map(({ feed }) => feed),
    wishes: () => [...entries].flatMap(([key, { wish }]) => [key, wish]),
    join(topic, observer) {
      const entry = open(topic);
      entry.stopLinger?.();
      entry.stopLinger = undefined;
      hooks.observers(1);
      // Before the observer is shown anything: it may leave at once.
      entry.feed.join(observer);
      update(entry);
      return () => {
        hooks.observers(-1);
        entry.feed.observers.delete(observer);
        const { status } = entry.feed.state;
        if (status === 'failed' || closed) {
          forget(entry);
        } else if (entry.feed.observers.size > 0) {
          update(entry);
        } else {
          entry.stopLinger?.();
          entry.stopLinger = clock.after(linger, () => forget(entry));
        }
      };
    },
    close() {
      closed = true;
      for (const entry of [...entries.values()]) {
        entry.feed.complete();
        forget(entry);
      }
    },
  };
}
