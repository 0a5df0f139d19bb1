/** A bus on Redis for a fleet of processes. Everything public, by name. */
export { redisBus } from './redis-bus.js';
export type { RedisBusOptions } from './redis-bus.js';
