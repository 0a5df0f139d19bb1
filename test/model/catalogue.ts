/**
 * The statistics of the model, by their number. Most are configured, two are inline definitions, and one is about an object
 * with a name that every JavaScript object inherits. Knows nothing of values.
 */
import type { StatisticDefinition, StatisticRequest } from '../../src/index.js';

export const statistics: readonly StatisticRequest[] = Array.from({ length: 12 }, (_, key) => {
  const object = { objectId: key === 9 ? '__proto__' : `Queue${key % 3}@SIP`, objectType: 'Queue' };
  return key >= 10 ? { definition: inline(key), ...object } : { name: key === 9 ? 'constructor' : `Statistic_${key}`, ...object };
});

function inline(key: number): StatisticDefinition {
  return { category: 'CurrentNumber', subject: 'DNStatus', mainMask: `Mask${key}`, notificationMode: 'Immediate' };
}

const numbers = new Map(statistics.map((statistic, key) => [textOf(statistic), key]));

/** The number of a statistic that occurs in a request or an answer. */
export function keyOf(statistic: { readonly name?: unknown; readonly definition?: unknown; readonly objectId?: unknown }): number | undefined {
  return numbers.get(textOf(statistic));
}

export function statisticOf(key: number): StatisticRequest {
  const statistic = statistics[key];
  if (statistic === undefined) {
    throw new Error(`there is no statistic ${key}`);
  }
  return statistic;
}

function textOf({ name, definition, objectId }: { readonly name?: unknown; readonly definition?: unknown; readonly objectId?: unknown }): string {
  const mask = typeof definition === 'object' && definition !== null && 'mainMask' in definition ? definition.mainMask : undefined;
  return JSON.stringify([name ?? null, mask ?? null, objectId]);
}
