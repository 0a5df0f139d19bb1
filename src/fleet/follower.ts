/**
 * Follows the leader of the present term: its news go to the feeds, and a gap among them
 * is made up for by what the bus remembers. Does not elect.
 */
import type { BusMember, News, Remembered } from './bus.js';
import type { FleetClock } from './clock.js';
import type { Feed } from './feed.js';
import type { Feeds } from './feeds.js';
import { readLine } from './line.js';
import { reportKey } from './publisher.js';
import { createRecall } from './recall.js';
import { readReport, type LeaderReport } from './report.js';

export interface FollowerDeps {
  readonly clock: FleetClock;
  readonly feeds: Feeds;
  readonly bus: Pick<BusMember, 'recall'>;
  /** Whether the bus can be used. */
  isUp(): boolean;
  /** Whether this process leads: then it takes no other's word. */
  leads(): boolean;
  reported(report: LeaderReport | undefined): void;
  /** The leader of the present term has said something. */
  heardLeader(): void;
  /** Somebody speaks for a term that is not known yet: a message alone moves nobody to it. */
  unknownTerm(): void;
}

export interface Follower {
  /** The fencing number of the present term. */
  readonly fence: number;
  /** Monotonic time of the last word of the present term. */
  readonly heardAt: number;
  /** Whether the leader of the present term has said anything. */
  readonly hasHeard: boolean;
  /** Another term begins, by the word of the bus. */
  beginTerm(fence: number): void;
  /** The bus says that this is the present term. */
  follow(fence: number): void;
  /** This process leads, or has just led: that is as good as a word. */
  confirm(): void;
  heard(news: News): void;
  /** Monotonic time at which the value of a feed was last confirmed. */
  confirmedAt(feed: Feed): number;
  /** Reads what the bus remembers, of one topic or of all. */
  recall(key?: string): void;
  /** Reads what could not be read before. */
  retry(): void;
}

export function createFollower({ clock, feeds, bus, isUp, leads, reported, heardLeader, unknownTerm }: FollowerDeps): Follower {
  let [fence, sequence] = [0, 0];
  let heardAt = clock.monotonic();
  /** When something was last heard of the term before: values of its own are confirmed by no later word. */
  let heardBefore = heardAt;

  const reading = createRecall(bus, isUp, (key, found) => {
    // A text of a term that is not known yet waits until an election has confirmed that term.
    if (found.fence <= fence && !leads() && isUp()) {
      take(key, found.text, found);
    }
  });

  function take(key: string, text: string, stamp: Pick<Remembered, 'fence' | 'sequence'>): void {
    if (key === reportKey) {
      reported(readReport(text));
      return;
    }
    const feed = feeds.get(key);
    const update = feed === undefined || text === '' ? undefined : readLine(text, feed.topic);
    if (update !== undefined) {
      feed?.take(stamp, update, clock.monotonic());
    }
  }

  function beginTerm(next: number): void {
    heardBefore = heardAt;
    [fence, sequence] = [next, 0];
  }

  function recall(key?: string): void {
    reading.add(key === undefined ? [reportKey, ...feeds.all().map(({ topic }) => topic.key)] : [key]);
  }

  return {
    get fence() {
      return fence;
    },
    get heardAt() {
      return heardAt;
    },
    get hasHeard() {
      return sequence > 0;
    },
    beginTerm,
    follow(current) {
      if (current > fence) {
        beginTerm(current);
        recall();
      }
    },
    confirm() {
      heardAt = clock.monotonic();
    },
    heard({ fence: of, sequence: number, changes }) {
      if (of > fence) {
        unknownTerm();
        return;
      }
      if (of < fence || number <= sequence || leads()) {
        return;
      }
      // The first news of a term are no gap: everything was recalled when the term was heard of.
      const isGap = sequence > 0 && number !== sequence + 1;
      sequence = number;
      heardAt = clock.monotonic();
      for (let at = 0; at + 1 < changes.length; at += 2) {
        take(changes[at] as string, changes[at + 1] as string, { fence: of, sequence: number });
      }
      heardLeader();
      if (isGap) {
        recall();
      }
    },
    confirmedAt: (feed) => (feed.fence === fence && fence > 0 ? heardAt : Math.max(feed.since, heardBefore)),
    recall,
    retry: reading.retry,
  };
}
