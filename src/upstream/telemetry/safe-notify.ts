/**
 * Keeps an observer that throws from harming other observers or the client (G12). RxJS catches errors thrown by `next`, `error`
 * and `complete`, but an error thrown by a teardown (`finalize`, `add`) reaches the code that completes the observer. Without this
 * file, one such error would stop the other observers from completing, and `close()` from deleting subscriptions.
 */
import { Observable } from 'rxjs';
import { captureContext } from '#context';

/** Calls `notify` for each observer, even if it throws for some of them. */
export function notifyEach<T>(observers: Iterable<T>, notify: (observer: T) => void): void {
  for (const observer of observers) {
    try {
      notify(observer);
    } catch (error) {
      reportUnhandledError(error);
    }
  }
}

/** Reports an error thrown by an observer to the host, as RxJS does with any unhandled error. */
export function reportUnhandledError(error: unknown): void {
  new Observable((subscriber) => subscriber.error(error)).subscribe();
}

/** The same stream, but errors that observers throw never reach the source. Each observer runs in the async context of its `subscribe`. */
export function safe<T>(source$: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    const context = captureContext();
    return source$.subscribe({
      next: (value) => context.runInAsyncScope(subscriber.next, subscriber, value),
      error: (error: unknown) => context.runInAsyncScope(subscriber.error, subscriber, error),
      complete: () => context.runInAsyncScope(subscriber.complete, subscriber),
    });
  });
}
