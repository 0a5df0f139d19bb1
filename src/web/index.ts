/**
 * `genesys-statistics-rx/web`: streams for the ways of consuming that every platform has, each with its back-pressure. Owns
 * the names this entry exports; imports nothing of Node, and sees the rest of the package as any user does.
 */
export { toAsyncIterable } from './to-async-iterable.js';
export type { ConsumerIterable, ConsumerIterator } from './to-async-iterable.js';
export { toWebStream } from './to-web-stream.js';
export type { ConsumerOptions } from '../consumer/options.js';
export type { BackPressure } from '../consumer/queue.js';
export type { Key } from '../consumer/keys.js';
