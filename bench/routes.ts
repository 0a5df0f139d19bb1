/** Routes values to observers by a Map from statisticId, as a program without a library does. Knows nothing of requests. */
import type { Observer, SetObserver, Task } from './job.ts';
import { statisticId, type Element } from './wire.ts';

export interface Routes {
  offer(element: Element): void;
  /** Called when every element of an answer has been offered. Only observers of sets need it. */
  answered?(): void;
}

interface Route {
  last: number | undefined;
  readonly observers: Observer[];
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
      const value = element.value.intValue;
      if (route === undefined || route.last === value) {
        return;
      }
      route.last = value;
      for (const observer of route.observers) {
        observer(element);
      }
    },
  };
}

interface SetRoute {
  readonly elements: Element[];
  readonly observer: SetObserver;
}

interface Place {
  readonly set: SetRoute;
  readonly index: number;
}

/** The same for observers of sets. */
export function createSetRoutes({ definitions, observers, observeSet }: Task, setSize: number, id: string): Routes {
  const sets = Array.from({ length: observers }, (_, number): SetRoute => ({ elements: [], observer: observeSet(number, setSize) }));
  const places = new Map<string, Place>();
  definitions.forEach((_, statistic) => {
    const set = sets[Math.floor(statistic / setSize)];
    if (set !== undefined) {
      places.set(statisticId(id, statistic), { set, index: statistic % setSize });
    }
  });
  const changed = new Set<SetRoute>();
  return {
    offer(element) {
      const place = places.get(element.statisticId);
      if (place === undefined || place.set.elements[place.index]?.value.intValue === element.value.intValue) {
        return;
      }
      place.set.elements[place.index] = element;
      changed.add(place.set);
    },
    answered() {
      for (const { elements, observer } of changed) {
        observer([...elements]);
      }
      changed.clear();
    },
  };
}
