/**
 * `genesys-statistics-rx/angular`: live statistics as Angular resources. Owns the names that this entry exports. Imports only the
 * public surface of the package.
 */
export { provideStatistics } from './provide-statistics.js';
export type { StatisticsFeature } from './provide-statistics.js';
export { withHttpClient, STATISTICS_REQUEST } from './http-client.js';
export { withServerRendering, withNoTransferState } from './server-rendering.js';
export type { ServerRenderingOptions } from './server-rendering.js';
export { injectStatistics } from './statistics-client.js';
export { injectHealth } from './inject-health.js';
export { injectStatistic } from './inject-statistic.js';
export type { ParseOptions } from './inject-statistic.js';
export { injectSubscription } from './inject-subscription.js';
export { injectKpi } from './inject-kpi.js';
export type { FormulaInputs } from './inject-kpi.js';
export type { ResourceOptions, StatisticResource } from './statistic-resource.js';
export type { Reactive } from './target.js';
