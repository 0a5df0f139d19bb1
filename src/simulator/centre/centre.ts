/**
 * The contact centre as a whole: builds it, runs it to a time, starts each day, finds objects by type and id. Owns the objects. Knows
 * no statistics, HTTP or real clock. Times are in whole epoch seconds.
 */
import { Agent } from './agent.js';
import { Floor } from './floor.js';
import { Queue } from './queue.js';
import { createRandom } from './random.js';
import type { Roster } from './roster.js';
import { Schedule } from './schedule.js';
import { planStaff } from './staff-plan.js';
import type { Told } from './status.js';
import { Team } from './team.js';

const DAY = 86_400;
/** The centre has run for at least this number of seconds before the first request. */
const LEAST_WARM_UP = 2 * 3600;
/** The warm-up's budget in seconds times objects. It covers a whole day of the built-in centre, and some minutes of 10,000 objects. */
const WARM_UP_BUDGET = 200 * DAY;

/** The types of object the centre has. */
export const OBJECT_TYPES = ['Agent', 'Place', 'GroupAgents', 'GroupPlaces', 'Queue', 'RoutePoint', 'GroupQueues'] as const;

/** A type of object that the simulated centre has. */
export type ObjectType = (typeof OBJECT_TYPES)[number];

/** An object that statistics can be requested of, with its agents and queues. */
export interface CentreObject {
  readonly type: ObjectType;
  readonly id: string;
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
  /** The public source that shows its id, `'roster'` for a user's own object, or `undefined` if it is made up. */
  readonly source: string | undefined;
}

/** How to build a centre. */
export interface CentrePlan {
  readonly seed: number;
  /** Epoch seconds of the first request. */
  readonly startAt: number;
  /** Replaces the built-in names. */
  readonly roster?: Roster | undefined;
  /** The number of generated agents, and of generated queues. */
  readonly agents: number;
  readonly queues: number;
}

const midnightBefore = (time: number): number => Math.floor(time / DAY) * DAY;

/** A running contact centre. */
export class Centre {
  readonly teams: readonly Team[];
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
  /** Agent groups: the teams, further groups of a roster, and the group of all agents. */
  readonly groups: readonly CentreObject[];
  /** Incremented when a test changes something, because values may then change within a second that was already read. */
  revision = 0;
  readonly #objects = new Map<string, CentreObject>();
  readonly #schedule: Schedule;
  readonly #floor: Floor;
  #dayStart: number;

  constructor(plan: CentrePlan) {
    const staff = planStaff(plan.roster, plan.agents, plan.queues);
    const objects = staff.teams.reduce((sum, team) => sum + team.agents.length + team.queues.length, 0);
    const midnight = midnightBefore(plan.startAt);
    const opened = Math.max(
      Math.min(midnight, plan.startAt - LEAST_WARM_UP),
      plan.startAt - Math.max(15 * 60, Math.floor(WARM_UP_BUDGET / objects)),
    );
    this.#schedule = new Schedule(opened);
    this.#dayStart = opened;
    const random = (name: string) => createRandom(plan.seed, name);
    let login = 1001;
    this.teams = staff.teams.map(({ name, agents, queues }) => {
      const team = new Team(name);
      for (const agent of agents) {
        team.agents.push(new Agent(agent, String(login++), name, team, random(`Agent ${agent}`), opened));
      }
      for (const queue of queues) team.queues.push(new Queue(queue, name, random(`Queue ${queue}`), opened));
      return team;
    });
    this.agents = this.teams.flatMap((team) => team.agents);
    this.queues = this.teams.flatMap((team) => team.queues);
    const own = staff.isOwn ? 'roster' : undefined;
    const agentNamed = new Map(this.agents.map((agent) => [agent.name, agent]));
    const queueNamed = new Map(this.queues.map((queue) => [queue.name, queue]));
    for (const agent of this.agents) {
      this.#add('Agent', agent.name, [agent], [], own);
      this.#add('Place', agent.place, [agent], []);
    }
    for (const queue of this.queues) {
      const only = staff.only.get(queue.name);
      if (only !== 'RoutePoint') this.#add('Queue', queue.name, [], [queue], own);
      if (only !== 'Queue') this.#add('RoutePoint', queue.name, [], [queue], own);
    }
    this.groups = staff.groups.map((group) => {
      const members = group.agents.flatMap((name) => agentNamed.get(name) ?? []);
      const served = group.queues.flatMap((name) => queueNamed.get(name) ?? []);
      this.#add('GroupPlaces', group.name, members, []);
      return this.#add('GroupAgents', group.name, members, served, own);
    });
    for (const group of staff.queueGroups) {
      this.#add('GroupQueues', group.name, [], group.queues.flatMap((name) => queueNamed.get(name) ?? []), own);
    }
    for (const { type, id, of, source } of staff.aliases) {
      const object = this.find(type, of);
      if (object !== undefined) this.#add(type, id, object.agents, object.queues, source);
    }
    this.#floor = new Floor(this.#schedule);
    for (const team of this.teams) this.#floor.open(team);
    this.runTo(plan.startAt);
  }

  #add(type: ObjectType, id: string, agents: readonly Agent[], queues: readonly Queue[], source?: string): CentreObject {
    const object = { type, id, agents, queues, source };
    this.#objects.set(`${type} ${id}`, object);
    return object;
  }

  /** Every object that statistics can be requested of. */
  get objects(): readonly CentreObject[] {
    return [...this.#objects.values()];
  }

  /** The present simulated time in epoch seconds. */
  get now(): number {
    return this.#schedule.now;
  }

  /** When today's counts began: at midnight UTC, or on the first day when the centre opened. */
  get dayStart(): number {
    return this.#dayStart;
  }

  find(type: string, id: string): CentreObject | undefined {
    return this.#objects.get(`${type} ${id}`);
  }

  /** Runs all events up to and including `time`. At midnight UTC the totals start anew, before the events of that second. */
  runTo(time: number): void {
    for (let midnight = midnightBefore(this.now) + DAY; midnight <= time; midnight += DAY) {
      this.#schedule.runTo(midnight - 1);
      this.#dayStart = midnight;
      for (const queue of this.queues) queue.startDay(midnight);
      for (const agent of this.agents) agent.startDay(midnight);
      this.#schedule.runTo(midnight);
    }
    this.#schedule.runTo(time);
  }

  // Controls of a test

  /** Sets the status of an agent until it is set again. An agent that is made ready continues by itself. */
  tell(agent: Agent, status: Told): void {
    this.#floor.tell(agent, status);
    this.revision++;
  }

  /** Adds calls to a queue now. */
  arrive(queue: Queue, calls: number): void {
    for (let n = 0; n < calls; n++) this.#floor.arrive(queue);
    this.revision++;
  }

  /** Multiplies the usual traffic by `factor` for this number of seconds. Replaces any current rush. */
  rush(factor: number, seconds: number): void {
    this.#floor.rush(factor, seconds);
    this.revision++;
  }
}
