/**
 * `peek$` and `peekAll$`: current values without a server-side subscription, as streams that emit once. Owns the requests that
 * are under way, so that unsubscribing and `close()` abort them.
 */
import { Observable } from 'rxjs';
import { readStatistic } from './arguments.js';
import { describe, requestOf, type Definition } from './model/definition.js';
import { expected, reasonToEnd, StatisticRejectedError } from './model/errors.js';
import { toValue } from './model/reading.js';
import { readSet, type Snapshot, type StatisticSet } from './model/snapshot.js';
import type { StatisticObject, StatisticValue } from './model/statistic.js';
import { peek } from './upstream/fallback/peek.js';
import { readName, type WireApi } from './wire/api.js';
import { withRenewedToken, type Credentials } from './wire/credentials.js';

export interface Peeks {
  one(name: string, object: StatisticObject): Observable<StatisticValue>;
  all<const S extends StatisticSet<S>>(definitions: S): Observable<Snapshot<S>>;
  /** Aborts the peeks that are under way. */
  close(): void;
}

/** @param isClosed - whether the client is closed. Then every peek completes without a value. */
export function createPeeks(api: WireApi, credentials: Credentials, isClosed: () => boolean): Peeks {
  const pending = new Set<AbortController>();

  /** A stream of one request, repeated once with a renewed token. Unsubscribing and `close()` abort the request. */
  function peeked<T>(request: (signal: AbortSignal) => Promise<T>): Observable<T> {
    return new Observable<T>((subscriber) => {
      if (isClosed()) {
        subscriber.complete();
        return;
      }
      const controller = new AbortController();
      pending.add(controller);
      subscriber.add(() => {
        pending.delete(controller);
        controller.abort(reasonToEnd('nobody is subscribed any more'));
      });
      withRenewedToken(credentials, () => request(controller.signal), controller.signal).then(
        (value) => {
          subscriber.next(value);
          subscriber.complete();
        },
        (error: unknown) => {
          if (isClosed()) {
            subscriber.complete();
          } else {
            subscriber.error(error);
          }
        },
      );
    });
  }

  return {
    one(name, object) {
      const definition = readConfigured(readStatistic(name, object), 'name');
      // The name becomes a segment of the URL's path, which restricts it further.
      readName(definition.name);
      return peeked((signal) => api.getStatistic(definition.name, definition, { signal }));
    },
    all(definitions) {
      const { members, arrange } = readSet(definitions);
      const configured = members.map((member) => readConfigured(member, 'definitions'));
      return peeked(async (signal) => {
        const unique = [...new Map(configured.map((member) => [member.key, member])).values()];
        const answered = await peek(api, unique, signal);
        const byKey = new Map(unique.map((definition, index) => [definition.key, toValue(definition, answered[index] ?? {})]));
        const missing = unique.filter((_, index) => answered[index] === undefined);
        if (missing.length > 0) {
          throw new StatisticRejectedError(`${missing.map(describe).join(', ')}: not returned by the server`, missing.map(requestOf));
        }
        return arrange(members.flatMap(({ key }) => byKey.get(key) ?? []));
      });
    },
    close() {
      pending.forEach((controller) => controller.abort(reasonToEnd('the client is closed')));
    },
  };
}

/** Only statistics that are configured on the server can be peeked at. */
function readConfigured(definition: Definition, option: string): Definition & { readonly name: string } {
  const { name } = definition;
  if (name === undefined) {
    throw expected(option, definition.definition, 'the name of a configured statistic: an inline definition cannot be peeked at');
  }
  return { ...definition, name };
}
