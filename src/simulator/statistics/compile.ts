/**
 * A definition and an object give a measure. Owns which category goes with which masks and objects; must not know
 * names, JSON or HTTP.
 */
import type { Agent } from '../centre/agent.js';
import type { CentreObject } from '../centre/centre.js';
import type { Queue } from '../centre/queue.js';
import { STATUS } from '../centre/status.js';
import * as ofAgents from './agent-measures.js';
import type { Definition } from './definition.js';
import type { Mask, QueueAction } from './mask.js';
import * as ofQueues from './queue-measures.js';
import { agentState, groupState, type Measure } from './reading.js';
import { Refusal } from './refusal.js';

/** Makes the measure. @throws Refusal when the object has nothing the definition asks for. */
export function compile(definition: Definition, object: CentreObject): Measure {
  const { category, main } = definition;
  if (category === 'CurrentState' || category === 'CurrentTargetState') return state(object);
  if (category === 'ServiceFactor1') {
    return ofQueues.serviceFactor(needQueues(object, category), definition.range, definition.range2);
  }
  const aboutQueues = main.queue.length > 0;
  if (aboutQueues && (main.statuses.length > 0 || main.actions.length > 0)) {
    throw new Refusal('definition.mainMask mixes what happens in queues with what agents do');
  }
  // An agent answers calls too: the same action, seen from the other side.
  if (aboutQueues && object.queues.length === 0 && main.queue.every((action) => action === 'CallAnswered')) {
    return agentMeasure(definition, { ...main, queue: [], statuses: [STATUS.CallInbound] }, object.agents);
  }
  return aboutQueues
    ? queueMeasure(definition, main.queue, needQueues(object, main.queue.join(',')))
    : agentMeasure(definition, main, needAgents(object, category));
}

function queueMeasure(definition: Definition, actions: readonly QueueAction[], queues: readonly Queue[]): Measure {
  const { category, relative } = definition;
  if (definition.lastHour) throw new Refusal('the simulator has no sliding window for queues');
  switch (category) {
    case 'TotalNumber':
      return ofQueues.totalNumber(queues, actions);
    case 'TotalNumberInTimeRange':
      return ofQueues.totalNumberInRange(queues, timed(actions), definition.range);
    case 'TotalTime':
      return ofQueues.finishedTime(queues, timed(actions));
    case 'TotalAdjustedTime':
      return ofQueues.adjustedTime(queues, timed(actions));
    case 'AverageTime':
      return ofQueues.averageTime(queues, timed(actions), relative.queue);
    case 'CurrentNumber':
      if (onlyWait(actions)) return ofQueues.waitingNow(queues);
      break;
    case 'CurrentMaxTime':
      if (onlyWait(actions)) return ofQueues.longestWait(queues);
      break;
    default:
  }
  throw new Refusal(`the simulator has no ${category} of ${actions.join(',')}`);
}

function agentMeasure(definition: Definition, main: Mask, agents: readonly Agent[]): Measure {
  const { category, relative, subject } = definition;
  if (definition.lastHour) {
    const missed = main.actions.length === 1 && main.statuses.length === 0 && /^Call(Forwarded|Missed)$/.test(main.actions[0] ?? '');
    if (category === 'TotalNumber' && missed) return ofAgents.missedLastHour(agents);
    throw new Refusal('the simulator has a sliding window for CallForwarded only');
  }
  if (category === 'TotalNumber') return ofAgents.totalNumber(agents, main);
  if (main.actions.length === 0) {
    switch (category) {
      case 'TotalTime':
        // The time of an action counts when it is over, that of a status while it lasts.
        return /Action$/.test(subject) ? ofAgents.finishedTime(agents, main) : ofAgents.totalTime(agents, main);
      case 'TotalAdjustedTime':
        return ofAgents.totalTime(agents, main);
      case 'AverageTime':
        return ofAgents.averageTime(agents, main, relative);
      case 'AverageNumberPerRelativeHour':
        return ofAgents.perRelativeHour(agents, main, relative);
      case 'CurrentNumber':
        return ofAgents.currentNumber(agents, main);
      case 'CurrentTime':
        return ofAgents.currentTime(agents, main);
      case 'CurrentMaxTime':
        return ofAgents.currentMaxTime(agents, main);
      default:
    }
  }
  throw new Refusal(`the simulator has no ${category} for this mask of agents`);
}

function state(object: CentreObject): Measure {
  const { type, id } = object;
  const agents = needAgents(object, 'CurrentState');
  const [agent] = agents;
  if (type === 'Agent' && agent !== undefined) return () => ({ value: agentState(agent), at: agent.since });
  return () => {
    let at = 0;
    for (const { since } of agents) at = Math.max(at, since);
    return { value: groupState(id, agents), at };
  };
}

const onlyWait = (actions: readonly QueueAction[]): boolean => actions.every((action) => action === 'CallWait');

function timed(actions: readonly QueueAction[]): readonly QueueAction[] {
  if (actions.includes('CallEntered')) throw new Refusal('CallEntered takes no time');
  return actions;
}

function needQueues({ type, id, queues }: CentreObject, what: string): readonly Queue[] {
  if (queues.length === 0) throw new Refusal(`${what} is about queues, and ${type} ${id} has none`);
  return queues;
}

function needAgents({ type, id, agents }: CentreObject, what: string): readonly Agent[] {
  if (agents.length === 0) throw new Refusal(`${what} of these is about agents, and ${type} ${id} has none`);
  return agents;
}
