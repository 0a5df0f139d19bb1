/**
 * A team: agents, the queues they serve, and who is free for what waits. Owns these lists alone; must not know what
 * is done with them. Each agent and each queue belongs to exactly one team.
 */
import type { Agent } from './agent.js';
import type { Call, Queue } from './queue.js';

/** A team of agents and its queues. */
export class Team {
  readonly agents: Agent[] = [];
  readonly queues: Queue[] = [];
  /** Agents waiting for a call, the longest idle first. */
  readonly ready = new Set<Agent>();
  /** Calls that ring nowhere, the oldest first. */
  readonly pending = new Set<Call>();
  /** Calls that rang and were not picked up: they are older than any pending one of their queue, and go first. */
  readonly returned = new Set<Call>();

  constructor(readonly name: string) {}
}
