/**
 * The state of an agent, a place or a group as the value of a statistic. Owns these shapes, all MADE UP: no public source
 * shows the keys that the real service uses. The flat ones follow the fields of Stat Server's message (agent, login, status,
 * time, place); the nested ones its structure as well.
 */
import type { Agent } from '../centre/agent.js';
import { STATUS, statusName, type Status, type StatusName } from '../centre/status.js';

/** The value of a CurrentState of an agent, or of a place. */
export interface AgentState {
  /** Absent for a place at which nobody is logged in. */
  readonly agentId?: string;
  /** Absent while the agent is logged out, like `placeId`. */
  readonly loginId?: string;
  readonly placeId?: string;
  /** Stat Server's number, 4..23; 0 for a place at which nobody is logged in. */
  readonly status: number;
  readonly statusName: StatusName;
  /** Epoch ms at which this status began; seconds under the profile `'seconds'`. */
  readonly time: number;
}

/** The value of a CurrentState of a group of agents or places. */
export interface GroupState {
  readonly groupId: string;
  /** The highest status of its logged-in agents, or LoggedOut if there are none. */
  readonly status: number;
  readonly statusName: StatusName;
  readonly agents: readonly AgentState[];
}

/** The form of states on the wire. */
export interface StateShapes {
  agent(agent: Agent, agentId: string): object;
  place(agent: Agent): object;
  group(groupId: string, agents: readonly Agent[]): object;
}

const isOut = ({ status }: Agent): boolean => status === STATUS.LoggedOut;

/** The highest status of the agents that are logged in. */
function groupStatus(agents: readonly Agent[]): Status {
  let highest: Status | null = null;
  for (const agent of agents) {
    if (!isOut(agent) && (highest === null || agent.status > highest)) highest = agent.status;
  }
  return highest ?? STATUS.LoggedOut;
}

function flatAgent(agent: Agent, agentId: string, written: (ms: number) => number): AgentState {
  const { status, loginId, place, since } = agent;
  return { agentId, ...(isOut(agent) ? {} : { loginId, placeId: place }), status, statusName: statusName(status), time: written(since * 1000) };
}

/** The flat form: every key is on the level of the value. @param written - converts a time in epoch ms to its written form. */
export const flatShapes = (written: (ms: number) => number): StateShapes => ({
  agent: (agent, agentId) => flatAgent(agent, agentId, written),
  place(agent) {
    const { place, since } = agent;
    // LoggedOut is a status of agents only.
    if (isOut(agent)) return { placeId: place, status: STATUS.NotMonitored, statusName: 'NotMonitored', time: written(since * 1000) } satisfies AgentState;
    return flatAgent(agent, agent.name, written);
  },
  group(groupId, agents) {
    const status = groupStatus(agents);
    return { groupId, status, statusName: statusName(status), agents: agents.map((agent) => flatAgent(agent, agent.name, written)) } satisfies GroupState;
  },
});

/** A place with its one telephone, as Stat Server's PlaceStatus has them. Times are in seconds, as in its messages. */
function placeStatus({ place, loginId, status, since }: Agent, isEmpty: boolean): object {
  const now = isEmpty ? STATUS.NotMonitored : status;
  return {
    placeId: place,
    placeStatus: now,
    time: since,
    dnStatuses: [{ dnId: loginId, switchId: 'SIP', dnStatus: now, time: since, actions: isEmpty ? [] : [{ action: statusName(now), time: since }] }],
  };
}

function nestedAgent(agent: Agent, agentId: string): object {
  const { loginId, status, since } = agent;
  const isEmpty = isOut(agent);
  return { agentId, loginId: isEmpty ? 'LoggedOut' : loginId, status, time: since, ...(isEmpty ? {} : { place: placeStatus(agent, false) }) };
}

/** Levels as in Stat Server's message: agent, place, telephone, action. */
export const NESTED: StateShapes = {
  agent: (agent, agentId) => ({ agentStatus: nestedAgent(agent, agentId) }),
  place: (agent) => ({ placeStatus: placeStatus(agent, isOut(agent)) }),
  group: (groupId, agents) => ({ groupStatus: { groupId, status: groupStatus(agents), agents: agents.map((agent) => nestedAgent(agent, agent.name)) } }),
};
