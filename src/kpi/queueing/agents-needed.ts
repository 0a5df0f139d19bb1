/** The smallest number of agents that keeps a promise to callers. Must not know the models. */
import { numberIn, objectWith } from '../../checks/arguments.js';
import { forecastOf } from './forecast.js';
import { offeredKeys, readOffered, type Offered } from './offered.js';

/** The arguments of {@link agentsNeeded}. */
export interface AgentsNeededArguments extends Offered {
  /** Percent of the calls to be answered within the target time. Above 0, below 100. */
  readonly serviceLevel: number;
  /** Percent of their time that agents may be busy at most. Above 0, at most 100. @defaultValue no limit */
  readonly maxOccupancy?: number | undefined;
  /** Percent of the paid time that agents are not there for calls. From 0, below 100. @defaultValue 0 */
  readonly shrinkage?: number | undefined;
}

/**
 * The smallest whole number of agents with which the service level is reached and the occupancy kept, by {@link forecast}.
 *
 * With `shrinkage` it is the number to be paid for: those needed at the telephone, divided by the share of time that they are
 * there, rounded up. Without calls it is 0.
 *
 * @throws StatisticsOptionError when an argument is missing, out of bounds or unknown.
 *
 * @example
 * agentsNeeded({ callsPerHour: 200, averageHandlingTime: 180, targetTime: 20, serviceLevel: 80 }); // 14
 * agentsNeeded({ callsPerHour: 200, averageHandlingTime: 180, targetTime: 20, serviceLevel: 80, shrinkage: 30 }); // 20
 */
export function agentsNeeded(given: AgentsNeededArguments): number {
  const read = objectWith('arguments', given, [...offeredKeys, 'serviceLevel', 'maxOccupancy', 'shrinkage']);
  const offered = readOffered(read);
  const serviceLevel = numberIn('serviceLevel', read['serviceLevel'], { least: 0, above: true, most: 100, below: true });
  const maxOccupancy = numberIn('maxOccupancy', read['maxOccupancy'] ?? 100, { least: 0, above: true, most: 100 });
  const shrinkage = numberIn('shrinkage', read['shrinkage'] ?? 0, { least: 0, most: 100, below: true });
  if (offered.callsPerHour === 0) {
    return 0;
  }
  const isEnough = (agents: number): boolean => {
    const expected = forecastOf(offered, agents);
    return expected.serviceLevel >= serviceLevel && expected.occupancy <= maxOccupancy;
  };
  // Percents that divide evenly stay whole this way round.
  return Math.ceil((smallest(isEnough, (offered.callsPerHour * offered.averageHandlingTime) / 3600) * 100) / (100 - shrinkage));
}

/** The smallest whole number for which a condition holds that holds for all larger ones, looked for around a guess. */
function smallest(holds: (n: number) => boolean, guess: number): number {
  let [no, yes] = [-1, Math.ceil(guess)];
  for (let step = 1; !holds(yes); step *= 2) {
    [no, yes] = [yes, yes + step];
  }
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (holds(middle)) {
      yes = middle;
    } else {
      no = middle;
    }
  }
  return yes;
}
