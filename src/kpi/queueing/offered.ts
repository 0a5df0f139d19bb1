/** The arguments of the queueing formulas, and their bounds. Knows no formula. */
import { numberIn, objectWith, unfit } from '../../checks/arguments.js';

/** Far beyond the largest contact centre, and small enough that every formula ends soon. */
const maxAgents = 1_000_000;
const maxTraffic = 1_000_000;
const maxSeconds = 86_400;

/** Traffic, and the number of agents for it. */
export interface Load {
  /** Erlangs: calls per hour times the average handling time in hours. From 0 to 1,000,000. */
  readonly traffic: number;
  /** A whole number from 0 to 1,000,000. */
  readonly agents: number;
}

/** @throws StatisticsOptionError for an unusable argument. */
export function readLoad(load: Load): Load {
  const { traffic, agents } = objectWith('load', load, ['traffic', 'agents']);
  return {
    traffic: numberIn('traffic', traffic, { least: 0, most: maxTraffic }),
    agents: readAgents(agents),
  };
}

export function readAgents(agents: unknown): number {
  return numberIn('agents', agents, { least: 0, most: maxAgents, whole: true });
}

/** The arriving calls, and their handling and waiting times. */
export interface Offered {
  /** From 0 to 1,000,000. */
  readonly callsPerHour: number;
  /** Seconds, above 0, at most 86,400. */
  readonly averageHandlingTime: number;
  /** Seconds within which a call should be answered. From 0 to 86,400. */
  readonly targetTime: number;
  /** Seconds after which callers hang up on average, above 0, at most 86,400. @defaultValue they wait for ever */
  readonly averagePatience?: number | undefined;
}

/** The keys of {@link Offered}. */
export const offeredKeys = ['callsPerHour', 'averageHandlingTime', 'targetTime', 'averagePatience'];

/** @throws StatisticsOptionError for an unusable argument, and for more than a million erlangs. */
export function readOffered(given: Readonly<Record<string, unknown>>): Offered {
  const seconds = { least: 0, above: true, most: maxSeconds };
  const callsPerHour = numberIn('callsPerHour', given['callsPerHour'], { least: 0, most: 1_000_000 });
  const averageHandlingTime = numberIn('averageHandlingTime', given['averageHandlingTime'], seconds);
  const averagePatience = given['averagePatience'];
  if ((callsPerHour * averageHandlingTime) / 3600 > maxTraffic) {
    throw unfit('callsPerHour', callsPerHour, `at most ${maxTraffic} erlangs of traffic together with averageHandlingTime`);
  }
  return {
    callsPerHour,
    averageHandlingTime,
    targetTime: numberIn('targetTime', given['targetTime'], { least: 0, most: maxSeconds }),
    averagePatience: averagePatience === undefined ? undefined : numberIn('averagePatience', averagePatience, seconds),
  };
}
