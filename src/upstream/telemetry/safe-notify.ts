/**
 * What an observer throws harms no other (G12), and not us. RxJS keeps what `next`, `error` and `complete` throw; what a
 * teardown throws (`finalize`, `add`) it passes on to whoever completes the observer. Without this, one such observer would
 * keep those behind it from hearing the end, and `close()` from deleting what is open.
 */
import { Observable } from 'rxjs';

/** Tells each of them, whatever the others throw. */
export function notifyEach<T>(observers: Iterable<T>, tell: (observer: T) => void): void {
  for (const observer of observers) {
    try {
      tell(observer);
    } catch (error) {
      reportUnhandledError(error);
    }
  }
}

/** Tells the host of what an observer has thrown, as RxJS does of any error that nobody handles. */
export function reportUnhandledError(error: unknown): void {
  new Observable((subscriber) => subscriber.error(error)).subscribe();
}

/** The same stream, whose source is told of nothing that its observers throw. */
export function safe<T>(source$: Observable<T>): Observable<T> {
  return new Observable((subscriber) =>
    source$.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );
}
