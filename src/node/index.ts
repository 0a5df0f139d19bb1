/**
 * `genesys-statistics-rx/node`: connects streams with Node's iterables, streams, metrics and diagnostics, with back-pressure. Owns
 * the names that this entry exports. Imports only the public surface of the package.
 */
// Consuming a stream
export { toAsyncIterable, toWebStream } from '../web/index.js';
export type { BackPressure, ConsumerIterable, ConsumerIterator, ConsumerOptions, Key } from '../web/index.js';
export { toReadable } from './to-readable.js';

// Transforming it in a pipeline
export { toBatches } from './to-batches.js';
export type { BatchOptions } from './to-batches.js';
export { toNdjson } from './to-ndjson.js';
export { toServerSentEvents } from './to-server-sent-events.js';
export type { ServerSentEventsOptions } from './to-server-sent-events.js';

// Watching a client
export { exportMetrics } from './export-metrics.js';
export type { MetricsOptions, MetricsRegister } from './export-metrics.js';
export { publishDiagnostics } from './publish-diagnostics.js';
export type { ReportingClient } from './publish-diagnostics.js';

// Deleting what a killed process leaves open
export { fileJournal } from './file-journal.js';
