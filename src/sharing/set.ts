/**
 * `subscription$`: a set of definitions in an upstream of its own, whose every emission comes from one answer (G6). Owns
 * the memory of a set, shared by all who ask for the same definitions in whatever arrangement.
 */
import { dequal } from 'dequal/lite';
import { StatisticRejectedError, type StatisticsError } from '../model/errors.js';
import { describe, requestOf, type Definition } from '../model/definition.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Monitor } from '../upstream/monitor.js';
import type { SourceHandle } from '../upstream/source.js';
import { saidNo } from '../upstream/verdict.js';
import { isOlder } from './cell.js';
import type { GroupDeps } from './group.js';

/** Somebody who watches a set: is given its values in the order that {@link Sets.join} was given the members. */
export interface SetWatcher {
  next(values: readonly StatisticValue[]): void;
  error(error: StatisticsError): void;
  complete(): void;
}

export interface Sets {
  /** Watches a set; the watcher is told the present at once. Returns how to leave. */
  join(members: readonly Definition[], watcher: SetWatcher): () => void;
  refresh(): void;
  /** Completes every watcher and closes every upstream. */
  close(): void;
}

interface Room {
  join(members: readonly Definition[], watcher: SetWatcher): () => void;
  readonly handle: SourceHandle;
  close(): void;
}

export function createSets(deps: GroupDeps & { readonly monitor: Monitor }): Sets {
  const rooms = new Map<string, Room>();

  return {
    join(members, watcher) {
      const unique = [...new Map(members.map((member) => [member.key, member])).values()];
      unique.sort((a, b) => (a.key < b.key ? -1 : 1));
      const key = unique.map((member) => member.key).join('\n');
      let room = rooms.get(key);
      if (room === undefined) {
        const opened = openRoom(deps, unique, () => {
          if (rooms.get(key) === opened) {
            rooms.delete(key);
          }
        });
        room = opened;
        rooms.set(key, room);
      }
      return room.join(members, watcher);
    },
    refresh() {
      rooms.forEach(({ handle }) => handle.refresh());
    },
    close() {
      const all = [...rooms.values()];
      rooms.clear();
      all.forEach((room) => room.close());
    },
  };
}

/** @param forget - the room is not to be given out any more; called before its watchers hear why. */
function openRoom({ source, pool, monitor }: GroupDeps & { readonly monitor: Monitor }, definitions: readonly Definition[], forget: () => void): Room {
  const indexOf = new Map(definitions.map(({ key }, index) => [key, index]));
  const watchers = new Map<SetWatcher, () => void>();
  let current: readonly StatisticValue[] | undefined;
  let session: object | undefined;

  function end(): SetWatcher[] {
    forget();
    share.drop();
    handle.close();
    const all = [...watchers.keys()];
    watchers.clear();
    return all;
  }

  function reject(refused: readonly Definition[], why: string, options?: ErrorOptions): void {
    const error = new StatisticRejectedError(`${refused.map(describe).join(', ')}: ${why}`, refused.map(requestOf), options);
    monitor.emit({ type: 'rejected', definitions: error.definitions, error });
    end().forEach((watcher) => watcher.error(error));
  }

  const share = pool.add(definitions.length, end);
  const handle = source(definitions, {
    answer({ values, changed: differing, session: from }) {
      // An answer that lacks a member, or holds one older than what was shown, cannot be shown as a whole.
      const before = current;
      const sameSession = from === session;
      if (differing?.length === 0 || !isWhole(values) || (before !== undefined && sameSession && values.some((value, index) => isOlder(value, before[index] ?? value)))) {
        return 0;
      }
      session = from;
      current = values;
      const changed = before === undefined ? values.length : values.filter(({ value }, index) => !dequal(value, before[index]?.value)).length;
      for (const [watcher, tell] of changed > 0 ? [...watchers] : []) {
        if (watchers.has(watcher)) {
          tell();
        }
      }
      return changed;
    },
    missing(indices) {
      reject(indices.flatMap((index) => definitions[index] ?? []), 'not returned by the server');
    },
    refused(error, why) {
      // A set is never divided: a failure that tells no reason may pass, a refusal is everyone's.
      if (why === 'struck' && !saidNo(error)) {
        return false;
      }
      reject(definitions, error.message, { cause: error });
      return true;
    },
    stale: () => undefined,
  });

  return {
    handle,
    join(members, watcher) {
      const order = members.map(({ key }) => indexOf.get(key) ?? 0);
      const tell = (): void => {
        if (current !== undefined) {
          watcher.next(order.map((index) => current?.[index]).filter((value) => value !== undefined));
        }
      };
      watchers.set(watcher, tell);
      share.use();
      tell();
      return () => {
        if (watchers.delete(watcher)) {
          share.release();
        }
      };
    },
    close: () => end().forEach((watcher) => watcher.complete()),
  };
}

function isWhole(values: readonly (StatisticValue | undefined)[]): values is readonly StatisticValue[] {
  return values.every((value) => value !== undefined);
}
