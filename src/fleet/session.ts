/**
 * One membership of a fleet, from the first observer of this process to its last: connects, states its demand, follows the
 * leader, and leads when the lease is free. Owns who leads; what is observed belongs to the feeds.
 */
import { noop } from 'rxjs';
import { StatisticsError, type Health } from '../index.js';
import type { Bus, BusMember, Election, News } from './bus.js';
import type { FleetClock } from './clock.js';
import type { Feeds } from './feeds.js';
import { createLeader, type Leader, type LeaderDeps } from './leader.js';
import { readLine } from './line.js';
import { reportKey } from './publisher.js';
import { createRecall } from './recall.js';
import { readReport, type LeaderReport } from './report.js';

/** How a session stands, for `health$`. */
export interface Standing {
  /** Of this process's own client, while it leads. */
  readonly own: Health | undefined;
  /** Of the leader elsewhere, as it last said. */
  readonly report: LeaderReport | undefined;
  /** Why values cannot arrive: the bus is away, or nobody leads. */
  readonly error: StatisticsError | undefined;
}

export interface SessionDeps {
  readonly bus: Bus;
  readonly room: string;
  readonly clock: FleetClock;
  readonly feeds: Feeds;
  /** Milliseconds. */
  readonly lease: number;
  readonly staleAfter: number;
  /** The ordinary client, and its journal on the bus, for a term of leading. */
  newTerm(bus: BusMember): Pick<LeaderDeps, 'client' | 'journal'>;
  /** Something about the standing has changed. */
  changed(standing: Standing): void;
  /** The bus has been away for a lease, or is back. */
  cutOff(is: boolean): void;
  /** Whether this process polls for itself, since the bus is away. */
  isDirect(): boolean;
}

export interface Session {
  wish(key: string, wish: string): void;
  refresh(): void;
  /** Hands over, deletes what is open and leaves; resolves when that is done. */
  close(): Promise<void>;
}

export function createSession(deps: SessionDeps): Session {
  const { clock, feeds, lease } = deps;
  const beatEvery = lease / 3;
  let standing: Standing = { own: undefined, report: undefined, error: undefined };
  let isUp = false;
  let closed = false;
  let leader: Leader | undefined;
  let leaseUntil = 0;
  /** What is known of the present term, and when something was last heard of it. */
  let [fence, sequence] = [0, 0];
  let heardAt = clock.monotonic();
  /** When something was last heard of the term before: values of its own are confirmed by no later word. */
  let heardBefore = heardAt;
  /** Counts every change of this process's demand; those that wait for the bus. */
  let revision = 0;
  let waiting = new Map<string, string>();
  let isDemanding = false;
  let isElecting = false;
  /** Why the last election failed although the bus is up. */
  let electionFailure: unknown;
  /** Whether the last publication of this leader failed. */
  let isUnheard = false;
  let isSweeping = false;
  let abstainUntil = 0;
  const timers = { beat: noop, candidate: noop, lease: noop, cut: noop, sweep: noop };

  const member = deps.bus.join(deps.room, {
    up: () => !closed && connected(),
    down: (error) => !closed && disconnected(error),
    news: (news) => !closed && heard(news),
    demand: (from, revisionThere, changes) => leader?.demand(from, revisionThere, changes),
    asked: (text) => text === 'refresh' && leader?.refresh(),
    vacant: () => !closed && setCandidate(clock.random() * Math.min(50, beatEvery / 4), true),
    yield: () => !closed && leader !== undefined && yieldLead(),
  });

  const recall = createRecall(
    member,
    () => isUp && !closed,
    (key, found) => {
      // Of a leader that is not known yet, the election says more.
      if (found.fence <= fence && leader === undefined && !closed) {
        take(key, found.text, found);
      }
    },
  );

  /** Asked anew after each wait. */
  const isClosed = (): boolean => closed;

  function stand(change: Partial<Standing>): void {
    standing = { ...standing, ...change };
    deps.changed(standing);
  }

  function set(timer: keyof typeof timers, delay: number, act: () => void): void {
    timers[timer]();
    timers[timer] = closed ? noop : clock.after(delay, act);
  }

  // -- the bus comes and goes

  function connected(): void {
    isUp = true;
    timers.cut();
    deps.cutOff(false);
    stand({ error: undefined });
    demandAll();
    recallAll();
    void elect();
    set('beat', beatEvery, beat);
  }

  function disconnected(cause: Error): void {
    if (isUp || standing.error === undefined) {
      isUp = false;
      stand({ error: new StatisticsError('the bus is away', { cause }) });
      timers.beat();
      timers.candidate();
      set('cut', lease, () => deps.cutOff(true));
    }
  }

  function beat(): void {
    set('beat', beatEvery, beat);
    member.touch(revision, lease).then((isKept) => isKept || isDemanding || waiting.size > 0 || demandAll(), noop);
    feeds.all().forEach((feed) => feed.releaseHeld(clock.monotonic() - lease));
    if (leader !== undefined) {
      void elect();
    } else if (clock.monotonic() - heardAt > 2 * lease && standing.error === undefined) {
      stand({ error: new StatisticsError(`no leader has been heard of for ${2 * lease} ms`, { cause: electionFailure }) });
    }
    recall.retry();
  }

  // -- who leads

  async function elect(): Promise<void> {
    if (isElecting || closed) {
      return;
    }
    isElecting = true;
    // Measured from before the request: by the bus's own measure the lease ends later.
    const from = clock.monotonic();
    let election: Election | undefined;
    try {
      election = await member.elect(lease, fence);
      electionFailure = undefined;
    } catch (error) {
      // Until the bus says that it is away, it is only slow, or full.
      electionFailure = error;
    }
    isElecting = false;
    if (isClosed()) {
      if (election?.leads === true) {
        void member.resign(election.fence).catch(noop);
      }
    } else if (election === undefined) {
      setCandidate(beatEvery);
    } else if (election.leads) {
      lead(election.fence, from + lease);
    } else {
      stepDown();
      follow(election.fence);
      setCandidate(election.remaining + clock.random() * Math.min(50, lease / 20));
    }
  }

  function lead(granted: number, until: number): void {
    leaseUntil = until;
    set('lease', until - clock.monotonic(), () => clock.monotonic() >= leaseUntil && stepDown());
    if (leader === undefined) {
      newTerm(granted);
      isUnheard = false;
      stand({ error: undefined });
      leader = createLeader({
        ...deps.newTerm(member),
        bus: member, clock, feeds,
        keepFor: deps.staleAfter + lease,
        fence: granted,
        mayPublish: () => clock.monotonic() < leaseUntil,
        superseded: () => {
          stepDown();
          setCandidate(beatEvery);
        },
        health: (own) => stand({ own }),
        published,
      });
    } else if (leader.fence !== granted) {
      newTerm(granted);
      leader.resume(granted);
    } else {
      leader.beat();
    }
    heardAt = clock.monotonic();
  }

  /** While nothing that this process publishes arrives, the members that follow it see nothing new. */
  function published(error: unknown): void {
    if (isUnheard !== (error !== undefined)) {
      isUnheard = !isUnheard;
      stand({ error: isUnheard ? new StatisticsError('the bus does not take what the leader publishes', { cause: error }) : undefined });
    }
  }

  function stepDown(): void {
    const ended = leader;
    if (ended !== undefined) {
      leader = undefined;
      heardAt = clock.monotonic();
      timers.lease();
      stand({ own: undefined });
      ended.end().catch(noop);
      setCandidate(beatEvery);
    }
  }

  /** Gives the lead to a member that is better placed, and leaves it time to take it. */
  function yieldLead(): void {
    const { fence: held } = leader as Leader;
    abstainUntil = clock.monotonic() + lease;
    member.resign(held).catch(noop);
    stepDown();
  }

  function setCandidate(delay: number, isVacant = false): void {
    if (leader === undefined && isUp) {
      set('candidate', Math.max(delay, abstainUntil - clock.monotonic()), () => {
        const due = heardAt + lease - clock.monotonic();
        // Whoever was heard of within its lease still holds it.
        if (!isVacant && leader === undefined && sequence > 0 && due > 0) {
          setCandidate(due + clock.random() * Math.min(50, lease / 20));
        } else {
          void elect();
        }
      });
    }
  }

  // -- following

  function newTerm(next: number): void {
    heardBefore = heardAt;
    [fence, sequence] = [next, 0];
  }

  /** The bus says whose lease it is: a message alone moves nobody to another term. */
  function follow(current: number): void {
    if (current > fence) {
      newTerm(current);
      recallAll();
    }
  }

  function heard({ fence: of, sequence: number, changes }: News): void {
    if (of > fence) {
      void elect();
      return;
    }
    if (of < fence || number <= sequence || leader !== undefined) {
      return;
    }
    // The first news of a term are no gap: everything was recalled when the term was heard of.
    const isGap = sequence > 0 && number !== sequence + 1;
    sequence = number;
    heardAt = clock.monotonic();
    for (let at = 0; at + 1 < changes.length; at += 2) {
      take(changes[at] as string, changes[at + 1] as string, { fence: of, sequence: number });
    }
    if (standing.error !== undefined && isUp) {
      stand({ error: undefined });
    }
    if (isGap) {
      recallAll();
    }
  }

  function take(key: string, text: string, stamp: { readonly fence: number; readonly sequence: number }): void {
    if (key === reportKey) {
      stand({ report: readReport(text) });
      return;
    }
    const feed = feeds.get(key);
    const update = feed === undefined || text === '' ? undefined : readLine(text, feed.topic);
    if (update !== undefined) {
      feed?.take(stamp, update, clock.monotonic());
    }
  }

  function recallAll(): void {
    recall.add([reportKey, ...feeds.all().map(({ topic }) => topic.key)]);
  }

  /** Values that no leader vouches for any more turn stale. While this process leads, its client says which. */
  function sweep(): void {
    isSweeping = false;
    const now = clock.monotonic();
    let next = deps.staleAfter;
    if (leader === undefined && !deps.isDirect()) {
      for (const feed of feeds.all()) {
        const left = (feed.fence === fence && fence > 0 ? heardAt : Math.max(feed.since, heardBefore)) + deps.staleAfter - now;
        if (left <= 0) {
          feed.stale(standing.error);
        } else {
          next = Math.min(next, left);
        }
      }
    }
    startSweeping(next);
  }

  function startSweeping(delay: number): void {
    if (!isSweeping && !closed) {
      isSweeping = true;
      set('sweep', delay, sweep);
    }
  }

  // -- demand

  function demandAll(): void {
    waiting = new Map();
    const all = feeds.wishes();
    // Two steps ahead: a leader that knows the one before must read the whole.
    revision += 2;
    send(all, true);
  }

  function demandChanges(): void {
    if (isUp && !isDemanding && waiting.size > 0 && !closed) {
      const changes = [...waiting].flat();
      waiting = new Map();
      revision += 1;
      send(changes, false);
    }
  }

  function send(changes: readonly string[], whole: boolean): void {
    isDemanding = true;
    member
      .demand(revision, changes, lease, whole)
      // A demand that may not have arrived is stated anew by the next beat, since the revisions differ.
      .catch(noop)
      .finally(() => {
        isDemanding = false;
        demandChanges();
      })
      .catch(noop);
  }

  return {
    wish(key, wish) {
      if (closed) {
        return;
      }
      leader?.wish(key, wish);
      if (waiting.size === 0) {
        queueMicrotask(demandChanges);
      }
      waiting.set(key, wish);
      const feed = feeds.get(key);
      if (leader === undefined && isUp && wish !== '' && feed?.isAnswered === false) {
        recall.add([key]);
      }
      startSweeping(deps.staleAfter);
    },
    refresh() {
      if (leader !== undefined) {
        leader.refresh();
      } else {
        member.ask('refresh').catch(noop);
      }
    },
    async close() {
      closed = true;
      Object.values(timers).forEach((stop) => stop());
      const ended = leader;
      leader = undefined;
      if (ended !== undefined) {
        await member.resign(ended.fence).catch(noop);
        await ended.end();
      }
      await member.leave();
    },
  };
}
