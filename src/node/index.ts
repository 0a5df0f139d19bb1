/**
 * `genesys-statistics-rx/node`: streams for Node's own ways of consuming, each with its back-pressure. Owns the names
 * this entry exports; sees the rest of the package as any user does.
 */
// Consuming a stream
export { toAsyncIterable, toWebStream } from '../web/index.js';
export type { BackPressure, ConsumerIterable, ConsumerIterator, ConsumerOptions, Key } from '../web/index.js';
export { toReadable } from './to-readable.js';

// Writing it down
export { toNdjson } from './to-ndjson.js';

// Deleting what a killed process leaves open
export { fileJournal } from './file-journal.js';
