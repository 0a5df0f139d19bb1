/**
 * One membership of a fleet, from the first observer of this process to its last: joins the bus, and connects what hears of
 * other processes (follower), leads (candidate), states demand and reports how all of that stands.
 */
import { noop } from 'rxjs';
import type { Bus, BusMember } from './bus.js';
import { createCandidate } from './candidate.js';
import type { FleetClock } from './clock.js';
import type { Feeds } from './feeds.js';
import { createFollower } from './follower.js';
import { createLeader, type Leader, type LeaderDeps } from './leader.js';
import { createOwnDemand } from './own-demand.js';
import { createStaleness } from './staleness.js';
import { createStanding, type Standing } from './standing.js';
import { createTimer } from './timer.js';

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
  const { clock, feeds, lease, staleAfter } = deps;
  const beatEvery = lease / 3;
  const standing = createStanding((now) => !closed && deps.changed(now));
  const [beatTimer, cutTimer] = [createTimer(clock), createTimer(clock)];
  let isConnected = false;
  let closed = false;
  const isUp = (): boolean => isConnected && !closed;
  const leads = (): boolean => candidate.leader !== undefined;

  const member = deps.bus.join(deps.room, {
    up: () => !closed && connected(),
    down: (error) => !closed && disconnected(error),
    news: (news) => !closed && follower.heard(news),
    demand: (from, revision, changes) => candidate.leader?.demand(from, revision, changes),
    asked: (text) => text === 'refresh' && candidate.leader?.refresh(),
    vacant: (reserved) => !closed && candidate.vacant(reserved),
    yield: () => !closed && candidate.yieldLead(false),
  });

  const follower = createFollower({
    clock, feeds, isUp, leads,
    bus: member,
    reported: standing.report,
    heardLeader: () => standing.clear('leaderless'),
    unknownTerm: () => candidate.elect(),
  });

  const candidate = createCandidate({
    bus: member, clock, lease, isUp,
    fence: () => follower.fence,
    holdsFor: () => (follower.hasHeard ? follower.heardAt + lease - clock.monotonic() : 0),
    begin: beginTerm,
    renumbered: follower.beginTerm,
    confirm: follower.confirm,
    follow: follower.follow,
    stoppedLeading() {
      standing.clear('unheard');
      standing.own(undefined);
    },
  });

  const demand = createOwnDemand(member, lease, feeds.wishes, isUp);
  const staleness = createStaleness({
    clock, feeds, staleAfter,
    isOwn: () => leads() || deps.isDirect(),
    confirmedAt: follower.confirmedAt,
    reason: () => standing.now.error,
  });

  function connected(): void {
    isConnected = true;
    cutTimer.stop();
    deps.cutOff(false);
    standing.clear('away', 'leaderless');
    demand.stateAll();
    follower.recall();
    candidate.elect();
    beatTimer.set(beatEvery, beat);
  }

  function disconnected(cause: Error): void {
    if (isConnected || !standing.holds('away')) {
      isConnected = false;
      standing.because('away', 'the bus is away', cause);
      beatTimer.stop();
      candidate.pause();
      cutTimer.set(lease, () => deps.cutOff(true));
    }
  }

  function beat(): void {
    beatTimer.set(beatEvery, beat);
    demand.keep();
    feeds.all().forEach((feed) => feed.releaseHeld(clock.monotonic() - lease));
    if (leads()) {
      candidate.elect();
    } else if (clock.monotonic() - follower.heardAt > 2 * lease) {
      standing.because('leaderless', `no leader has been heard of for ${2 * lease} ms`, candidate.failure);
    }
    follower.retry();
  }

  function beginTerm(fence: number): Leader {
    follower.beginTerm(fence);
    standing.clear('leaderless');
    return createLeader({
      ...deps.newTerm(member),
      bus: member, clock, feeds, fence, staleAfter,
      keepFor: staleAfter + lease,
      mayPublish: candidate.holdsLease,
      superseded: candidate.stepDown,
      unsuccessful: () => candidate.yieldLead(true),
      health: standing.own,
      published(error) {
        // While nothing that this process publishes arrives, the members that follow it see nothing new.
        if (error === undefined) {
          standing.clear('unheard');
        } else {
          standing.because('unheard', 'the bus does not take what the leader publishes', error);
        }
      },
    });
  }

  return {
    wish(key, wish) {
      if (closed) {
        return;
      }
      candidate.leader?.wish(key, wish);
      demand.change(key, wish);
      if (!leads() && isUp() && wish !== '' && feeds.get(key)?.isAnswered === false) {
        follower.recall(key);
      }
      staleness.start();
    },
    refresh() {
      if (candidate.leader !== undefined) {
        candidate.leader.refresh();
      } else {
        member.ask('refresh').catch(noop);
      }
    },
    async close() {
      closed = true;
      beatTimer.stop();
      cutTimer.stop();
      staleness.end();
      await candidate.close();
      await member.leave();
    },
  };
}
