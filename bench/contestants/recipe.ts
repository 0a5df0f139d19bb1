/** The recipe of tutorials: for each statistic a timer, a request at each tick, and `share` for observers of the same statistic. */
import { distinctUntilChanged, share, switchMap, timer } from 'rxjs';
import type { Contestant } from '../job.ts';
import { peek } from '../wire.ts';

export const start: Contestant = ({ url, interval, definitions, observers, observe }) => {
  const statistics = definitions.map((definition) =>
    timer(0, interval).pipe(
      switchMap(() => peek(url, definition)),
      distinctUntilChanged((a, b) => a.value.intValue === b.value.intValue),
      share(),
    ),
  );
  const subscriptions = Array.from({ length: observers }, (_, number) => statistics[number % statistics.length]?.subscribe(observe(number)));
  return {
    leave: () => subscriptions.forEach((subscription) => subscription?.unsubscribe()),
    close: () => Promise.resolve(),
  };
};
