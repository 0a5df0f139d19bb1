/**
 * One term of leading: an ordinary client for the union of what all members demand, whose updates go to the feeds of this
 * process and to the bus. Owns the term; whether it may go on is the session's business.
 */
import { noop } from 'rxjs';
import type { Health, StatisticsClient } from '../index.js';
import type { BusMember } from './bus.js';
import type { FleetClock } from './clock.js';
import { DemandUnion } from './demand.js';
import type { Feeds } from './feeds.js';
import type { BusJournal } from './journal.js';
import type { Update } from './line.js';
import { createPublisher, type Publisher } from './publisher.js';
import { writeReport } from './report.js';
import { createWatches } from './watches.js';

export interface LeaderDeps {
  readonly client: StatisticsClient;
  readonly journal: BusJournal;
  readonly bus: BusMember;
  readonly clock: FleetClock;
  readonly feeds: Feeds;
  /** Milliseconds for which the bus remembers what was published. */
  readonly keepFor: number;
  /** Milliseconds without an answer of the server after which another member should try to lead. */
  readonly staleAfter: number;
  readonly fence: number;
  /** Whether the lease still holds, as far as this process can know. */
  mayPublish(): boolean;
  /** Another member leads. */
  superseded(): void;
  /** The server has not answered for too long, and there are other members, which may reach it. */
  unsuccessful(): void;
  /** The health of the client has changed. */
  health(health: Health): void;
  /** A publication has arrived, or failed for this reason. */
  published(error: unknown): void;
}

export interface Leader {
  readonly fence: number;
  /** This process's own demand has changed. */
  wish(key: string, wish: string): void;
  /** The demand of another member has changed. */
  demand(member: string, revision: number, changes: readonly string[]): void;
  /** Reports that it leads, and compares what it knows of demand with the bus. */
  beat(): void;
  /** Goes on under another fence: the bus has forgotten the lease, or everything. */
  resume(fence: number): void;
  refresh(): void;
  /** Deletes everything that is open; resolves when that is done. */
  end(): Promise<void>;
}

export function createLeader(deps: LeaderDeps): Leader {
  const { client, bus, clock, feeds } = deps;
  const since = clock.now();
  let publisher = newPublisher(deps.fence);
  let health: Health | undefined;
  let ended = false;
  let isCounting = false;
  let succeededAt = clock.monotonic();

  function show(key: string, update: Update): void {
    feeds.get(key)?.take({ fence: publisher.fence, sequence: publisher.next }, update, clock.monotonic(), true);
  }

  const watches = createWatches(client, (key, update) => {
    if (update !== undefined) {
      show(key, update);
    }
    publisher.add(key, update);
  });
  const union = new DemandUnion((key, wanted) => !ended && watches.set(key, wanted));
  const reports = client.health$.subscribe({
    next(now) {
      health = now;
      deps.health(now);
      report();
    },
    error: noop,
  });

  const successes = client.events$.subscribe({
    next: ({ type }) => {
      if (type === 'polled' || type === 'opened' || type === 'reopened' || type === 'peeked') {
        succeededAt = clock.monotonic();
      }
    },
    error: noop,
  });

  function newPublisher(fence: number): Publisher {
    return createPublisher({
      fence,
      now: () => clock.monotonic(),
      mayPublish: deps.mayPublish,
      publish: (news) => bus.publish(news, deps.keepFor),
      superseded: deps.superseded,
      attempted: (error) => !ended && deps.published(error),
    });
  }

  function report(): void {
    if (health !== undefined && health.status !== 'closed') {
      const { observers: _, status, ...rest } = health;
      publisher.report(writeReport({ leader: bus.id, since, at: clock.now(), members: union.members, topics: union.keys, lag: publisher.lag, health: { ...rest, status } }));
    }
  }

  async function reload(member: string): Promise<void> {
    const demand = await bus.demandOf(member);
    if (ended) {
      return;
    }
    if (demand === undefined) {
      union.remove(member);
    } else if (demand.revision !== union.revisionOf(member)) {
      union.replace(member, demand.revision, demand.wishes);
    }
  }

  /** Finds members that have come, gone or changed unheard. */
  async function count(): Promise<void> {
    if (isCounting) {
      return;
    }
    isCounting = true;
    try {
      const census = await bus.census();
      if (ended) {
        return;
      }
      union.known().filter((member) => member !== bus.id && !census.has(member)).forEach((member) => union.remove(member));
      for (const [member, revision] of census) {
        if (member !== bus.id && union.revisionOf(member) !== revision) {
          await reload(member);
        }
      }
    } finally {
      isCounting = false;
    }
  }

  // The process knows its own demand without the bus, so a slow bus does not hold up its own observers.
  union.apply(bus.id, 1, feeds.wishes());
  count().then(report, noop);

  return {
    get fence() {
      return publisher.fence;
    },
    wish(key, wish) {
      union.apply(bus.id, 1, [key, wish]);
      const last = watches.last(key);
      // The topic may have been watched for other processes, so that nothing new is heard of it now.
      if (wish !== '' && last !== undefined && feeds.get(key)?.isAnswered === false) {
        show(key, last);
      }
    },
    demand(member, revision, changes) {
      if (member !== bus.id && !union.change(member, revision, changes)) {
        reload(member).catch(noop);
      }
    },
    beat() {
      report();
      count().catch(noop);
      deps.journal.retry();
      // All values are stale by then, so nothing is lost if the others do no better.
      if (clock.monotonic() - succeededAt > deps.staleAfter && union.members > 1) {
        deps.unsuccessful();
      }
    },
    resume(fence) {
      publisher.end();
      publisher = newPublisher(fence);
      deps.journal.rewrite();
      watches.keys().forEach((key) => {
        const last = watches.last(key);
        if (last !== undefined) {
          publisher.add(key, last);
        }
      });
      report();
      count().catch(noop);
    },
    refresh: () => client.refresh(),
    end() {
      ended = true;
      publisher.end();
      reports.unsubscribe();
      successes.unsubscribe();
      const closed = client.close();
      watches.end();
      return closed;
    },
  };
}
