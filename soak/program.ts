/**
 * The program of the soak: joins and leaves at random, a hundred times a second, and believes nothing it is told before
 * it has looked at it. Owns who observes what and for how long. Knows nothing of the server.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Observable, Subscription } from 'rxjs';
import type { StatisticsClient, StatisticRequest, StatisticValue } from 'genesys-statistics-rx';
import type { Chance } from './chance.ts';

/** What came of the program so far. */
export interface Doings {
  readonly joined: number;
  readonly values: number;
  readonly errors: number;
  /** What nobody may ever be told. */
  readonly wrong: readonly string[];
}

export interface Program {
  readonly doings: Doings;
  /** Joins and leaves for so many milliseconds. */
  run(milliseconds: number): Promise<void>;
  /** Joins to stay. */
  settle(): void;
  /** Whether all who joined to stay have been shown something. */
  readonly isServed: boolean;
  leaveAll(): void;
}

const pad = (number: number): string => String(number).padStart(4, '0');

const agents = Array.from({ length: 100 }, (_, index) => ({ objectId: `agent${pad(index + 1)}`, objectType: 'Agent' }));
const queues = Array.from({ length: 30 }, (_, index) => ({ objectId: `Queue${pad(index + 1)}@SIP`, objectType: 'Queue' }));
const statistics: readonly StatisticRequest[] = [
  ...agents.flatMap((agent) => ['CurrentAgentState', 'InboundCalls', 'TalkDuration'].map((name) => ({ name, ...agent }))),
  ...queues.flatMap((queue) => ['Current_In_Queue', 'Total_Answered', 'ServiceLevel'].map((name) => ({ name, ...queue }))),
  ...queues.map((queue) => ({ definition: { category: 'CurrentMaxTime', subject: 'DNAction', mainMask: 'CallWait', notificationMode: 'Immediate' }, ...queue })),
];

/** Milliseconds from one join to the next, and most of them for which somebody stays. */
const pause = 10;
const longestStay = 4000;
const settlers = 50;

export function createProgram({ statistic$, statisticState$, subscription$, peek$ }: StatisticsClient, chance: Chance): Program {
  const observers = new Set<Subscription>();
  /** Those who stay and have been shown nothing yet. */
  const unserved = new Set<object>();
  const wrong: string[] = [];
  const doings = { joined: 0, values: 0, errors: 0, wrong };

  function join(): void {
    const request = chance.oneOf(statistics);
    const { objectId, objectType } = request;
    const what = request.name ?? request.definition;
    switch (chance.below(10)) {
      case 0:
        observe(statisticState$(what, { objectId, objectType }), ({ value }) => value === undefined || isOf(request, value));
        break;
      case 1: {
        const members = Array.from({ length: 1 + chance.below(4) }, () => chance.oneOf(statistics));
        observe(subscription$(members), (values) => values.length === members.length && values.every((value, index) => isOf(members[index], value)));
        break;
      }
      case 2:
        observe(request.definition === undefined && typeof what === 'string' ? peek$(what, { objectId, objectType }) : statistic$(what, { objectId, objectType }), (value) => isOf(request, value));
        break;
      default:
        observe(statistic$(what, { objectId, objectType }), (value) => isOf(request, value));
    }
  }

  /** @param stay - milliseconds. */
  function observe<T>(stream$: Observable<T>, isRight: (value: T) => boolean, stay = chance.next() ** 2 * longestStay): void {
    let left = false;
    doings.joined++;
    const self = {};
    if (stay === Infinity) {
      unserved.add(self);
    }
    const subscription = stream$.subscribe({
      next(value) {
        doings.values++;
        unserved.delete(self);
        if (left || !isRight(value)) {
          wrong.push(`${left ? 'after leaving: ' : ''}${JSON.stringify(value)}`);
        }
      },
      error: () => doings.errors++,
    });
    const timer = stay === Infinity ? undefined : setTimeout(() => subscription.unsubscribe(), stay);
    observers.add(subscription);
    subscription.add(() => {
      left = true;
      clearTimeout(timer);
      unserved.delete(self);
      observers.delete(subscription);
    });
  }

  return {
    doings,
    async run(milliseconds) {
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        join();
        await wait(pause);
      }
    },
    settle() {
      for (let settler = 0; settler < settlers; settler++) {
        const request = chance.oneOf(statistics);
        observe(statistic$(request.name ?? request.definition, request), (value) => isOf(request, value), Infinity);
      }
    },
    get isServed() {
      return unserved.size === 0;
    },
    leaveAll() {
      observers.forEach((subscription) => subscription.unsubscribe());
    },
  };
}

function isOf(request: StatisticRequest | undefined, { objectId, objectType, name }: StatisticValue): boolean {
  return objectId === request?.objectId && objectType === request.objectType && name === request.name;
}
