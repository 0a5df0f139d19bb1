/**
 * Keeps an observer that throws from harming other observers or the client (G12). RxJS catches what `next`, `error` and
 * `complete` throw, but passes what a teardown throws (`finalize`, `add`) to the caller that completes the observer. One
 * such observer would keep the others from hearing the end, and `close()` from deleting what is open.
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

/** Reports what an observer has thrown to the host, as RxJS does with any error that nobody handles. */
export function reportUnhandledError(error: unknown): void {
  new Observable((subscriber) => subscriber.error(error)).subscribe();
}

/** The same stream, but its source never sees what its observers throw, and each is notified in the async context that it subscribed in. */
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
