/**
 * The async contexts of a fleet client, as an ordinary client keeps them: its loops run in the context that it was made in, and
 * each observer is notified in the one that it subscribed in (F162).
 */
import { Observable } from 'rxjs';
import { captureContext } from '#context';
import type { FeedObserver } from './feed.js';

/** Runs a function in the context that the client was made in. */
export type InOwnContext = <Args extends unknown[], Result>(work: (...args: Args) => Result, ...args: Args) => Result;

/** The present context, to return to later. */
export function keepOwnContext(): InOwnContext {
  const own = captureContext();
  return (work, ...args) => own.runInAsyncScope(work, undefined, ...args);
}

/** The same observer, called in the present context. */
export function inPresentContext(observer: FeedObserver): FeedObserver {
  const context = captureContext();
  return {
    get wantsUnchanged() {
      return observer.wantsUnchanged;
    },
    get interval() {
      return observer.interval;
    },
    value: (...given) => context.runInAsyncScope(observer.value, observer, ...given),
    state: (...given) => context.runInAsyncScope(observer.state, observer, ...given),
    fail: (...given) => context.runInAsyncScope(observer.fail, observer, ...given),
    complete: () => context.runInAsyncScope(observer.complete, observer),
  };
}

/**
 * The same stream, which notifies each observer in the context that it subscribed in. The client does the same for its own streams, by
 * code that no entry can see: ten lines are no reason to make the public surface wider.
 */
export function notifyInContext<T>(stream$: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const context = captureContext();
    return stream$.subscribe({
      next: (value) => context.runInAsyncScope(subscriber.next, subscriber, value),
      error: (error: unknown) => context.runInAsyncScope(subscriber.error, subscriber, error),
      complete: () => context.runInAsyncScope(subscriber.complete, subscriber),
    });
  });
}
