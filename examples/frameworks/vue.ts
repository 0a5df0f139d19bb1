// A composable for Vue: the latest item of a stream, for as long as the component, or any other scope, lives.
import type { Observable } from 'rxjs';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

export function useStream<T>(stream$: Observable<T>): Readonly<ShallowRef<T | undefined>> {
  const latest = shallowRef<T>();
  const subscription = stream$.subscribe((item) => (latest.value = item));
  onScopeDispose(() => subscription.unsubscribe());
  return latest;
}
