/** One upstream for a fleet of processes or tabs. Everything public, by name. */
export { createFleetClient } from './create-fleet-client.js';
export type { FleetClientOptions } from './options.js';
export { memoryBus } from './memory-bus.js';
export type { Bus, BusHooks, BusMember, Demand, Election, News, Remembered } from './bus.js';
export { inspectFleet } from './inspect.js';
export type { LeaderReport } from './report.js';
