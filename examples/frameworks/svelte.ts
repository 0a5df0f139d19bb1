// For Svelte an observable is a store already: in a component, `$waiting` subscribes, and unsubscribes when it is destroyed.
import type { Observable } from 'rxjs';
import type { Readable } from 'svelte/store';

/** Only for TypeScript, and for `get` of `svelte/store`; the component needs nothing but `const waiting = statistic$(...)`. */
export function asStore<T>(stream$: Observable<T>): Readable<T | undefined> {
  return {
    subscribe(run) {
      const subscription = stream$.subscribe(run);
      return () => subscription.unsubscribe();
    },
  };
}
