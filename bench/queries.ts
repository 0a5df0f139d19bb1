/**
 * The common part of both ways to use query-core: a client that is polled at an interval from the end of the last poll, and observers
 * that are notified of data only. Knows nothing of the queries.
 */
import { QueryClient, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core';
import type { Observer, Running, Value } from './job.ts';

/** The part of a statistic that a query keeps. Its own timestamp is left out, since it moves even if its value does not. */
export interface Kept {
  readonly value: Value;
}

export interface Queries {
  observe<T>(options: QueryObserverOptions<T, Error, Kept, T>, observer: Observer): void;
  /** @param close - called once all observers have left. */
  run(interval: number, close: () => Promise<void>): Running;
}

export function createQueries(): Queries {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } });
  const leaving: (() => void)[] = [];

  return {
    observe(options, observer) {
      const query = new QueryObserver(client, { ...options, notifyOnChangeProps: ['data'] });
      leaving.push(
        query.subscribe(({ data }) => {
          if (data !== undefined) {
            observer(data);
          }
        }),
      );
    },
    run(interval, close) {
      let timer: NodeJS.Timeout | undefined;
      let left = false;
      const isLeft = (): boolean => left;

      async function poll(): Promise<void> {
        await client.refetchQueries({}, { throwOnError: true });
        arm();
      }
      function arm(): void {
        if (!isLeft()) {
          timer = setTimeout(() => void poll(), interval);
        }
      }
      // The observers started the first fetch.
      void client.refetchQueries({}, { cancelRefetch: false, throwOnError: true }).then(arm);
      return {
        leave() {
          left = true;
          clearTimeout(timer);
          leaving.forEach((leave) => leave());
        },
        async close() {
          await client.cancelQueries();
          client.clear();
          await close();
        },
      };
    },
  };
}
