/**
 * The async context of a caller: in Node, the stores of `AsyncLocalStorage`. The client's loops run in the context in which the
 * client was created, and each observer runs in the context of its `subscribe`. `#context` is the platform's implementation.
 */

export interface Context {
  /** Calls `callback` in this context, with `thisArg` and the arguments. Returns its result. */
  runInAsyncScope<This, Args extends unknown[], Result>(callback: (this: This, ...args: Args) => Result, thisArg?: This, ...args: Args): Result;
}

/** Calls `callback` in a context; without one, in the present context. */
export function inContext<This, Args extends unknown[], Result>(context: Context | undefined, callback: (this: This, ...args: Args) => Result, thisArg: This, ...args: Args): Result {
  return context === undefined ? callback.apply(thisArg, args) : context.runInAsyncScope(callback, thisArg, ...args);
}
