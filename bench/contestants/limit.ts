/** No library at all: one opening, one `fetch` for each poll, JSON.parse, a Map by statisticId, direct callbacks. */
import type { Contestant } from '../job.ts';
import { runLoop } from '../loop.ts';
import { createRoutes, createSetRoutes } from '../routes.ts';
import { deleteSubscription, elementsOf, newId, openSubscription, readSubscription } from '../wire.ts';

export const start: Contestant = (task) => {
  const id = newId();
  const routes = task.setSize === undefined ? createRoutes(task, id) : createSetRoutes(task, task.setSize, id);

  function take(text: string): void {
    for (const element of elementsOf(text)) {
      routes.offer(element);
    }
    routes.answered?.();
  }

  return runLoop(task.interval, {
    async open() {
      take(await openSubscription(task.url, id, task.definitions));
    },
    async poll() {
      take(await readSubscription(task.url, id));
    },
    remove: () => deleteSubscription(task.url, id),
  });
};
