/**
 * Compiles a definition and an object into a measure. Owns which categories, subjects, masks and objects fit together. Knows no
 * names, JSON or HTTP.
 */
import type { Agent } from '../centre/agent.js';
import type { CentreObject, ObjectType } from '../centre/centre.js';
import type { Queue } from '../centre/queue.js';
import { STATUS } from '../centre/status.js';
import * as ofAgents from './agent-measures.js';
import type { Definition, Subject } from './definition.js';
import type { Mask, QueueAction } from './mask.js';
import * as ofQueues from './queue-measures.js';
import { ratio, type Measure } from './reading.js';
import { Refusal } from './refusal.js';
import type { StateShapes } from './states.js';

const AGENTS: readonly ObjectType[] = ['Agent', 'Place', 'GroupAgents', 'GroupPlaces'];
const QUEUES: readonly ObjectType[] = ['Queue', 'RoutePoint', 'GroupQueues'];

/** The object types of each subject, as in Stat Server. */
const OBJECTS_OF: Record<Subject, readonly ObjectType[]> = {
  AgentStatus: AGENTS,
  PlaceStatus: ['Place', 'GroupPlaces'],
  GroupStatus: ['GroupAgents', 'GroupPlaces'],
  DNAction: [...AGENTS, ...QUEUES],
  Action: [...AGENTS, ...QUEUES],
  DNStatus: [...AGENTS, ...QUEUES],
};

/** Makes the measure. @throws Refusal if the definition does not fit the object. */
export function compile(definition: Definition, object: CentreObject, shapes: StateShapes): Measure {
  const { category, subject, objectTypes } = definition;
  if (objectTypes !== null && !objectTypes.includes(object.type)) {
    throw new Refusal(`the definition is for ${objectTypes.join(', ')}, not for ${object.type}`);
  }
  if (!OBJECTS_OF[subject].includes(object.type)) throw new Refusal(`${subject} is no subject for ${object.type}, only for ${OBJECTS_OF[subject].join(', ')}`);
  if (category === 'CurrentState' || category === 'CurrentTargetState') return state(definition, object, shapes);
  if (subject === 'GroupStatus') throw new Refusal(`the simulator has CurrentState of GroupStatus only, not ${category}`);
  if (category === 'ServiceFactor1') return serviceFactor(definition, object);
  const main = placed(definition.main, object);
  const relative = placed(definition.relative, object);
  const isOfAgents = object.queues.length === 0;
  const [ofMain, ofRelative] = isOfAgents ? [answering(main), answering(relative)] : [main, relative];
  checkMomentary(subject, ofMain);
  return ofMain.queue.length > 0
    ? queueMeasure({ ...definition, main: ofMain, relative: ofRelative }, ofMain.queue, needQueues(object, ofMain.queue.join(',')))
    : agentMeasure({ ...definition, main: ofMain, relative: ofRelative }, ofMain, needAgents(object, category));
}

/** Checks that a mask does not mix queues and agents. LoggedOut is a status of agents, not of places. */
function placed(mask: Mask, { type }: CentreObject): Mask {
  if (mask.queue.length > 0 && (mask.statuses.length > 0 || mask.actions.length > 0)) {
    throw new Refusal('definition.mainMask mixes what happens in queues with what agents do');
  }
  return type === 'Place' || type === 'GroupPlaces' ? { ...mask, statuses: mask.statuses.filter((status) => status !== STATUS.LoggedOut) } : mask;
}

/** Converts the answering of calls, an action of queues, to the same action of agents. */
function answering(mask: Mask): Mask {
  return mask.queue.length > 0 && mask.queue.every((action) => action === 'CallAnswered') ? { ...mask, queue: [], statuses: [STATUS.CallInbound] } : mask;
}

/** Requires that a subject of statuses has no momentary actions. CallWait lasts, so it is allowed. */
function checkMomentary(subject: Subject, { queue, actions }: Mask): void {
  const momentary = [...actions, ...queue.filter((action) => action !== 'CallWait')];
  if (/Status$/.test(subject) && momentary.length > 0) {
    throw new Refusal(`${momentary.join(',')} is over in a moment and no status: the subject must be DNAction, not ${subject}`);
  }
  if (/^(Agent|Place)Status$/.test(subject) && queue.length > 0) throw new Refusal(`CallWait is no status of agents: the subject must be DNAction or DNStatus, not ${subject}`);
}

function serviceFactor({ subject, main, range, range2, window }: Definition, object: CentreObject): Measure {
  if (!/Action$/.test(subject)) throw new Refusal(`ServiceFactor1 needs the subject DNAction, got ${subject}`);
  // A definition of a real deployment omits this mask.
  const isOfAnswers = main.queue.length === 1 && main.queue[0] === 'CallAnswered' && main.statuses.length === 0 && main.actions.length === 0;
  if (!isOfAnswers && !main.isAll) throw new Refusal('the simulator has ServiceFactor1 of CallAnswered only');
  return ofQueues.serviceFactor(needQueues(object, 'ServiceFactor1'), range, range2, window);
}

function queueMeasure(definition: Definition, actions: readonly QueueAction[], queues: readonly Queue[]): Measure {
  const { category, window, range } = definition;
  switch (category) {
    case 'TotalNumber':
      return ofQueues.totalNumber(queues, actions, window);
    case 'TotalNumberInTimeRange':
      return ofQueues.totalNumberInRange(queues, timed(actions), range, window);
    case 'TotalNumberInTimeRangePercentage':
      return ratio(ofQueues.totalNumberInRange(queues, timed(actions), range, window), ofQueues.totalNumber(queues, actions, window), 100);
    case 'TotalTime':
      return ofQueues.finishedTime(queues, timed(actions), window);
    case 'TotalAdjustedTime':
      if (window !== null && actions.includes('CallWait')) break;
      return window === null ? ofQueues.adjustedTime(queues, timed(actions)) : ofQueues.finishedTime(queues, timed(actions), window);
    case 'AverageTime':
      return ratio(ofQueues.finishedTime(queues, timed(actions), window), ofQueues.totalNumber(queues, relativeQueue(definition), window), 1);
    case 'RelativeNumberPercentage':
      return ratio(ofQueues.totalNumber(queues, actions, window), ofQueues.totalNumber(queues, relativeQueue(definition), window), 100);
    case 'CurrentNumber':
      if (onlyWait(actions)) return ofQueues.waitingNow(queues);
      break;
    case 'CurrentNumberInTimeRange':
      if (onlyWait(actions)) return ofQueues.waitingInRange(queues, range);
      break;
    case 'CurrentMaxTime':
      if (onlyWait(actions)) return ofQueues.longestWait(queues);
      break;
    case 'CurrentAverageTime':
      if (onlyWait(actions)) return ofQueues.averageWait(queues);
      break;
    default:
  }
  throw new Refusal(`the simulator has no ${category} of ${actions.join(',')}${window === null ? '' : ' in a sliding window'}`);
}

function relativeQueue({ relative }: Definition): readonly QueueAction[] {
  if (relative.statuses.length > 0 || relative.actions.length > 0) throw new Refusal('definition.relativeMask is of agents, and definition.mainMask of queues');
  return relative.queue;
}

function agentMeasure(definition: Definition, main: Mask, agents: readonly Agent[]): Measure {
  const { category, relative, subject, window } = definition;
  const usesRelative = category === 'AverageTime' || category.includes('Relative');
  if (usesRelative && relative.queue.length > 0) throw new Refusal('definition.relativeMask is of queues, and definition.mainMask of agents');
  if (window !== null) {
    if (category === 'TotalNumber') return ofAgents.recentNumber(agents, main, window);
    if (category === 'RelativeNumberPercentage') return ratio(ofAgents.recentNumber(agents, main, window), ofAgents.recentNumber(agents, relative, window), 100);
    throw new Refusal(`the simulator has no sliding window for the times of agents, as ${category} needs it`);
  }
  if (category === 'TotalNumber') return ofAgents.totalNumber(agents, main);
  if (category === 'RelativeNumberPercentage') return ratio(ofAgents.totalNumber(agents, main), ofAgents.totalNumber(agents, relative), 100);
  const relativeLasts = category === 'AverageTime' || relative.actions.length === 0;
  if (main.actions.length === 0 && (relativeLasts || !usesRelative)) {
    switch (category) {
      case 'TotalTime':
        // The time of an action counts once it ends; the time of a status counts while it lasts.
        return /Action$/.test(subject) ? ofAgents.finishedTime(agents, main) : ofAgents.totalTime(agents, main);
      case 'TotalAdjustedTime':
        return ofAgents.totalTime(agents, main);
      case 'AverageTime':
        return ofAgents.averageTime(agents, main, relative);
      case 'RelativeTimePercentage':
        return ofAgents.relativeTime(agents, main, relative);
      case 'CurrentNumber':
        return ofAgents.currentNumber(agents, main);
      case 'CurrentRelativeNumberPercentage':
        return ofAgents.currentRelativeNumber(agents, main, relative);
      case 'CurrentTime':
        return ofAgents.currentTime(agents, main);
      case 'CurrentMaxTime':
        return ofAgents.currentMaxTime(agents, main);
      case 'CurrentAverageTime':
        return ofAgents.currentAverageTime(agents, main);
      default:
    }
  }
  if (category === 'AverageNumberPerRelativeHour' && relative.actions.length === 0) return ofAgents.perRelativeHour(agents, main, relative);
  throw new Refusal(`the simulator has no ${category} for this mask of agents`);
}

function state({ category, subject, main }: Definition, object: CentreObject, shapes: StateShapes): Measure {
  const { type, id } = object;
  const agents = needAgents(object, category);
  if (!main.isAll) throw new Refusal(`the simulator has ${category} of the mask * only`);
  const isGroup = type === 'GroupAgents' || type === 'GroupPlaces';
  if (category === 'CurrentTargetState' && isGroup) throw new Refusal('the simulator has CurrentTargetState of single agents only');
  if (isGroup && subject !== 'GroupStatus' && subject !== 'DNAction' && subject !== 'Action') {
    throw new Refusal(`the state of ${type} needs the subject GroupStatus, got ${subject}`);
  }
  const [agent] = agents;
  if (!isGroup && agent !== undefined) {
    const shape = type === 'Place' ? () => shapes.place(agent) : () => shapes.agent(agent, id);
    return () => ({ value: shape(), at: agent.since });
  }
  return () => {
    let at = 0;
    for (const { since } of agents) at = Math.max(at, since);
    return { value: shapes.group(id, agents), at };
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
