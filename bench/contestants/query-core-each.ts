/** @tanstack/query-core with a query for each statistic, as `useQuery` invites to: one request each. */
import type { Contestant } from '../job.ts';
import { createQueries, type Kept } from '../queries.ts';
import { peek } from '../wire.ts';

export const start: Contestant = ({ url, interval, definitions, observers, observe }) => {
  const queries = createQueries();
  for (let number = 0; number < observers; number++) {
    const definition = definitions[number % definitions.length] as (typeof definitions)[number];
    const queryFn = async (): Promise<Kept> => ({ value: (await peek(url, definition)).value });
    queries.observe({ queryKey: [definition.name, definition.objectId, definition.objectType], queryFn }, observe(number));
  }
  return queries.run(interval, () => Promise.resolve());
};
