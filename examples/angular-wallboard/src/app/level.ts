/** The level of a number as a signal, with hysteresis: `threshold` of `genesys-statistics-rx/kpi` for templates. */
import { computed, type Signal } from '@angular/core';
import { Subject } from 'rxjs';
import { threshold, type ThresholdLevel, type ThresholdOptions } from 'genesys-statistics-rx/kpi';

/** Without a number, the level stays as it is. */
export function levelOf(number: () => number | null | undefined, options: ThresholdOptions): Signal<ThresholdLevel> {
  const numbers = new Subject<number | null>();
  let level: ThresholdLevel = 'normal';
  // Needs no unsubscribe: the private subject and its subscription are garbage-collected together.
  numbers.pipe(threshold(options)).subscribe((next) => (level = next));
  return computed(() => {
    numbers.next(number() ?? null);
    return level;
  });
}
