/** Node's async context: what AsyncLocalStorage carries from a call to everything that follows from it. Same exports as `context.native`. */
import { AsyncResource } from 'node:async_hooks';
import type { Context } from '../context.js';

/** The present context. An AsyncResource costs a twentieth of a bound snapshot, and there is one for each observer. */
export function captureContext(): Context {
  return new AsyncResource('genesys-statistics-rx', { requireManualDestroy: true });
}
