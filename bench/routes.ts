/** Values to observers by a Map from statisticId, as a program without a library has it. Knows nothing of requests. */
import type { Observer, Task } from './job.ts';
import { statisticId, type Element } from './wire.ts';

interface Route {
  last: string | undefined;
  readonly observers: Observer[];
}

export interface Routes {
  offer(element: Element): void;
}

export function createRoutes({ definitions, observers, observe }: Task, id: string): Routes {
  const routes = new Map<string, Route>();
  definitions.forEach((_, index) => {
    const own: Observer[] = [];
    for (let number = index; number < observers; number += definitions.length) {
      own.push(observe(number));
    }
    routes.set(statisticId(id, index), { last: undefined, observers: own });
  });
  return {
    offer(element) {
      const route = routes.get(element.statisticId);
      const text = element.value.stringValue;
      if (route === undefined || route.last === text) {
        return;
      }
      route.last = text;
      for (const observer of route.observers) {
        observer(element);
      }
    },
  };
}
