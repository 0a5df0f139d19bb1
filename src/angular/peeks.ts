/**
 * Reads first values on a server that renders a page: by peeks, all resources of one tick in one request, with one attempt. Opens no
 * subscription, and ends every request at the deadline. Knows no signal.
 */
import { ErrorHandler, NgZone, inject } from '@angular/core';
import { StatisticRejectedError, StatisticsApiError, StatisticsNetworkError, type StatisticRequest, type StatisticsClient, type StatisticValue } from '../index.js';
import { orThrow } from './failure.js';
import { STABILITY } from './stability.js';
import { CLIENT } from './statistics-client.js';
import type { Target } from './target.js';

interface Asked {
  readonly target: Target;
  readonly requests: readonly StatisticRequest[];
  /** Called with a value or a snapshot. */
  readonly next: (given: unknown) => void;
  /** Whether nobody waits for it any more. */
  isOver: boolean;
  /** Ends the request if nobody else waits for it. */
  leave: () => void;
  done: () => void;
}

/** Reads the values of a target. Returns a function that ends the wait for them. */
export type Peek = (target: Target, next: (given: unknown) => void) => () => void;

export function createPeeks(): Peek {
  const client = orThrow(inject(CLIENT));
  const stability = inject(STABILITY);
  const zone = inject(NgZone);
  const errorHandler = inject(ErrorHandler);
  let asked: Asked[] = [];

  function flush(): void {
    const now = asked.filter(({ isOver }) => !isOver);
    asked = [];
    zone.runOutsideAngular(() => ask(client, now, (error) => errorHandler.handleError(error)));
  }

  return (target, next) => {
    const requests: readonly StatisticRequest[] = Object.values(target.set);
    if (requests.some(({ name }) => typeof name !== 'string')) {
      // An inline definition cannot be peeked at.
      return () => undefined;
    }
    // Only checks the arguments, and sends nothing, so that a mistake concerns one resource and not the common request.
    void client.peekAll$(target.set);
    const one: Asked = { target, requests, next, isOver: false, leave: () => undefined, done: () => undefined };
    const end = (): void => {
      one.isOver = true;
      one.done();
      one.leave();
    };
    one.done = stability.wait(end);
    // After the deadline, `wait` has already ended it.
    if (!one.isOver && asked.push(one) === 1) {
      queueMicrotask(flush);
    }
    return end;
  };
}

/** Reads all targets in one request. If the server refuses some of them, repeats the request without those. */
function ask(client: StatisticsClient, asked: readonly Asked[], report: (error: unknown) => void): void {
  if (asked.length === 0) {
    return;
  }
  const subscription = client.peekAll$(asked.flatMap(({ requests }) => requests)).subscribe({
    next: (values) => {
      let at = 0;
      for (const { isOver, target, requests, next } of asked) {
        const own = values.slice(at, (at += requests.length));
        if (!isOver) {
          next(arranged(target, own));
        }
      }
    },
    error: (error: unknown) => {
      const unknown = error instanceof StatisticRejectedError ? error.definitions.map(identityOf) : [];
      if (unknown.length === 0 && !mayHeal(error)) {
        report(error);
      }
      const rest = asked.filter(({ isOver, requests }) => !isOver && unknown.length > 0 && !requests.some((request) => unknown.includes(identityOf(request))));
      asked.filter((one) => !rest.includes(one)).forEach(({ done }) => done());
      if (rest.length < asked.length) {
        ask(client, rest, report);
      }
    },
    complete: () => asked.forEach(({ done }) => done()),
  });
  for (const one of asked) {
    one.leave = () => {
      if (asked.every(({ isOver }) => isOver)) {
        subscription.unsubscribe();
      }
    };
  }
}

/** Whether a later request from the browser may succeed. If not, an operator must act, and should learn it here. */
function mayHeal(error: unknown): boolean {
  return error instanceof StatisticsApiError ? error.httpStatus >= 500 || [408, 425, 429].includes(error.httpStatus) : error instanceof StatisticsNetworkError && error.kind !== 'untrusted';
}

function arranged({ set, isSingle }: Target, values: readonly StatisticValue[]): unknown {
  return isSingle ? values[0] : Array.isArray(set) ? values : Object.fromEntries(Object.keys(set).map((key, index) => [key, values[index]]));
}

const identityOf = ({ name, objectId, objectType }: StatisticRequest): string => JSON.stringify([name, objectId, objectType]);
