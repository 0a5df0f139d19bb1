/** Publishes a client's reports on Node's diagnostics channels. Knows nothing of their subscribers. */
import { channel } from 'node:diagnostics_channel';
import { isObservable, noop } from 'rxjs';
import { unfit } from '../checks/arguments.js';
import type { StatisticsClient } from '../index.js';

/** The members of a client that are published. */
export type ReportingClient = Pick<StatisticsClient, 'events$' | 'health$'>;

/**
 * Publishes `events$` on the channel `genesys-statistics-rx:event`, and `health$` on `genesys-statistics-rx:health`, for loggers
 * and tracing that do not know the client. The message is the event, or the health, itself.
 *
 * It sends no request and does not keep the process alive. It ends when the client is closed, or when the returned function is
 * called. With several clients, the channels carry the reports of all.
 *
 * @throws StatisticsOptionError if the argument is not a client.
 *
 * @example
 * publishDiagnostics(client);
 * subscribe('genesys-statistics-rx:event', (event) => logger.info(event));
 */
export function publishDiagnostics(client: ReportingClient): () => void {
  const { events$, health$ } = readClient(client);
  const [events, health] = [channel('genesys-statistics-rx:event'), channel('genesys-statistics-rx:health')];
  const published = events$.subscribe({ next: (event) => events.publish(event), error: noop });
  published.add(health$.subscribe({ next: (state) => health.publish(state), error: noop }));
  return () => published.unsubscribe();
}

/** @throws StatisticsOptionError if an object lacks `events$` or `health$`. */
export function readClient<C extends ReportingClient>(client: C): C {
  const given = client as Partial<ReportingClient> | null | undefined;
  if (!isObservable(given?.events$) || !isObservable(given.health$)) {
    throw unfit('client', client, 'a client with events$ and health$');
  }
  return client;
}
