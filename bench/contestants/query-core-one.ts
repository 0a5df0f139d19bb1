/** @tanstack/query-core with one query for all statistics, out of which each observer selects its own. */
import type { Contestant } from '../job.ts';
import { createQueries, type Kept } from '../queries.ts';
import { deleteSubscription, elementsOf, newId, openSubscription, readSubscription, statisticId } from '../wire.ts';

type All = Readonly<Record<string, Kept>>;

export const start: Contestant = ({ url, interval, definitions, observers, observe }) => {
  const id = newId();
  let opened = false;

  async function fetchAll(): Promise<All> {
    const text = await (opened ? readSubscription(url, id) : openSubscription(url, id, definitions));
    opened = true;
    return Object.fromEntries(elementsOf(text).map((element) => [element.statisticId, { value: element.value }]));
  }

  const queries = createQueries();
  for (let number = 0; number < observers; number++) {
    const own = statisticId(id, number % definitions.length);
    queries.observe({ queryKey: ['statistics'], queryFn: fetchAll, select: (all: All) => all[own] as Kept }, observe(number));
  }
  return queries.run(interval, async () => {
    if (opened) {
      await deleteSubscription(url, id);
    }
  });
};
