/** The statistics of the application, by `genesys-statistics-rx/angular`. */
import { injectHealth, injectKpi, injectStatistic, provideStatistics, withServerRendering, type StatisticsFeature } from 'genesys-statistics-rx/angular';
import { numberOf } from 'genesys-statistics-rx';
import { abandonRate } from 'genesys-statistics-rx/kpi';
import { options } from './options';

/** A deadline that no busy machine misses: a render ends with its values, or as soon as it is refused. */
export const providers = (...features: StatisticsFeature[]) => [provideStatistics(options, withServerRendering({ deadline: 20_000 }), ...features)];

export const health = injectHealth;

export const waiting = (queue: () => string) => injectStatistic('Current_In_Queue', () => ({ objectId: queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });

export const lost = (queue: () => string) =>
  injectKpi(() => {
    const object = { objectId: queue(), objectType: 'Queue' };
    return { answered: { name: 'Total_Answered', ...object }, abandoned: { name: 'Total_Abandoned', ...object } };
  }, abandonRate);
