/** This library: one `statistic$` for each observer. */
import { createStatisticsClient, type StatisticValue } from 'genesys-statistics-rx';
import type { Contestant } from '../job.ts';

export const start: Contestant = ({ url, interval, batchSize, backoff, definitions, observers, observe }) => {
  const client = createStatisticsClient({
    baseUrl: url,
    poll: { interval, maxInterval: interval },
    batch: { size: batchSize },
    retry: { minTimeout: backoff },
  });
  const subscriptions = Array.from({ length: observers }, (_, number) => {
    const { name, ...object } = definitions[number % definitions.length] as (typeof definitions)[number];
    return client.statistic$(name, object).subscribe(observe(number) as (value: StatisticValue) => void);
  });
  return {
    leave: () => subscriptions.forEach((subscription) => subscription.unsubscribe()),
    close: () => client.close(),
  };
};
