/** Statistic values, and waits for streams, for tests of consumers. */
import type { StatisticValue } from '../../src/index.js';

export function statistic(objectId: string, value: unknown, more: Partial<StatisticValue> = {}): StatisticValue {
  return { name: 'Current_In_Queue', objectId, objectType: 'Queue', timestamp: 1, value, ...more };
}

export function inline(statisticId: string, value: unknown): StatisticValue {
  return { statisticId, objectId: 'Sales@SIP', objectType: 'Queue', timestamp: 1, value };
}

/** Waits until all pending microtasks, `nextTick` callbacks and their successors have run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Collects all items of an iterable. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of iterable) {
    items.push(item);
  }
  return items;
}
