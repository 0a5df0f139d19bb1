/** For platforms without an async context, such as browsers: calls the callback and nothing else. Same exports as `context.node`. */
import type { Context } from '../context.js';

const context: Context = {
  runInAsyncScope: (callback, thisArg, ...args) => callback.apply(thisArg as ThisParameterType<typeof callback>, args),
};

export const captureContext = (_likely?: Context): Context => context;
