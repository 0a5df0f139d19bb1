// A hook for React: the latest item of a stream, for as long as the component is mounted.
import { useMemo, useSyncExternalStore } from 'react';
import type { Observable } from 'rxjs';

/** `stream$` must be the same from render to render: make it outside of the component, or by `useMemo`. */
export function useStream<T>(stream$: Observable<T>): T | undefined {
  const { subscribe, latest } = useMemo(() => createStore(stream$), [stream$]);
  return useSyncExternalStore(subscribe, latest, () => undefined);
}

/** A store per stream: another stream never shows the last item of the one before. */
function createStore<T>(stream$: Observable<T>): { subscribe: (changed: () => void) => () => void; latest: () => T | undefined } {
  let item: T | undefined;
  return {
    subscribe(changed) {
      const subscription = stream$.subscribe((next) => {
        item = next;
        changed();
      });
      return () => subscription.unsubscribe();
    },
    latest: () => item,
  };
}
