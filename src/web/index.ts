/**
 * `genesys-statistics-rx/web`: turns streams into async iterables and web streams, with back-pressure, on every platform. Owns the
 * names that this entry exports. Imports nothing of Node, and only the public surface of the package.
 */
export { toAsyncIterable } from './to-async-iterable.js';
export type { ConsumerIterable, ConsumerIterator } from './to-async-iterable.js';
export { toWebStream } from './to-web-stream.js';
export type { ConsumerOptions } from '../consumer/options.js';
export type { BackPressure } from '../consumer/queue.js';
export type { Key } from '../consumer/keys.js';
