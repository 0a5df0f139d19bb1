/** This library: one `statistic$` for each observer, or one `subscription$` for each set. */
import { createStatisticsClient, type StatisticValue } from 'genesys-statistics-rx';
import type { Subscription } from 'rxjs';
import type { Contestant } from '../job.ts';

export const start: Contestant = ({ url, interval, batchSize, definitions, observers, setSize, observe, observeSet }) => {
  const client = createStatisticsClient({
    baseUrl: url,
    poll: { interval, maxInterval: interval },
    batch: { size: batchSize },
    // The server holds a poll of every upstream at once, and one scenario has more upstreams than the default allows requests.
    request: { concurrency: 64 },
  });
  const subscriptions: Subscription[] = [];

  function join(number: number): void {
    const definition = definitions[number % definitions.length] as (typeof definitions)[number];
    subscriptions.push(client.statistic$(definition.name, definition).subscribe(observe(number) as (value: StatisticValue) => void));
  }

  function joinSet(number: number, size: number): void {
    const members = definitions.slice(number * size, (number + 1) * size);
    subscriptions.push(client.subscription$(members).subscribe(observeSet(number, size) as (values: readonly StatisticValue[]) => void));
  }

  for (let number = 0; number < observers; number++) {
    if (setSize === undefined) {
      join(number);
    } else {
      joinSet(number, setSize);
    }
  }
  return {
    join,
    leave: () => subscriptions.forEach((subscription) => subscription.unsubscribe()),
    close: () => client.close(),
  };
};
