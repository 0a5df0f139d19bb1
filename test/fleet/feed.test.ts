/** The order of what a feed shows, whoever publishes it. */
import { describe, expect, it } from 'vitest';
import { Feed, type FeedObserver } from '../../src/fleet/feed.js';
import type { Update } from '../../src/fleet/line.js';
import { topicOf } from '../../src/fleet/topic.js';
import { sales } from '../support/journey.js';

function observe(feed: Feed): unknown[] {
  const seen: unknown[] = [];
  const nothing = (): void => undefined;
  const observer: FeedObserver = { wantsUnchanged: false, interval: undefined, value: ([first], unchanged) => !unchanged && seen.push(first?.value), state: nothing, fail: nothing, complete: nothing };
  feed.join(observer);
  return seen;
}

const update = (value: number, timestamp: number): Update => ({ status: 'live', values: [{ ...sales, timestamp, value }], error: undefined, receivedAt: 1 });

describe('F249: the first answers of a new leader are older than the last one of the former leader', () => {
  it('they are passed over, and the next one is shown', () => {
    const feed = new Feed(topicOf('Waiting', sales), 0);
    const seen = observe(feed);
    feed.take({ fence: 1, sequence: 1 }, update(7, 700), 0);
    feed.take({ fence: 2, sequence: 1 }, update(5, 500), 10);
    feed.take({ fence: 2, sequence: 2 }, update(6, 600), 15);
    expect(seen).toEqual([7]);
    feed.take({ fence: 2, sequence: 3 }, update(8, 800), 20);
    feed.releaseHeld(1000);
    expect(seen).toEqual([7, 8]);
  });

  it('the last of them is shown after all if nothing newer comes: the new leader asks a server with another clock', () => {
    const feed = new Feed(topicOf('Waiting', sales), 0);
    const seen = observe(feed);
    feed.take({ fence: 1, sequence: 1 }, update(7, 700), 0);
    feed.take({ fence: 2, sequence: 1 }, update(5, 500), 10);
    feed.take({ fence: 2, sequence: 2 }, update(6, 600), 15);
    feed.releaseHeld(9);
    expect(seen).toEqual([7]);
    feed.releaseHeld(10);
    expect(seen).toEqual([7, 6]);
    feed.take({ fence: 2, sequence: 3 }, update(4, 400), 20);
    expect(seen).toEqual([7, 6, 4]);
  });

  it('an older answer of a second new leader is held as long as one of the first', () => {
    const feed = new Feed(topicOf('Waiting', sales), 0);
    const seen = observe(feed);
    feed.take({ fence: 1, sequence: 1 }, update(7, 700), 0);
    feed.take({ fence: 2, sequence: 1 }, update(5, 500), 10);
    feed.take({ fence: 3, sequence: 1 }, update(6, 600), 1005);
    feed.releaseHeld(11);
    expect(seen).toEqual([7]);
    feed.releaseHeld(1005);
    expect(seen).toEqual([7, 6]);
  });

  it('a late publication of the former leader is not taken', () => {
    const feed = new Feed(topicOf('Waiting', sales), 0);
    const seen = observe(feed);
    feed.take({ fence: 2, sequence: 1 }, update(7, 700), 0);
    feed.take({ fence: 1, sequence: 9 }, update(9, 900), 10);
    expect(seen).toEqual([7]);
  });
});
