/**
 * What happens on the floor: calls arrive, ring, are answered, held, wrapped up or abandoned; agents log in, pause and
 * leave. Owns these rules and their probabilities; the counting belongs to queue and agent. Durations are in seconds.
 */
import type { Agent } from './agent.js';
import type { Call, Queue } from './queue.js';
import type { Schedule } from './schedule.js';
import { STATUS } from './status.js';
import type { Team } from './team.js';

const HOUR = 3600;

/** Mean seconds an inbound call keeps an agent, wrap-up included, and the part of the day an agent is there for calls. */
const HANDLING = 230;
const PRESENCE = 0.75;
/** Offered load over what the team can carry, at the average hour. Near 1, so that queues form and melt. */
const LOAD = 0.85;
/** Mean patience of a caller. */
const PATIENCE = 150;

/** Traffic over the day around 1: highest at 14:00 UTC, lowest at 02:00, never none. */
function dailyShape(now: number): number {
  const hour = (now / HOUR) % 24;
  return 1 + 0.4 * Math.cos(((hour - 14) / 24) * 2 * Math.PI);
}

const first = <T>(...sets: ReadonlySet<T>[]): T | undefined => {
  for (const set of sets) for (const item of set) return item;
  return undefined;
};

/** The rules of the floor, acting on agents and queues through a schedule. */
export class Floor {
  readonly #schedule: Schedule;
  readonly #teams = new Map<string, Team>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Opens a team: its agents come in over the first minutes, its queues take calls from now on. */
  open(team: Team): void {
    this.#teams.set(team.name, team);
    for (const agent of team.agents) {
      this.#schedule.in(agent.random.chance(PRESENCE) ? agent.random.between(0, 120) : agent.random.between(120, HOUR), () =>
        this.#login(agent),
      );
    }
    for (const queue of team.queues) this.#expectCall(queue);
  }

  #teamOf({ team }: Agent | Queue): Team {
    const found = this.#teams.get(team);
    if (found === undefined) throw new Error(`the team ${team} is not open`);
    return found;
  }

  // Calls

  #expectCall(queue: Queue): void {
    const { agents, queues } = this.#teamOf(queue);
    const perSecond = ((agents.length * PRESENCE * LOAD) / HANDLING / queues.length) * dailyShape(queue.nextArrival);
    queue.nextArrival += queue.random.exponential(1 / perSecond);
    this.#schedule.at(Math.ceil(queue.nextArrival), () => {
      this.#arrive(queue);
      this.#expectCall(queue);
    });
  }

  #arrive(queue: Queue): void {
    const call = queue.enter(this.#schedule.now);
    this.#teamOf(queue).pending.add(call);
    this.#schedule.in(2 + queue.random.exponential(PATIENCE), () => this.#abandon(call));
    this.#serve(this.#teamOf(queue));
  }

  #abandon(call: Call): void {
    if (call.over) return;
    const { queue, ringing } = call;
    const now = this.#schedule.now;
    this.#teamOf(queue).pending.delete(call);
    this.#teamOf(queue).returned.delete(call);
    queue.abandon(call, now);
    if (ringing === null) return;
    ringing.abandonedFromRinging.add(now);
    this.#free(ringing);
  }

  /** The longest idle agent gets the oldest call, for as long as there are both. */
  #serve(team: Team): void {
    for (;;) {
      const agent = first(team.ready);
      const call = first(team.returned, team.pending);
      if (agent === undefined || call === undefined) return;
      this.#ring(agent, call);
    }
  }

  #ring(agent: Agent, call: Call): void {
    const now = this.#schedule.now;
    this.#teamOf(agent).pending.delete(call);
    this.#teamOf(agent).returned.delete(call);
    call.queue.distribute(call, agent, now);
    agent.become(STATUS.CallRinging, now);
    if (agent.random.chance(0.03)) this.#later(agent, 20, () => this.#miss(agent, call));
    else this.#later(agent, agent.random.between(2, 9), () => this.#answer(agent, call));
  }

  #miss(agent: Agent, call: Call): void {
    const now = this.#schedule.now;
    call.ringing = null;
    this.#teamOf(agent).returned.add(call);
    agent.miss(now);
    agent.become(STATUS.NotReadyForNextCall, now);
    this.#later(agent, agent.random.between(45, 180), () => this.#free(agent));
    this.#serve(this.#teamOf(agent));
  }

  #answer(agent: Agent, call: Call): void {
    const now = this.#schedule.now;
    const { random } = agent;
    call.queue.answer(call, now);
    agent.become(STATUS.CallInbound, now);
    const talk = 20 + random.exponential(70) + random.exponential(70);
    const course = random.next();
    if (course < 0.2) {
      this.#later(agent, talk / 2, () => this.#aside(agent, STATUS.CallOnHold, random.between(10, 75), talk / 2));
    } else if (course < 0.28) {
      this.#later(agent, talk / 2, () => this.#aside(agent, STATUS.CallConsult, random.between(20, 90), talk / 2));
    } else {
      this.#later(agent, talk, () => this.#wrapUp(agent));
    }
  }

  /** Hold or consultation in the middle of a call. A consultation may end in a transfer, which ends the call. */
  #aside(agent: Agent, status: typeof STATUS.CallOnHold | typeof STATUS.CallConsult, seconds: number, rest: number): void {
    agent.become(status, this.#schedule.now);
    this.#later(agent, seconds, () => {
      if (status === STATUS.CallConsult && agent.random.chance(0.6)) {
        agent.transferMade.add(this.#schedule.now);
        this.#wrapUp(agent);
        return;
      }
      agent.become(STATUS.CallInbound, this.#schedule.now, true);
      this.#later(agent, rest, () => this.#wrapUp(agent));
    });
  }

  #wrapUp(agent: Agent): void {
    agent.become(STATUS.AfterCallWork, this.#schedule.now);
    this.#later(agent, agent.random.between(8, 75), () => this.#free(agent));
  }

  /** An idle agent calls out: a customer (dialling first, wrap-up after) or a colleague elsewhere. */
  #callOut(agent: Agent): void {
    const { random } = agent;
    if (random.chance(0.4)) {
      agent.become(STATUS.CallInternal, this.#schedule.now);
      this.#later(agent, random.between(15, 90), () => this.#free(agent));
      return;
    }
    agent.become(STATUS.CallDialing, this.#schedule.now);
    this.#later(agent, random.between(4, 20), () => {
      if (random.chance(0.25)) {
        this.#free(agent);
        return;
      }
      agent.become(STATUS.CallOutbound, this.#schedule.now);
      this.#later(agent, 15 + random.exponential(100), () => this.#wrapUp(agent));
    });
  }

  // The agent's day

  #login(agent: Agent): void {
    const { random } = agent;
    const now = this.#schedule.now;
    agent.logoutAt = now + random.between(2 * HOUR, 5 * HOUR);
    agent.pauseAt = now + random.between(HOUR / 2, 2 * HOUR);
    agent.become(STATUS.NotReadyForNextCall, now);
    this.#later(agent, random.between(10, 90), () => this.#free(agent));
  }

  /** What an agent does who has nothing more to do: leave, pause, or be ready for the next call. */
  #free(agent: Agent): void {
    const { random } = agent;
    const now = this.#schedule.now;
    if (now >= agent.logoutAt) {
      agent.become(STATUS.LoggedOut, now);
      this.#later(agent, random.between(HOUR / 3, HOUR), () => this.#login(agent));
      return;
    }
    if (now >= agent.pauseAt) {
      agent.pauseAt = now + random.between(HOUR / 2, 2 * HOUR);
      agent.become(STATUS.NotReadyForNextCall, now);
      this.#later(agent, random.between(2 * 60, 14 * 60), () => this.#free(agent));
      return;
    }
    agent.become(STATUS.WaitForNextCall, now);
    this.#later(agent, Math.min(agent.logoutAt, agent.pauseAt) - now, () => this.#free(agent));
    if (random.chance(0.25)) this.#later(agent, random.between(30, 300), () => this.#callOut(agent));
    this.#serve(this.#teamOf(agent));
  }

  /** Plans for as long as the agent's status stays what it is: the next status voids the plan. */
  #later(agent: Agent, seconds: number, run: () => void): void {
    const { epoch } = agent;
    this.#schedule.in(Math.max(1, seconds), () => {
      if (agent.epoch === epoch) run();
    });
  }
}
