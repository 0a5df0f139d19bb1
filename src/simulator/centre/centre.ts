/**
 * The contact centre as a whole: builds it, runs it to a time, starts each day, finds objects by type and id.
 * Owns the objects; must not know statistics, HTTP or the real clock. Times are in whole epoch seconds.
 */
import { Agent } from './agent.js';
import { Floor } from './floor.js';
import { Queue } from './queue.js';
import { createRandom } from './random.js';
import { ALL_AGENTS, ALL_QUEUES, planTeams } from './roster.js';
import { Schedule } from './schedule.js';
import { Team } from './team.js';

const DAY = 86_400;
/** The least the centre has run before anybody looks at it. */
const LEAST_WARM_UP = 2 * 3600;
/** Object-seconds the warm-up may take: the built-in centre always fits a whole day, ten thousand objects some minutes. */
const WARM_UP_BUDGET = 200 * DAY;

/** The types of object the centre has. */
export const OBJECT_TYPES = ['Agent', 'GroupAgents', 'Queue', 'RoutePoint', 'GroupQueues'] as const;

/** One of {@link OBJECT_TYPES}. */
export type ObjectType = (typeof OBJECT_TYPES)[number];

/** Anything a statistic can be asked of: the agents and the queues it stands for. */
export interface CentreObject {
  readonly type: ObjectType;
  readonly id: string;
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
}

/** How to build a centre. */
export interface CentrePlan {
  readonly seed: number;
  /** Epoch seconds at which it is first looked at. */
  readonly startAt: number;
  /** Made agents and queues on top of the built-in ones. */
  readonly agents: number;
  readonly queues: number;
}

const midnightBefore = (time: number): number => Math.floor(time / DAY) * DAY;

/** A running contact centre. */
export class Centre {
  readonly teams: readonly Team[];
  readonly agents: readonly Agent[];
  readonly queues: readonly Queue[];
  /** Agent groups: the teams, and the one of all agents. */
  readonly groups: readonly CentreObject[];
  readonly #objects = new Map<string, CentreObject>();
  readonly #schedule: Schedule;
  #dayStart: number;

  constructor(plan: CentrePlan) {
    const teamPlans = planTeams(plan.agents, plan.queues);
    const objects = teamPlans.reduce((sum, team) => sum + team.agents.length + team.queues.length, 0);
    const midnight = midnightBefore(plan.startAt);
    const opened = Math.max(
      Math.min(midnight, plan.startAt - LEAST_WARM_UP),
      plan.startAt - Math.max(15 * 60, Math.floor(WARM_UP_BUDGET / objects)),
    );
    this.#schedule = new Schedule(opened);
    this.#dayStart = opened;
    const random = (name: string) => createRandom(plan.seed, name);
    let login = 1001;
    this.teams = teamPlans.map(({ name, agents, queues }) => {
      const team = new Team(name);
      for (const agent of agents) {
        team.agents.push(new Agent(agent, String(login++), name, team, random(`Agent ${agent}`), opened));
      }
      for (const queue of queues) team.queues.push(new Queue(queue, name, random(`Queue ${queue}`), opened));
      return team;
    });
    this.agents = this.teams.flatMap((team) => team.agents);
    this.queues = this.teams.flatMap((team) => team.queues);
    this.groups = [...this.teams, { name: ALL_AGENTS, agents: this.agents, queues: this.queues }].map(
      ({ name, agents, queues }) => this.#add('GroupAgents', name, agents, queues),
    );
    for (const agent of this.agents) this.#add('Agent', agent.name, [agent], []);
    for (const queue of this.queues) {
      this.#add('Queue', queue.name, [], [queue]);
      this.#add('RoutePoint', queue.name, [], [queue]);
    }
    this.#add('GroupQueues', ALL_QUEUES, [], this.queues);
    const floor = new Floor(this.#schedule);
    for (const team of this.teams) floor.open(team);
    this.runTo(plan.startAt);
  }

  #add(type: ObjectType, id: string, agents: readonly Agent[], queues: readonly Queue[]): CentreObject {
    const object = { type, id, agents, queues };
    this.#objects.set(`${type} ${id}`, object);
    return object;
  }

  /** Epoch seconds the centre stands at. */
  get now(): number {
    return this.#schedule.now;
  }

  /** When today's counting began: midnight UTC, or the opening of the centre on its first day. */
  get dayStart(): number {
    return this.#dayStart;
  }

  find(type: string, id: string): CentreObject | undefined {
    return this.#objects.get(`${type} ${id}`);
  }

  /** Lets everything happen up to and including `time`. At midnight UTC the totals start anew, before that second's events. */
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
}
