/** The client of a running command, and the server behind it. Closes both, however the command ends. */
import { createStatisticsClient, type StatisticsClient, type StatisticsClientOptions } from '../index.js';
import type { CommandContext } from './arguments/command.js';
import type { Given } from './arguments/option.js';
import type { LiveOptions } from './live/live.js';
import { inOptions, openServer, type pollOptions, type Server, type serverOptions } from './server.js';

export interface Session extends LiveOptions {
  readonly client: StatisticsClient;
  readonly server: Server;
}

type SessionOptions = Given<typeof serverOptions> & Partial<Given<typeof pollOptions>>;

/**
 * Calls `work` with a client of the server that the options name.
 *
 * @throws UsageError for an option that the client refuses
 */
export async function withClient<T>(
  given: SessionOptions, context: CommandContext, work: (session: Session) => Promise<T>, more: Partial<StatisticsClientOptions> = {},
): Promise<T> {
  return withServer(await openServer(given, context), given, work, more);
}

export async function withServer<T>(
  server: Server, given: SessionOptions, work: (session: Session) => Promise<T>, more: Partial<StatisticsClientOptions> = {},
): Promise<T> {
  try {
    const interval = given.interval ?? (server.isDemo ? 1000 : 5000);
    const maxInterval = Math.min(interval * 5, 2 ** 31 - 1);
    const staleAfter = maxInterval * 2 + 10_000;
    const client = createClient({ ...server.options, poll: { interval, maxInterval, staleAfter }, ...more }, given);
    try {
      return await work({ client, server, staleAfter, isTokenRenewable: server.isTokenRenewable });
    } finally {
      await client.close();
    }
  } finally {
    await server.close();
  }
}

function createClient(options: StatisticsClientOptions, given: SessionOptions): StatisticsClient {
  try {
    return createStatisticsClient(options);
  } catch (error) {
    throw inOptions(error, given);
  }
}
