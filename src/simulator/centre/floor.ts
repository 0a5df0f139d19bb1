/**
 * The events in the centre: calls arrive, ring, are answered, held, wrapped up or abandoned; agents log in, pause and leave. Owns
 * these rules and their probabilities. Queues and agents count. Durations are in seconds.
 */
import type { Agent } from './agent.js';
import type { Call, Queue } from './queue.js';
import type { Schedule } from './schedule.js';
import { STATUS, type Told } from './status.js';
import { agentsFor, peakLoad, type Team } from './team.js';
import { foreseen, Traffic } from './traffic.js';

const HOUR = 3600;

/** Mean patience of a caller. */
const PATIENCE = 300;

const first = <T>(...sets: ReadonlySet<T>[]): T | undefined => {
  for (const set of sets) for (const item of set) return item;
  return undefined;
};

/** Applies the rules to agents and queues, by planned actions. */
export class Floor {
  readonly #schedule: Schedule;
  readonly #teams = new Map<string, Team>();
  readonly #traffic: Traffic;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#traffic = new Traffic(schedule, (queue) => this.arrive(queue));
  }

  /** Opens a team: its agents log in over the first minutes, and its queues take calls from now on. */
  open(team: Team): void {
    this.#teams.set(team.name, team);
    const wanted = this.#wanted(team);
    team.agents.forEach((agent, index) => {
      this.#later(agent, index < wanted ? agent.random.between(0, 120) : agent.random.between(120, HOUR), () => this.#comeIn(agent));
    });
    this.#traffic.open(team);
  }

  /** Multiplies the usual traffic by `factor` for this number of seconds. */
  rush(factor: number, seconds: number): void {
    this.#traffic.rush(factor, seconds);
  }

  #teamOf({ team }: Agent | Queue): Team {
    const found = this.#teams.get(team);
    if (found === undefined) throw new Error(`the team ${team} is not open`);
    return found;
  }

  // Calls

  /** A call comes in. */
  arrive(queue: Queue): void {
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

  /** Gives the oldest call to the agent who has been idle longest, as long as there are both. */
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

  /** Puts a call on hold, or consults a colleague during it. A consultation may end in a transfer, which ends the call. */
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

  /** Lets an idle agent make a call: to a customer (with dialling and wrap-up) or to a colleague. */
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

  /** The number of agents that the team needs for the forecast traffic. */
  #wanted({ agents }: Team): number {
    return Math.min(agents.length, agentsFor(peakLoad(agents.length) * foreseen(this.#schedule.now)));
  }

  /** Logs in if the team is short of agents; otherwise checks again soon. */
  #comeIn(agent: Agent): void {
    const { random } = agent;
    const now = this.#schedule.now;
    const team = this.#teamOf(agent);
    if (team.loggedIn >= this.#wanted(team)) {
      this.#later(agent, random.between(2 * 60, 6 * 60), () => this.#comeIn(agent));
      return;
    }
    agent.loginAt = now;
    agent.logoutAt = now + random.between(2 * HOUR, 5 * HOUR);
    agent.pauseAt = now + random.between(HOUR / 2, 2 * HOUR);
    agent.become(STATUS.NotReadyForNextCall, now);
    this.#later(agent, random.between(10, 90), () => this.#free(agent));
  }

  /** Decides what an idle agent does: log out, pause, or get ready for the next call. */
  #free(agent: Agent): void {
    const { random } = agent;
    const now = this.#schedule.now;
    const team = this.#teamOf(agent);
    // Nobody leaves a team that is short of agents. Before the end of the shift, the team must have two agents to spare.
    const spare = team.loggedIn - this.#wanted(team);
    if (spare >= (now >= agent.logoutAt ? 0 : 2) && now >= agent.loginAt + HOUR) {
      agent.become(STATUS.LoggedOut, now);
      this.#later(agent, random.between(HOUR / 3, HOUR), () => this.#comeIn(agent));
      return;
    }
    agent.logoutAt = Math.max(agent.logoutAt, now + 5 * 60);
    if (now >= agent.pauseAt) {
      agent.pauseAt = now + random.between(HOUR / 2, 2 * HOUR);
      agent.become(STATUS.NotReadyForNextCall, now);
      this.#later(agent, random.between(2 * 60, 14 * 60), () => this.#free(agent));
      return;
    }
    this.#wait(agent);
    if (random.chance(0.25)) this.#later(agent, random.between(30, 300), () => this.#callOut(agent));
    this.#serve(team);
  }

  #wait(agent: Agent): void {
    const now = this.#schedule.now;
    agent.become(STATUS.WaitForNextCall, now);
    this.#later(agent, Math.min(agent.logoutAt, agent.pauseAt) - now, () => this.#free(agent));
  }

  // Controls of a test

  /** Sets the status of an agent. An agent that is made ready continues by itself; any other status lasts until it is set again. */
  tell(agent: Agent, status: Told): void {
    const now = this.#schedule.now;
    const team = this.#teamOf(agent);
    if (agent.status === STATUS.CallRinging) this.#takeBack(agent, team);
    if (status === STATUS.WaitForNextCall) {
      // Long enough for a test to see the status.
      agent.logoutAt = Math.max(agent.logoutAt, now + 2 * HOUR);
      agent.pauseAt = Math.max(agent.pauseAt, now + HOUR);
      agent.loginAt = Math.max(agent.loginAt, now);
      if (agent.status !== status) this.#wait(agent);
    } else if (agent.status !== status) {
      agent.become(status, now);
    } else {
      agent.stay();
    }
    this.#serve(team);
  }

  /** A ringing call goes back to the front of its queue, like a missed one. */
  #takeBack(agent: Agent, team: Team): void {
    for (const queue of team.queues) {
      for (const call of queue.waiting) {
        if (call.ringing !== agent) continue;
        call.ringing = null;
        team.returned.add(call);
        agent.miss(this.#schedule.now);
        return;
      }
    }
  }

  /** Plans an action, which is void if the agent's status changes first. */
  #later(agent: Agent, seconds: number, run: () => void): void {
    const { epoch } = agent;
    this.#schedule.in(Math.max(1, seconds), () => {
      if (agent.epoch === epoch) run();
    });
  }
}
