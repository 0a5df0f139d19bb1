/** The endpoints as a program is given them: `client.api`. Owns what becomes of them once the client is closed, or its token refused. */
import { StatisticsError } from '../model/errors.js';
import type { StatisticsApi } from './api.js';
import type { Credentials } from './credentials.js';

/** The same endpoints, which reject once the client is closed; after a 401 the next call has another token, if there is one. */
export function publicApi(api: StatisticsApi, credentials: Pick<Credentials, 'renew'>, isClosed: () => boolean): StatisticsApi {
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isClosed()) {
        throw new StatisticsError('the client is closed');
      }
      try {
        return await call(...args);
      } catch (error) {
        // One attempt each: a 401 renews the token for the next call only.
        await credentials.renew(error);
        throw error;
      }
    };
  return Object.freeze({
    openSubscription: guard(api.openSubscription),
    readSubscription: guard(api.readSubscription),
    closeSubscription: guard(api.closeSubscription),
    getStatistic: guard(api.getStatistic),
    getStatistics: guard(api.getStatistics),
  });
}
