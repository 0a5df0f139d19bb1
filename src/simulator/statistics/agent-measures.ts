/**
 * Statistics of agents and their groups: counts, times and states by mask, summed over the agents of an object. Owns the meaning of
 * each category for agents. Knows neither queues nor the form of definitions.
 */
import type { Agent } from '../centre/agent.js';
import type { SlidingWindow } from '../centre/recent.js';
import type { Status } from '../centre/status.js';
import type { Tally } from '../centre/tally.js';
import { ratio, type Measure } from './reading.js';
import type { AgentAction, Mask } from './mask.js';

type Agents = readonly Agent[];

/** Sums a number over the agents, and keeps the latest time. Built once per statistic, so that a read allocates only its result. */
function sumOver(agents: Agents, of: (agent: Agent, now: number) => number, at: (agent: Agent, now: number) => number): Measure {
  return (now) => {
    let value = 0;
    let changed = 0;
    for (const agent of agents) {
      value += of(agent, now);
      changed = Math.max(changed, at(agent, now));
    }
    return { value, at: changed };
  };
}

function actionCount(agent: Agent, action: AgentAction): Tally {
  switch (action) {
    case 'CallForwarded':
    case 'CallMissed':
      return agent.forwarded;
    case 'CallAbandonedFromRinging':
      return agent.abandonedFromRinging;
    case 'CallTransferMade':
      return agent.transferMade;
  }
}

/** The number of statuses and actions of the mask today. A call counts once, even if it was on hold several times. */
export function totalNumber(agents: Agents, { statuses, actions }: Mask): Measure {
  return sumOver(
    agents,
    (agent) => {
      let sum = 0;
      for (const status of statuses) sum += agent.count(status);
      for (const action of actions) sum += actionCount(agent, action).count;
      return sum;
    },
    (agent) => {
      let at = 0;
      for (const status of statuses) at = Math.max(at, agent.countedAt(status));
      for (const action of actions) at = Math.max(at, actionCount(agent, action).at);
      return at;
    },
  );
}

/** Seconds of today in the statuses of the mask, including current ones. */
export function totalTime(agents: Agents, { statuses }: Mask): Measure {
  return sumOver(
    agents,
    (agent, now) => sum(statuses, (status) => agent.seconds(status, now)),
    (agent, now) => latest(statuses, (status) => agent.secondsAt(status, now)),
  );
}

/** Seconds of today in ended statuses of the mask. A current status counts once it ends. */
export function finishedTime(agents: Agents, { statuses }: Mask): Measure {
  return sumOver(
    agents,
    (agent) => sum(statuses, (status) => agent.finishedSeconds(status)),
    (agent) => latest(statuses, (status) => agent.finishedAt(status)),
  );
}

/** The number of agents that are in a status of the mask now. */
export function currentNumber(agents: Agents, { statuses }: Mask): Measure {
  return sumOver(
    agents,
    (agent) => (statuses.includes(agent.status) ? 1 : 0),
    (agent) => (statuses.includes(agent.status) ? agent.since : latest(statuses, (status) => agent.finishedAt(status))),
  );
}

/** Seconds in the current status if it is in the mask, else 0; summed for a group. */
export function currentTime(agents: Agents, { statuses }: Mask): Measure {
  return sumOver(
    agents,
    (agent, now) => (statuses.includes(agent.status) ? now - agent.since : 0),
    (agent, now) => latest(statuses, (status) => agent.secondsAt(status, now)),
  );
}

/** The longest time of any agent in a current status of the mask, in seconds. */
export function currentMaxTime(agents: Agents, { statuses }: Mask): Measure {
  return (now) => {
    let value = 0;
    let at = 0;
    for (const agent of agents) {
      if (statuses.includes(agent.status)) value = Math.max(value, now - agent.since);
      at = Math.max(at, latest(statuses, (status) => agent.secondsAt(status, now)));
    }
    return { value, at };
  };
}

/** Seconds in the statuses of the mask, in percent of the seconds in those of the relative mask. */
export function relativeTime(agents: Agents, main: Mask, relative: Mask): Measure {
  return ratio(totalTime(agents, main), totalTime(agents, relative), 100);
}

/** Agents in a status of the mask in percent of those in one of the relative mask. */
export function currentRelativeNumber(agents: Agents, main: Mask, relative: Mask): Measure {
  return ratio(currentNumber(agents, main), currentNumber(agents, relative), 100);
}

/** The mean time in the current status, over the agents whose status is in the mask. */
export function currentAverageTime(agents: Agents, main: Mask): Measure {
  return ratio(currentTime(agents, main), currentNumber(agents, main), 1);
}

/** Seconds in the statuses of the mask, divided by the count of the relative mask; 0 if that is 0. */
export function averageTime(agents: Agents, main: Mask, relative: Mask): Measure {
  return ratio(totalTime(agents, main), totalNumber(agents, relative), 1);
}

/** The count of the mask per hour in the statuses of the relative mask; 0 if there was no such time. */
export function perRelativeHour(agents: Agents, main: Mask, relative: Mask): Measure {
  return ratio(totalNumber(agents, main), totalTime(agents, relative), 3600);
}

/** The number of statuses and actions of the mask within a window. */
export function recentNumber(agents: Agents, { statuses, actions }: Mask, window: SlidingWindow): Measure {
  const isWanted = (status: number): boolean => (statuses as readonly number[]).includes(status);
  return (now) => {
    let value = 0;
    let at = 0;
    for (const agent of agents) {
      const views = [
        ...(statuses.length > 0 ? [agent.recent.view(now, window, isWanted)] : []),
        ...actions.map((action) => actionCount(agent, action).recent.view(now, window)),
      ];
      for (const view of views) {
        value += view.count;
        at = Math.max(at, view.at);
      }
    }
    return { value, at };
  };
}

function sum(statuses: readonly Status[], of: (status: Status) => number): number {
  let total = 0;
  for (const status of statuses) total += of(status);
  return total;
}

function latest(statuses: readonly Status[], at: (status: Status) => number): number {
  let last = 0;
  for (const status of statuses) last = Math.max(last, at(status));
  return last;
}
