/**
 * An agent: the current status, and today's time and count per status. Guarantees that the times of all statuses add up to the time
 * since the day began. Does not know why a status changes.
 */
import type { Random } from './random.js';
import { Recent } from './recent.js';
import { STATUS, STATUS_COUNT, type Status } from './status.js';
import { Tally } from './tally.js';

/** The lists of a team that an agent updates: the agents waiting for a call, and the number of agents logged in. */
export interface Roll {
  readonly ready: Set<Agent>;
  loggedIn: number;
}

/** One agent with the times and counts of today. All times are in epoch seconds or seconds. */
export class Agent {
  status: Status = STATUS.LoggedOut;
  /** The object id of the agent's place. */
  readonly place: string;
  /** When the current status began, which may be before midnight. */
  since: number;
  /** Incremented with each status. Plans made under an earlier number are void. */
  epoch = 0;
  /** When the present session began and ends, and when the next pause is due. */
  loginAt = 0;
  logoutAt = 0;
  pauseAt = 0;

  /** Calls that rang here unanswered and went back to the queue. */
  readonly forwarded: Tally;
  /** Calls whose caller hung up while they rang here. */
  readonly abandonedFromRinging: Tally;
  readonly transferMade: Tally;

  /** Recent changes of status. */
  readonly recent: Recent;
  /** Finished time of today by status. The present status is counted from `#countedFrom`. */
  readonly #seconds = new Array<number>(STATUS_COUNT).fill(0);
  readonly #counts = new Array<number>(STATUS_COUNT).fill(0);
  readonly #countedAt: number[];
  readonly #leftAt: number[];
  #countedFrom: number;

  constructor(
    readonly name: string,
    readonly loginId: string,
    /** The name of the agent's team, and the lists of the team. */
    readonly team: string,
    readonly roll: Roll,
    readonly random: Random,
    now: number,
  ) {
    this.place = `Place_${loginId}`;
    this.since = now;
    this.#countedFrom = now;
    this.#countedAt = new Array<number>(STATUS_COUNT).fill(now);
    this.#leftAt = new Array<number>(STATUS_COUNT).fill(now);
    this.recent = new Recent(now);
    this.forwarded = new Tally(now);
    this.abandonedFromRinging = new Tally(now);
    this.transferMade = new Tally(now);
  }

  /** Changes the status. `resumed`: a call continues after hold or consultation, so it does not count as a new one. */
  become(status: Status, now: number, resumed = false): void {
    this.#seconds[this.status] = this.seconds(this.status, now);
    this.#leftAt[this.status] = now;
    this.roll.loggedIn += Number(status !== STATUS.LoggedOut) - Number(this.status !== STATUS.LoggedOut);
    this.status = status;
    this.since = now;
    this.#countedFrom = now;
    this.epoch++;
    if (!resumed) {
      this.#counts[status] = this.count(status) + 1;
      this.#countedAt[status] = now;
      this.recent.add(now, status);
    }
    // Longest idle first: the set keeps the order in which they became ready.
    if (status === STATUS.WaitForNextCall) this.roll.ready.add(this);
    else this.roll.ready.delete(this);
  }

  /** Keeps the status, and voids the plans for the next one. */
  stay(): void {
    this.epoch++;
  }

  /** Seconds of today in a status, up to now if it is the current one. */
  seconds(status: Status, now: number): number {
    return this.finishedSeconds(status) + (status === this.status ? now - this.#countedFrom : 0);
  }

  /** Seconds of today in a status, without the current period if the agent is still in it. */
  finishedSeconds(status: Status): number {
    return this.#seconds[status] ?? 0;
  }

  /** When the time in a status last increased. */
  secondsAt(status: Status, now: number): number {
    return status === this.status ? now : (this.#leftAt[status] ?? now);
  }

  /** When the finished time in a status last increased. */
  finishedAt(status: Status): number {
    return this.#leftAt[status] ?? 0;
  }

  /** How often the agent entered a status today. */
  count(status: Status): number {
    return this.#counts[status] ?? 0;
  }

  /** When that count last increased. */
  countedAt(status: Status): number {
    return this.#countedAt[status] ?? 0;
  }

  miss(now: number): void {
    this.forwarded.add(now);
  }

  /** Starts a new day. The current status counts as an event of the day on which it began; its time counts from midnight. */
  startDay(now: number): void {
    for (let status = 0; status < STATUS_COUNT; status++) {
      if (this.#seconds[status] !== 0) this.#leftAt[status] = now;
      if (this.#counts[status] !== 0) this.#countedAt[status] = now;
    }
    this.#seconds.fill(0);
    this.#counts.fill(0);
    this.#countedFrom = now;
    this.forwarded.reset(now);
    this.abandonedFromRinging.reset(now);
    this.transferMade.reset(now);
  }
}
