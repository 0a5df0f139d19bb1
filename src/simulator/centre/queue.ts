/**
 * A queue: its waiting calls, and the counts of today's calls. Guarantees `entered = answered + abandoned + waiting` after every
 * method. Does not know how calls are routed.
 */
import type { Agent } from './agent.js';
import type { Random } from './random.js';
import { Tally, Waits } from './tally.js';

/** A call from its arrival until it is answered or abandoned. */
export interface Call {
  readonly queue: Queue;
  /** Epoch seconds. */
  readonly enteredAt: number;
  /** The agent whose telephone rings. The call still waits: it leaves its queue only when answered or abandoned. */
  ringing: Agent | null;
  /** Whether the call has been answered or abandoned. */
  over: boolean;
}

/** One queue with its counts of today. */
export class Queue {
  readonly entered: Tally;
  readonly answered: Waits;
  readonly abandoned: Waits;
  /** Calls that rang at an agent, with their waits. A call that was not picked up counts each time. */
  readonly distributed: Waits;
  /** In the order they entered, so the first has waited longest. */
  readonly waiting = new Set<Call>();
  /** When the next call arrives, in epoch seconds. Not rounded, so that several calls can come within a second. */
  nextArrival: number;

  constructor(
    readonly name: string,
    /** The name of the team that serves it. */
    readonly team: string,
    readonly random: Random,
    now: number,
  ) {
    this.entered = new Tally(now);
    this.answered = new Waits(now);
    this.abandoned = new Waits(now);
    this.distributed = new Waits(now);
    this.nextArrival = now;
  }

  enter(now: number): Call {
    const call: Call = { queue: this, enteredAt: now, ringing: null, over: false };
    this.waiting.add(call);
    this.entered.add(now);
    return call;
  }

  distribute(call: Call, agent: Agent, now: number): void {
    call.ringing = agent;
    this.distributed.add(now, now - call.enteredAt);
  }

  answer(call: Call, now: number): void {
    this.#leave(call);
    this.answered.add(now, now - call.enteredAt);
  }

  abandon(call: Call, now: number): void {
    this.#leave(call);
    this.abandoned.add(now, now - call.enteredAt);
  }

  #leave(call: Call): void {
    call.over = true;
    call.ringing = null;
    this.waiting.delete(call);
  }

  /** When the number of waiting calls last changed. */
  get waitingAt(): number {
    return Math.max(this.entered.at, this.answered.at, this.abandoned.at);
  }

  /** The number of waiting calls that ring at an agent. */
  get ringing(): number {
    let ringing = 0;
    for (const call of this.waiting) if (call.ringing !== null) ringing++;
    return ringing;
  }

  /** Seconds that the first call has waited; 0 if no call waits. */
  longestWait(now: number): number {
    for (const call of this.waiting) return now - call.enteredAt;
    return 0;
  }

  /** Starts a new day. Waiting calls count as entered on it, and ringing ones as distributed, so that the counts balance. */
  startDay(now: number): void {
    this.entered.reset(now, this.waiting.size);
    this.answered.reset(now);
    this.abandoned.reset(now);
    this.distributed.reset(now);
    for (const call of this.waiting) if (call.ringing !== null) this.distributed.carry(now, now - call.enteredAt);
  }
}
