/**
 * `genesys-statistics-rx/kpi`: figures made of several statistics. Owns the names this entry exports; sees the rest of
 * the package as any user does.
 */
// Formulas
export { serviceLevel } from './service-level.js';
export { abandonRate } from './abandon-rate.js';
export { readyRatio } from './ready-ratio.js';

// Streams
export { kpi } from './kpi.js';
export type { KpiInputs, KpiSnapshot } from './kpi.js';
export { combineStatistics } from './combine-statistics.js';
export type { Combined, StreamSet } from './combine-statistics.js';
