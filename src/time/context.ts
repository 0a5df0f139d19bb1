/**
 * The async context of a caller: in Node, what `AsyncLocalStorage` carries. The client's loops run in the context it was made
 * in, and each observer is notified in its own (`#context` gives the platform's).
 */

export interface Context {
  /** Calls back in this context, as `this`, with arguments; returns what that returns. */
  runInAsyncScope<This, Args extends unknown[], Result>(callback: (this: This, ...args: Args) => Result, thisArg?: This, ...args: Args): Result;
}
