/**
 * Carefully written RxJS: one opening and one poll, shared by all. Each observer picks its own value out of every answer, and is
 * notified when it has changed.
 */
import { concat, defer, distinctUntilChanged, finalize, map, of, repeat, share, switchMap, timer } from 'rxjs';
import type { Contestant } from '../job.ts';
import { deleteSubscription, elementsOf, newId, openSubscription, readSubscription, statisticId, type Element } from '../wire.ts';

export const start: Contestant = ({ url, interval, definitions, observers, observe }) => {
  const id = newId();
  let removed: Promise<void> = Promise.resolve();

  const answers$ = defer(() => openSubscription(url, id, definitions)).pipe(
    switchMap((first) =>
      concat(
        of(first),
        timer(interval).pipe(
          switchMap(() => readSubscription(url, id)),
          repeat(),
        ),
      ).pipe(finalize(() => {
        removed = deleteSubscription(url, id);
      })),
    ),
    map((text) => new Map(elementsOf(text).map((element) => [element.statisticId, element]))),
    share(),
  );

  const subscriptions = Array.from({ length: observers }, (_, number) => {
    const own = statisticId(id, number % definitions.length);
    return answers$
      .pipe(
        map((elements) => elements.get(own) as Element),
        distinctUntilChanged((a, b) => a.value.intValue === b.value.intValue),
      )
      .subscribe(observe(number));
  });
  return {
    leave: () => subscriptions.forEach((subscription) => subscription.unsubscribe()),
    close: () => removed,
  };
};
