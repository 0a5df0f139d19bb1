/**
 * What asking the centre for one statistic gives, before it takes its form on the wire. Owns the types, rounding and
 * the shapes of states; must not know definitions.
 */
import type { Agent } from '../centre/agent.js';
import { STATUS, statusName, type StatusName } from '../centre/status.js';

/** A value, and the epoch second at which it last changed. */
export interface Reading {
  readonly value: number | AgentState | GroupState;
  readonly at: number;
}

/** Asks the centre, at its time in epoch seconds. */
export type Measure = (now: number) => Reading;

/**
 * The value of a CurrentState of an agent. MADE UP: no public source shows the keys the real service uses; these follow
 * the fields of Stat Server's own message (agent, login, status, time, place).
 */
export interface AgentState {
  readonly agentId: string;
  /** Left out while logged out, as is `placeId`. */
  readonly loginId?: string;
  readonly placeId?: string;
  /** Stat Server's number, 4..23. */
  readonly status: number;
  readonly statusName: StatusName;
  /** Epoch ms at which this status began. */
  readonly time: number;
}

/** The value of a CurrentState of an agent group. MADE UP, like {@link AgentState}. */
export interface GroupState {
  readonly groupId: string;
  /** The highest of its agents' statuses that are logged in, else that of being logged out. */
  readonly status: number;
  readonly statusName: StatusName;
  readonly agents: readonly AgentState[];
}

/** Averages and percents have at most two decimals; counts and times stay whole. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

/** The state of one agent. */
export function agentState(agent: Agent): AgentState {
  const { status } = agent;
  return {
    agentId: agent.name,
    ...(status === STATUS.LoggedOut ? {} : { loginId: agent.loginId, placeId: `Place_${agent.loginId}` }),
    status,
    statusName: statusName(status),
    time: agent.since * 1000,
  };
}

/** The state of a group of agents. */
export function groupState(groupId: string, agents: readonly Agent[]): GroupState {
  let highest: Agent['status'] | null = null;
  for (const { status } of agents) {
    if (status !== STATUS.LoggedOut && (highest === null || status > highest)) highest = status;
  }
  const status = highest ?? STATUS.LoggedOut;
  return { groupId, status, statusName: statusName(status), agents: agents.map(agentState) };
}
