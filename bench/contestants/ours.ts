/** This library: one `statistic$` for each observer. */
import { createStatisticsClient, type StatisticValue } from 'genesys-statistics-rx';
import type { Subscription } from 'rxjs';
import type { Contestant } from '../job.ts';

export const start: Contestant = ({ url, interval, batchSize, backoff, definitions, observers, observe }) => {
  const client = createStatisticsClient({
    baseUrl: url,
    poll: { interval, maxInterval: interval },
    batch: { size: batchSize },
    retry: { minTimeout: backoff },
  });
  const subscriptions: Subscription[] = [];

  function join(number: number): void {
    const { name, ...object } = definitions[number % definitions.length] as (typeof definitions)[number];
    subscriptions.push(client.statistic$(name, object).subscribe(observe(number) as (value: StatisticValue) => void));
  }

  for (let number = 0; number < observers; number++) {
    join(number);
  }
  return {
    join,
    leave: () => subscriptions.forEach((subscription) => subscription.unsubscribe()),
    close: () => client.close(),
  };
};
