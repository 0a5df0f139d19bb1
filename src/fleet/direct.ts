/** Polls for this process's own feeds while the bus is away under `withoutBus: 'direct'`, with a client of its own. */
import type { StatisticsClient } from '../index.js';
import type { FleetClock } from './clock.js';
import type { Feeds } from './feeds.js';
import { createWatches } from './watches.js';

export interface Direct {
  wish(key: string, wish: string): void;
  refresh(): void;
  end(): Promise<void>;
}

export function createDirect(client: StatisticsClient, feeds: Feeds, clock: FleetClock): Direct {
  const watches = createWatches(client, (key, update) => {
    const feed = feeds.get(key);
    if (feed !== undefined && update !== undefined) {
      // Under the fence of the last leader: the next one is believed more.
      feed.take({ fence: feed.fence, sequence: Number.MAX_SAFE_INTEGER }, update, clock.monotonic(), true);
    }
  });
  const plain = { interval: undefined, unchanged: false };
  feeds.all().forEach(({ topic }) => watches.set(topic.key, plain));
  return {
    wish: (key, wish) => watches.set(key, wish === '' ? undefined : plain),
    refresh: () => client.refresh(),
    end() {
      const closed = client.close();
      watches.end();
      return closed;
    },
  };
}
