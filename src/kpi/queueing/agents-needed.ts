/** The smallest number of agents that reaches a service level. Does not know the models. */
import { numberIn, objectWith } from '../../checks/arguments.js';
import { forecastOf } from './forecast.js';
import { offeredKeys, readOffered, type Offered } from './offered.js';

/** The arguments of {@link agentsNeeded}. */
export interface AgentsNeededArguments extends Offered {
  /** The percentage of calls to answer within the target time. Above 0, below 100. */
  readonly serviceLevel: number;
  /** The largest percentage of their time that agents may be busy. Above 0, at most 100. @defaultValue no limit */
  readonly maxOccupancy?: number | undefined;
  /** The percentage of paid time during which agents are not available for calls. From 0, below 100. @defaultValue 0 */
  readonly shrinkage?: number | undefined;
}

/**
 * The smallest whole number of agents that reaches the service level and keeps the occupancy, according to {@link forecast}.
 *
 * With `shrinkage` it is the number of paid agents: the agents needed at the telephone, divided by the share of time that they are
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
  // Multiply before dividing, so that even percentages give whole numbers.
  return Math.ceil((smallest(isEnough, (offered.callsPerHour * offered.averageHandlingTime) / 3600) * 100) / (100 - shrinkage));
}

/** The smallest whole number for which a condition holds, searched from a guess. The condition must hold for all larger numbers. */
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
