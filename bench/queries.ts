/**
 * What both ways of using query-core have in common: a client that leaves the when to us, polled again and again at an
 * interval from the end of the last poll, and observers that hear of data only. Knows nothing of what is queried.
 */
import { QueryClient, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core';
import type { Observer, Running, Value } from './job.ts';

/** What a query keeps of a statistic: without its own timestamp, which moves when its value does not. */
export interface Kept {
  readonly value: Value;
}

export interface Queries {
  observe<T>(options: QueryObserverOptions<T, Error, Kept, T>, observer: Observer): void;
  /** @param close - once all have left. */
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
      // Its observers began the first fetch.
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
