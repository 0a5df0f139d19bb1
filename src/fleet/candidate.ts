/**
 * When this process tries to lead, and for how long it does: elections, the term that begins with one, and how it ends. What a
 * leader does is the leader's business.
 */
import { noop } from 'rxjs';
import type { BusMember, Election } from './bus.js';
import type { FleetClock } from './clock.js';
import type { Leader } from './leader.js';
import { createTimer } from './timer.js';

export interface CandidateDeps {
  readonly bus: Pick<BusMember, 'elect' | 'resign'>;
  readonly clock: FleetClock;
  /** Milliseconds. */
  readonly lease: number;
  /** The highest fencing number that is known. */
  fence(): number;
  /** Milliseconds for which whoever was last heard of still holds the lease; 0 or less when that is over, or nobody was heard of. */
  holdsFor(): number;
  /** Whether the bus can be used. */
  isUp(): boolean;
  /** This process leads now, under this number. */
  begin(fence: number): Leader;
  /** It leads on under another number: the bus has forgotten the lease. */
  renumbered(fence: number): void;
  /** The lease has been renewed, or has just ended. */
  confirm(): void;
  /** Another process leads, under this number. */
  follow(fence: number): void;
  /** This process leads no more. */
  stoppedLeading(): void;
}

export interface Candidate {
  readonly leader: Leader | undefined;
  /** Why the last election failed although the bus is up. */
  readonly failure: unknown;
  /** Whether the lease still holds, as far as this process can know. */
  holdsLease(): boolean;
  /** Asks the bus for the lease: takes it if it is free, and renews it while this process leads. */
  elect(): void;
  /** The lease may be free already; `reserved`: only this process can take it. */
  vacant(reserved?: boolean): void;
  stepDown(): void;
  /** Gives the lead to another member, which is better placed or may be more successful, and leaves it time to take it. */
  yieldLead(isUnsuccessful: boolean): void;
  /** Tries no more until the next {@link elect}. */
  pause(): void;
  /** Hands over, and deletes what is open. */
  close(): Promise<void>;
}

export function createCandidate(deps: CandidateDeps): Candidate {
  const { bus, clock, lease } = deps;
  const retryAfter = lease / 3;
  const [trial, expiry] = [createTimer(clock), createTimer(clock)];
  let leader: Leader | undefined;
  let leaseUntil = 0;
  let isElecting = false;
  let failure: unknown;
  let abstainUntil = 0;
  /** The last lead went to a better placed member, not to a more successful one. So what only this process can take, it may take back. */
  let mayTakeBack = false;
  /** The number of the last term that has ended here. */
  let endedFence = 0;
  const endings = new Set<Promise<unknown>>();
  let closed = false;

  /** Asked anew after each wait. */
  const isClosed = (): boolean => closed;
  const leads = (): boolean => leader !== undefined;
  const jitter = (most: number): number => clock.random() * Math.min(50, most);

  async function elect(): Promise<void> {
    if (isElecting || closed) {
      return;
    }
    isElecting = true;
    // Measured from before the request: by the bus's own measure the lease ends later.
    const from = clock.monotonic();
    let election: Election | undefined;
    try {
      election = await bus.elect(lease, deps.fence());
      failure = undefined;
    } catch (error) {
      // Until the bus says that it is away, it is only slow, or full.
      failure = error;
    }
    isElecting = false;
    if (isClosed()) {
      if (election?.leads === true) {
        void bus.resign(election.fence).catch(noop);
      }
    } else if (election === undefined) {
      tryIn(retryAfter);
    } else if (election.leads && leader === undefined && (election.fence === endedFence || clock.monotonic() < abstainUntil)) {
      // The request was under way when a term ended here. Under the same number a second term would count its publications anew,
      // and the other members would take them for old ones. After a yield, any lease is for another member to take.
      bus.resign(election.fence).then(() => tryIn(0, true), () => tryIn(retryAfter));
    } else if (election.leads) {
      lead(election.fence, from + lease);
      if (leads() && clock.monotonic() - from > retryAfter) {
        // The bus is slow: a renewal that waits for the next beat would come too late.
        void elect();
      }
    } else {
      stepDown();
      deps.follow(election.fence);
      tryIn(election.remaining + jitter(lease / 20));
    }
  }

  function lead(granted: number, until: number): void {
    leaseUntil = until;
    expiry.set(until - clock.monotonic(), stepDown);
    if (leader === undefined) {
      leader = deps.begin(granted);
    } else if (leader.fence !== granted) {
      deps.renumbered(granted);
      leader.resume(granted);
    } else {
      leader.beat();
    }
    deps.confirm();
  }

  function stepDown(): void {
    const ended = leader;
    if (ended !== undefined) {
      leader = undefined;
      endedFence = ended.fence;
      expiry.stop();
      deps.confirm();
      deps.stoppedLeading();
      const ending = ended.end().catch(noop).finally(() => endings.delete(ending));
      endings.add(ending);
      tryIn(retryAfter);
    }
  }

  function tryIn(delay: number, isVacant = false): void {
    if (leader === undefined && deps.isUp()) {
      trial.set(Math.max(delay, abstainUntil - clock.monotonic()), () => {
        const holdsFor = deps.holdsFor();
        if (!isVacant && leader === undefined && holdsFor > 0) {
          tryIn(holdsFor + jitter(lease / 20));
        } else {
          void elect();
        }
      });
    }
  }

  return {
    get leader() {
      return leader;
    },
    get failure() {
      return failure;
    },
    holdsLease: () => clock.monotonic() < leaseUntil,
    elect: () => void elect(),
    vacant(reserved = false) {
      if (reserved && mayTakeBack) {
        abstainUntil = 0;
      }
      if (reserved && leader === undefined && clock.monotonic() >= abstainUntil && deps.isUp()) {
        // Without a timer: those of a hidden tab come up to a second late.
        void elect();
      } else {
        tryIn(jitter(lease / 12), true);
      }
    },
    stepDown,
    yieldLead(isUnsuccessful) {
      if (leader !== undefined) {
        abstainUntil = clock.monotonic() + lease;
        mayTakeBack = !isUnsuccessful;
        bus.resign(leader.fence, isUnsuccessful).catch(noop);
        stepDown();
      }
    },
    pause: trial.stop,
    async close() {
      closed = true;
      trial.stop();
      expiry.stop();
      const ended = leader;
      leader = undefined;
      if (ended !== undefined) {
        await bus.resign(ended.fence).catch(noop);
        await ended.end();
      }
      await Promise.all(endings);
    },
  };
}
