/**
 * The endpoints for programs: `client.api`. Owns the checks of their arguments, the rejection of calls after `close()`, and the
 * renewal of a refused token. Knows nothing of paths and bodies.
 */
import { readDefinition, readText } from '../model/definition.js';
import { expected, StatisticsError } from '../model/errors.js';
import type { CallOptions, OpenStatistic, PeekStatistic, ReadOptions, StatisticsApi } from './api.js';
import type { Credentials } from './credentials.js';
import { isRecord } from './envelope.js';

/** The same endpoints, but they reject once the client is closed. After a 401, the next call has another token, if there is one. */
export function publicApi(api: StatisticsApi, credentials: Pick<Credentials, 'renew'>, isClosed: () => boolean): StatisticsApi {
  /** Turns every error of a call into a rejection, including errors about its arguments. */
  async function guarded<R>(call: () => Promise<R>): Promise<R> {
    if (isClosed()) {
      throw new StatisticsError('the client is closed');
    }
    try {
      return await call();
    } catch (error) {
      // A call makes one attempt only, so a 401 renews the token for the next call.
      await credentials.renew(error);
      throw error;
    }
  }

  return Object.freeze<StatisticsApi>({
    openSubscription: (id, statistics, options) => guarded(async () => api.openSubscription(id, readList(statistics, readOpen), readCall(options))),
    readSubscription: (id, read, options) => guarded(async () => api.readSubscription(id, readRead(read), readCall(options))),
    closeSubscription: (id, options) => guarded(async () => api.closeSubscription(id, readCall(options))),
    getStatistic: (name, object, options) => guarded(async () => api.getStatistic(name, readRecord(object, 'object', 'an object with objectId and objectType'), readCall(options))),
    getStatistics: (statistics, options) => guarded(async () => api.getStatistics(readList(statistics, readPeek), readCall(options))),
  });
}

function readRecord<T extends object>(given: T, option: string, what: string): T {
  if (!isRecord(given)) {
    throw expected(option, given, what);
  }
  return given;
}

function readList<T extends object>(given: readonly T[], read: (each: T, where: string) => T): readonly T[] {
  if (!Array.isArray(given)) {
    throw expected('statistics', given, 'an array of statistics');
  }
  return Array.from(given as readonly T[], (each, index) => read(readRecord(each, `statistics[${index}]`, 'an object with objectId and objectType'), `statistics[${index}]`));
}

function readOpen(statistic: OpenStatistic, where: string): OpenStatistic {
  const { name, definition, objectId, objectType } = readDefinition(statistic, where);
  return { statisticId: statistic.statisticId, name, definition, objectId, objectType };
}

function readPeek({ name, objectId, objectType }: PeekStatistic, where: string): PeekStatistic {
  return { name: readText(name, `${where}.name`), objectId: readText(objectId, `${where}.objectId`), objectType: readText(objectType, `${where}.objectType`) };
}

function readRead(given: ReadOptions | undefined): ReadOptions | undefined {
  const { statisticIds, verbose } = (readCall(given, 'read') ?? {}) as { statisticIds?: unknown; verbose?: unknown };
  if (statisticIds !== undefined && !(Array.isArray(statisticIds) && statisticIds.length > 0)) {
    throw expected('read.statisticIds', statisticIds, 'a non-empty array of ids, or left out');
  }
  if (verbose !== undefined && verbose !== 'OFF' && verbose !== 'INFO') {
    throw expected('read.verbose', verbose, `'OFF' or 'INFO'`);
  }
  return given;
}

function readCall<T extends CallOptions>(given: T | undefined, where = 'options'): T | undefined {
  if (given === undefined) {
    return undefined;
  }
  const { signal } = readRecord(given, where, 'an object') as { signal?: unknown };
  if (signal !== undefined && !isSignal(signal)) {
    throw expected(`${where}.signal`, signal, 'an AbortSignal');
  }
  return given;
}

/** Checks the shape instead of the class, because a signal may come from another realm. */
function isSignal(given: unknown): boolean {
  const { aborted, addEventListener } = (given ?? {}) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}
