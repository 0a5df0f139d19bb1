/**
 * `genesys-statistics-rx/angular/testing`: statistics that a test sets, in place of a server. Owns the names this entry exports.
 */
export { provideStatisticsTesting } from './provide-statistics-testing.js';
export { StatisticsTestingController } from './statistics-testing-controller.js';
