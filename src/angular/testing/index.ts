/** `genesys-statistics-rx/angular/testing`: statistics that a test sets, without a server. Owns the names that this entry exports. */
export { provideStatisticsTesting } from './provide-statistics-testing.js';
export { StatisticsTestingController } from './statistics-testing-controller.js';
