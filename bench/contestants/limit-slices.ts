/**
 * No library either, but parses only elements whose text differs from the last one's. Assumes that the server always sends
 * the elements in one order, without spaces, each ending in two braces.
 */
import type { Contestant } from '../job.ts';
import { runLoop } from '../loop.ts';
import { createRoutes } from '../routes.ts';
import { deleteSubscription, newId, openSubscription, readSubscription, type Element } from '../wire.ts';

const listOpens = '"statistics":[';

export const start: Contestant = (task) => {
  const id = newId();
  const routes = createRoutes(task, id);
  let last = '';
  /** Where each element of the last text begins and ends. */
  let starts = new Uint32Array(task.definitions.length);
  let ends = new Uint32Array(task.definitions.length);
  let nextStarts = new Uint32Array(task.definitions.length);
  let nextEnds = new Uint32Array(task.definitions.length);

  function take(text: string): void {
    if (text === last) {
      return;
    }
    let at = text.indexOf(listOpens) + listOpens.length;
    for (let index = 0; index < starts.length; index++) {
      const [from = 0, to = 0] = [starts[index], ends[index]];
      let end = at + to - from;
      if (to === 0 || text.slice(at, end) !== last.slice(from, to)) {
        end = text.indexOf('}}', at) + 2;
        routes.offer(JSON.parse(text.slice(at, end)) as Element);
      }
      nextStarts[index] = at;
      nextEnds[index] = end;
      at = end + 1;
    }
    last = text;
    [starts, nextStarts] = [nextStarts, starts];
    [ends, nextEnds] = [nextEnds, ends];
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
