/** The service that callers can expect from a number of agents. Owns the units; the models are Erlang C and Erlang A. */
import { objectWith } from '../../checks/arguments.js';
import { erlangA } from './erlang-a.js';
import { delayProbability } from './erlang-c.js';
import { offeredKeys, readAgents, readOffered, type Offered } from './offered.js';

/** The arguments of {@link forecast}. */
export interface ForecastArguments extends Offered {
  /** A whole number from 0 to 1,000,000. */
  readonly agents: number;
}

/** The service that callers and agents can expect. */
export interface Forecast {
  /** The percentage (0..100) of their time that agents are busy. */
  readonly occupancy: number;
  /** The probability (0..1) that a call has to wait. */
  readonly waitProbability: number;
  /** The average wait of answered calls in seconds; `Infinity` if the queue grows without end, or nobody answers. */
  readonly averageSpeedOfAnswer: number;
  /** The percentage (0..100) of calls that are answered within the target time. */
  readonly serviceLevel: number;
  /** The percentage (0..100) of calls that are abandoned; 0 without `averagePatience`. */
  readonly abandonRate: number;
}

/**
 * Computes the service that callers can expect from a number of agents: by Erlang C, or by Erlang A if `averagePatience` is given.
 *
 * Erlang C: `averageSpeedOfAnswer = C * AHT / (N - A)`, `serviceLevel = 100 * (1 - C * exp(-(N - A) * T / AHT))`. If there is at
 * least as much traffic as agents, no call is answered in time. Erlang A: callers hang up after exponentially distributed times, so
 * it has a result for any traffic. Its service level refers to the calls offered, as in `serviceLevel`.
 *
 * Both assume that calls arrive at random and independently, that handling times are exponentially distributed, and that every agent
 * can answer any call of one queue.
 *
 * Source: A. K. Erlang, 1917; C. Palm, 1957; O. Garnett, A. Mandelbaum and M. Reiman, "Designing a Call Center with Impatient
 * Customers", 2002.
 *
 * @throws StatisticsOptionError when an argument is missing, out of bounds or unknown.
 *
 * @example
 * forecast({ callsPerHour: 200, averageHandlingTime: 180, agents: 14, targetTime: 20 });
 * // { occupancy: 71.4, waitProbability: 0.174, averageSpeedOfAnswer: 7.84, serviceLevel: 88.8, abandonRate: 0 }
 */
export function forecast(given: ForecastArguments): Forecast {
  const read = objectWith('arguments', given, [...offeredKeys, 'agents']);
  return forecastOf(readOffered(read), readAgents(read['agents']));
}

/** The same without a check of the arguments. */
export function forecastOf(offered: Offered, agents: number): Forecast {
  return offered.averagePatience === undefined || offered.callsPerHour === 0
    ? withErlangC(offered, agents)
    : withErlangA(offered, agents, offered.averagePatience);
}

function withErlangC({ callsPerHour, averageHandlingTime, targetTime }: Offered, agents: number): Forecast {
  const traffic = (callsPerHour * averageHandlingTime) / 3600;
  const waitProbability = delayProbability(traffic, agents);
  const spare = agents - traffic;
  const late = spare <= 0 ? 1 : waitProbability * Math.exp((-spare * targetTime) / averageHandlingTime);
  return {
    occupancy: traffic === 0 ? 0 : Math.min(100, (100 * traffic) / agents),
    waitProbability,
    averageSpeedOfAnswer: spare <= 0 ? Infinity : (waitProbability * averageHandlingTime) / spare,
    serviceLevel: 100 * (1 - late),
    abandonRate: 0,
  };
}

function withErlangA({ callsPerHour, averageHandlingTime, targetTime }: Offered, agents: number, averagePatience: number): Forecast {
  const rates = { arrival: callsPerHour / 3600, service: 1 / averageHandlingTime, abandonment: 1 / averagePatience };
  const { waitProbability, abandonProbability, answeredWithin, waitOfAnswered } = erlangA(rates, agents, targetTime);
  const carried = rates.arrival * averageHandlingTime * (1 - abandonProbability);
  return {
    occupancy: agents === 0 ? 100 : Math.min(100, (100 * carried) / agents),
    waitProbability,
    averageSpeedOfAnswer: waitOfAnswered,
    serviceLevel: Math.min(100, 100 * answeredWithin),
    abandonRate: Math.min(100, 100 * abandonProbability),
  };
}
