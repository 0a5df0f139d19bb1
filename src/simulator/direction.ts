/** Controls agents, queues and traffic for a test or a demonstration. Owns the checks of arguments; the centre owns the effects. */
import type { Centre } from './centre/centre.js';
import { agentReport, queueReport, type AgentReport, type QueueReport } from './centre/report.js';
import { TOLD } from './centre/status.js';
import { number, whole, wrong } from './checks.js';

/** The statuses that `become` takes: a supervisor's words, or Stat Server's names. */
export type ToldStatus = keyof typeof TOLD;

/** One agent of a simulator. */
export interface SimulatedAgent {
  readonly id: string;
  /**
   * Changes the status now. `'Ready'` logs the agent in if necessary, and the agent then continues by itself; any other status
   * lasts until the next call of `become`. A current call ends, and a ringing one goes back to the front of its queue.
   *
   * @throws RangeError for a status that cannot be set; inbound calls come by `queue(id).arrive(n)`.
   */
  become(status: ToldStatus): void;
  /** The agent's current state and today's counts. */
  report(): AgentReport;
}

/** One queue or route point of a simulator. */
export interface SimulatedQueue {
  readonly id: string;
  /** Adds this number of calls now, 1..10,000. They come in addition to the usual traffic. */
  arrive(calls: number): void;
  /** The queue's waiting calls and today's counts. */
  report(): QueueReport;
}

/** The members of a simulator that control its centre. */
export interface Direction {
  /** @throws RangeError if there is no such agent. */
  agent(id: string): SimulatedAgent;
  /** @throws RangeError if there is no such queue or route point. */
  queue(id: string): SimulatedQueue;
  /**
   * Multiplies the usual traffic by `factor` (0..100; 0 is silence) for `ms` of simulated time. Replaces any current rush. Staffing
   * does not foresee it.
   */
  rush(factor: number, ms: number): void;
}

/** @param catchUp - lets the centre catch up with the clock. */
export function createDirection(centre: Centre, catchUp: () => void): Direction {
  return {
    agent(id) {
      const agent = centre.find('Agent', id)?.agents[0];
      if (agent === undefined) throw new RangeError(`there is no agent ${JSON.stringify(id)}`);
      return {
        id,
        become(status) {
          if (!Object.hasOwn(TOLD, status)) throw wrong('become(status)', status, `one of ${Object.keys(TOLD).join(', ')} (inbound calls come by queue(id).arrive(n))`);
          catchUp();
          centre.tell(agent, TOLD[status]);
        },
        report: () => (catchUp(), agentReport(agent, centre.now)),
      };
    },
    queue(id) {
      const queue = (centre.find('Queue', id) ?? centre.find('RoutePoint', id))?.queues[0];
      if (queue === undefined) throw new RangeError(`there is no queue or route point ${JSON.stringify(id)}`);
      return {
        id,
        arrive(calls) {
          whole('arrive(calls)', calls, null, 1, 10_000);
          catchUp();
          centre.arrive(queue, calls);
        },
        report: () => (catchUp(), queueReport(queue, centre.now)),
      };
    },
    rush(factor, ms) {
      number('rush(factor)', factor, null, 0, 100);
      number('rush(ms)', ms, null, 1, 31 * 86_400_000);
      catchUp();
      centre.rush(factor, ms / 1000);
    },
  };
}
