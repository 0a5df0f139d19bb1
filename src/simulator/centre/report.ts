/**
 * The public view of the centre: plain copies of counts and times. Owns these shapes. Never changes the centre. Counts and durations
 * (whole seconds) cover today.
 */
import type { Agent } from './agent.js';
import type { Centre } from './centre.js';
import type { Queue } from './queue.js';
import { STATUS, statusName, type StatusName } from './status.js';

/** A queue at one instant. `entered = answered + abandoned + waiting` always holds. */
export interface QueueReport {
  readonly name: string;
  /** The team that serves it, an agent group. */
  readonly group: string;
  /** Calls waiting at midnight count as entered on the new day too. */
  readonly entered: number;
  readonly answered: number;
  readonly abandoned: number;
  /** Includes ringing calls. */
  readonly waiting: number;
  readonly ringing: number;
  /** Calls that rang at an agent: answered, missed, abandoned while ringing, or still ringing. */
  readonly distributed: number;
  readonly answeredWithin120: number;
  readonly abandonedWithin10: number;
  readonly longestWait: number;
}

/** An agent at one instant. The times in all statuses add up to the time since the day began. */
export interface AgentReport {
  readonly name: string;
  readonly group: string;
  /** Stat Server's number of the status. */
  readonly status: number;
  readonly statusName: StatusName;
  /** Epoch ms. */
  readonly since: number;
  /** Calls answered from queues. */
  readonly answered: number;
  readonly outbound: number;
  readonly internal: number;
  readonly consult: number;
  /** Calls that rang and were not picked up. */
  readonly missed: number;
  /** Calls whose caller hung up while they rang. */
  readonly refused: number;
  readonly transferred: number;
  /** Seconds per status; the current one counts up to now. */
  readonly seconds: Readonly<Record<StatusName, number>>;
}

/** An agent group at one instant. */
export interface GroupReport {
  readonly name: string;
  readonly agents: readonly string[];
  readonly queues: readonly string[];
  readonly loggedIn: number;
  readonly ready: number;
}

/** The whole centre at one instant. */
export interface CentreSnapshot {
  /** Epoch ms, a whole second. */
  readonly at: number;
  /** When today's counts began, in epoch ms: midnight UTC, or the opening of the centre. */
  readonly dayStart: number;
  readonly queues: readonly QueueReport[];
  readonly agents: readonly AgentReport[];
  readonly groups: readonly GroupReport[];
}

/** Read access to the simulated contact centre. Each call returns its state at the current simulated time. */
export interface CentreView {
  /** Epoch ms of simulated time. */
  now(): number;
  /** Every queue as it is now, with its counts of today. */
  queues(): readonly QueueReport[];
  /** Every agent as it is now, with counts and times of today. */
  agents(): readonly AgentReport[];
  /** Every group of agents, with its agents by state. */
  groups(): readonly GroupReport[];
  /** Queues, agents and groups at one instant. */
  snapshot(): CentreSnapshot;
}

/** Copies the state of the whole centre. */
export function snapshotOf(centre: Centre): CentreSnapshot {
  return {
    at: centre.now * 1000,
    dayStart: centre.dayStart * 1000,
    queues: centre.queues.map((queue) => queueReport(queue, centre.now)),
    agents: centre.agents.map((agent) => agentReport(agent, centre.now)),
    groups: centre.groups.map(({ id, agents, queues }) => ({
      name: id,
      agents: agents.map(({ name }) => name),
      queues: queues.map(({ name }) => name),
      loggedIn: agents.filter(({ status }) => status !== STATUS.LoggedOut).length,
      ready: agents.filter(({ status }) => status === STATUS.WaitForNextCall).length,
    })),
  };
}

/** Copies the state of one queue. */
export function queueReport(queue: Queue, now: number): QueueReport {
  return {
    name: queue.name,
    group: queue.team,
    entered: queue.entered.count,
    answered: queue.answered.count,
    abandoned: queue.abandoned.count,
    waiting: queue.waiting.size,
    ringing: queue.ringing,
    distributed: queue.distributed.count,
    answeredWithin120: queue.answered.within(0, 120),
    abandonedWithin10: queue.abandoned.within(0, 10),
    longestWait: queue.longestWait(now),
  };
}

/** Copies the state of one agent. */
export function agentReport(agent: Agent, now: number): AgentReport {
  const seconds = Object.fromEntries(
    Object.entries(STATUS).map(([name, status]) => [name, agent.seconds(status, now)]),
  ) as Record<StatusName, number>;
  return {
    name: agent.name,
    group: agent.team,
    status: agent.status,
    statusName: statusName(agent.status),
    since: agent.since * 1000,
    answered: agent.count(STATUS.CallInbound),
    outbound: agent.count(STATUS.CallOutbound),
    internal: agent.count(STATUS.CallInternal),
    consult: agent.count(STATUS.CallConsult),
    missed: agent.forwarded.count,
    refused: agent.abandonedFromRinging.count,
    transferred: agent.transferMade.count,
    seconds,
  };
}
