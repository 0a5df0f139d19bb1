/**
 * A team: its agents, its queues, and the lists of free agents and waiting calls. Owns these lists and the number of agents for a
 * load. Does not route calls. Each agent and each queue belongs to exactly one team.
 */
import type { Agent } from './agent.js';
import type { Call, Queue } from './queue.js';

/** A team of agents and its queues. */
export class Team {
  readonly agents: Agent[] = [];
  readonly queues: Queue[] = [];
  /** Agents waiting for a call, the longest idle first. */
  readonly ready = new Set<Agent>();
  /** The number of its agents that are logged in. */
  loggedIn = 0;
  /** Waiting calls that do not ring, the oldest first. */
  readonly pending = new Set<Call>();
  /** Calls that rang and were not picked up. They come before `pending`, because they are older than the pending calls of their queue. */
  readonly returned = new Set<Call>();

  constructor(readonly name: string) {}
}

/** Agents per erlang, with a reserve for pauses and their own calls, and the margin that small teams need most. */
const PER_ERLANG = 1.15;
const MARGIN = 0.65;
/** The largest share of a team that is planned to be logged in. */
const MOST_IN = 0.86;

/** The number of agents that must be logged in for a load in erlangs. */
export function agentsFor(load: number): number {
  return Math.ceil(PER_ERLANG * load + MARGIN * Math.sqrt(load));
}

/** The load in erlangs that a team can carry when as many agents as possible are logged in. */
export function peakLoad(agents: number): number {
  const root = (Math.sqrt(MARGIN ** 2 + 4 * PER_ERLANG * MOST_IN * agents) - MARGIN) / (2 * PER_ERLANG);
  return root ** 2;
}
