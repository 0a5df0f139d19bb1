/** The vendor's own client, which knows requests only: the poll loop and the routes are the program's. */
import { createRequire } from 'node:module';
import type { Contestant } from '../job.ts';
import { runLoop } from '../loop.ts';
import { createRoutes } from '../routes.ts';
import { describe, newId, type Element } from '../wire.ts';

/** The part of the client that is used. The package has no types. */
interface VendorClient {
  initialize(token: string): Promise<unknown>;
  createSubscription(operationId: string, statistics: readonly object[]): Promise<Answer>;
  peekSubscriptionStats(id: string, statisticIds: readonly string[], verbose: boolean): Promise<Answer>;
  deleteSubscription(id: string): Promise<unknown>;
  destroy(): void;
}

interface Answer {
  readonly data: { readonly statistics: readonly Element[] };
}

const VendorClient = createRequire(import.meta.url)('genesys-statistics-client-js') as new (apiKey: string, host: string) => VendorClient;

export const start: Contestant = (task) => {
  const id = newId();
  const routes = createRoutes(task, id);
  // The client adds the base path itself.
  const client = new VendorClient('key', new URL(task.url).origin);

  function take({ data }: Answer): void {
    for (const element of data.statistics) {
      routes.offer(element);
    }
  }

  return runLoop(task.interval, {
    async open() {
      await client.initialize('token');
      take(await client.createSubscription(id, describe(id, task.definitions)));
    },
    async poll() {
      take(await client.peekSubscriptionStats(id, [], false));
    },
    async remove() {
      await client.deleteSubscription(id);
      client.destroy();
    },
  });
};
