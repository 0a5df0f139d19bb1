/**
 * `genesys-statistics-rx/simulator`: a real HTTP server for the Statistics API, with a small contact centre behind it. Owns the names
 * that this entry exports. The simulator imports nothing of the client.
 */
export { createSimulator } from './simulator.js';
export type { ListedObject, Simulator, StatisticTarget } from './simulator-type.js';
export { parseRoster } from './centre/roster.js';
export type { Roster, RosterGroup } from './centre/roster.js';
export type { Direction, SimulatedAgent, SimulatedQueue, ToldStatus } from './direction.js';
export { PROFILES as profiles } from './profiles.js';
export type { Profile, ProfileEntry } from './profiles.js';
export type { Origin } from './origin.js';
export type { SimulatorRequest, SimulatorResponse, SimulatorTransport } from './server/transport.js';
export type { SimulatorOptions } from './options.js';
export type { FaultScript, FaultKind, FaultSelection } from './faults.js';
export type { Ledger, Operation, RecordedRequest } from './ledger.js';
export type { AgentReport, CentreSnapshot, CentreView, GroupReport, QueueReport } from './centre/report.js';
export type { StatusName } from './centre/status.js';
export { CATALOGUE as catalogue } from './statistics/catalogue.js';
export type { CatalogueEntry, Unit } from './statistics/catalogue.js';
export type { WrittenDefinition } from './statistics/definition.js';
export type { ObjectType } from './centre/centre.js';
export type { AgentState, GroupState } from './statistics/states.js';
