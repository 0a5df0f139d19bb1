/**
 * `subscription$`: a set of definitions in an upstream of its own, whose every emission comes from one answer (G6). Owns
 * the memory of a set, shared by all who ask for the same definitions in whatever arrangement, and takes in cells whose
 * statistic it holds anyway, so that they need no upstream of their own.
 */
import { StatisticRejectedError, type StatisticsError } from '../model/errors.js';
import { describe, requestOf, type Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import { isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import { notifyEach } from '../upstream/telemetry/safe-notify.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import type { Answer, SourceHandle } from '../upstream/source.js';
import { isServerRefusal } from '../upstream/recovery/verdict.js';
import type { Cell, Home } from './cell.js';
import type { GroupDeps } from './group.js';
import { offerTo } from './fan-out.js';

/** Somebody who watches a set: is given its values in the order that {@link Sets.join} was given the members. */
export interface SetWatcher {
  /** Milliseconds: how often it wants to know; `undefined`: as often as the client polls. */
  readonly interval: number | undefined;
  next(values: readonly StatisticValue[]): void;
  error(error: StatisticsError): void;
  complete(): void;
}

export interface Sets {
  /** Watches a set; the watcher is told the present at once. Returns how to leave. */
  join(members: readonly Definition[], watcher: SetWatcher): () => void;
  /** Takes in a cell that nobody watches yet, if a live set holds its statistic; tells whether one does. */
  admit(cell: Cell): boolean;
  refresh(): void;
  /** Completes every watcher and closes every upstream. */
  close(): void;
}

export interface SetDeps extends GroupDeps {
  readonly monitor: Monitor;
  /** These cells need another home: the set they were taken in by is not watched any more, or has ended. */
  rehouse(cells: readonly Cell[]): void;
}

interface Room extends Pick<Sets, 'join' | 'admit' | 'close'> {
  readonly handle: SourceHandle;
}

export function createSets(deps: SetDeps): Sets {
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
    admit(cell) {
      for (const room of rooms.values()) {
        if (room.admit(cell)) {
          return true;
        }
      }
      return false;
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
function openRoom({ source, pool, monitor, interval, rehouse }: SetDeps, definitions: readonly Definition[], forget: () => void): Room {
  const indexOf = new Map(definitions.map(({ key }, index) => [key, index]));
  const watchers = new Map<SetWatcher, () => void>();
  /** The last answer that was whole, and what was made of it for those who watch. */
  let current: readonly Reading[] | undefined;
  let shown: readonly StatisticValue[] = [];
  let shownOf: readonly Reading[] = [];
  let session: object | undefined;
  /** Whether the last answer is the current one: only then do its changes tell what to compare. */
  let inStep = false;
  /** The last answer, whole or not: what it tells of one statistic is true. */
  let last: Answer | undefined;
  /** Since nothing confirms what is remembered: whoever is taken in meanwhile is not told that it is live. */
  let silence: { readonly error: StatisticsError | undefined } | undefined;

  /** Cells that were taken in, by the index of their definition. */
  const guests = new Array<Cell | undefined>(definitions.length).fill(undefined);
  const guestList = (): Cell[] => guests.filter((guest) => guest !== undefined);
  const home: Home = {
    enter: () => share.use(),
    leave(cell, moved) {
      guests[indexOf.get(cell.definition.key) ?? -1] = undefined;
      cell.home = moved ? cell.home : undefined;
      share.release();
    },
    reconsider: () => handle.reconsider(),
  };

  function end(): SetWatcher[] {
    forget();
    share.drop();
    handle.close();
    const all = [...watchers.keys()];
    watchers.clear();
    const left = guestList();
    guests.fill(undefined);
    left.forEach((cell) => (cell.home = undefined));
    rehouse(left);
    return all;
  }

  function reject(refused: readonly Definition[], why: string, options?: ErrorOptions): void {
    const error = new StatisticRejectedError(`${refused.map(describe).join(', ')}: ${why}`, refused.map(requestOf), options);
    monitor.emit({ type: 'rejected', definitions: error.definitions, error });
    notifyEach(end(), (watcher) => watcher.error(error));
  }

  /** Takes an answer for the set; returns how many of its values are news. */
  function take({ readings, changed, session: from, opening, reopened }: Answer): number {
    const before = current;
    // The clocks of two sources that live at once are the same, too: one stands in for the other.
    const isSameClock = from === session || (opening && !reopened);
    const differing = inStep && changed !== undefined ? changed : definitions.map((_, index) => index);
    // An answer that lacks a member, or holds one older than what was shown, cannot be shown as a whole.
    inStep = isWhole(readings) && !(before !== undefined && isSameClock && differing.some((index) => isOlder(readings[index] ?? {}, before[index] ?? {})));
    if (!inStep) {
      return 0;
    }
    session = from;
    current = readings as readonly Reading[];
    const news = differing.filter((index) => before === undefined || !equal(before[index]?.value, readings[index]?.value)).length;
    notifyEach(news > 0 ? [...watchers] : [], ([watcher, tell]) => {
      if (watchers.has(watcher)) {
        tell();
      }
    });
    return news;
  }

  /** The current answer as a user sees it; what has not changed is the same object. */
  function show(readings: readonly Reading[]): readonly StatisticValue[] {
    if (shownOf !== readings) {
      const [values, made] = [shown, shownOf];
      shown = definitions.map((definition, index) => {
        const [reading, value] = [readings[index] ?? {}, values[index]];
        return value !== undefined && made[index] === reading ? value : toValue(definition, reading);
      });
      shownOf = readings;
    }
    return shown;
  }

  const share = pool.add(definitions.length, end);
  const handle = source(definitions, {
    answer(answer) {
      silence = undefined;
      last = answer;
      // First of all, or whom a guest brings along while it is told would be given the answer before, and not this one.
      const taken = answer.changed?.length === 0 && inStep ? 0 : take(answer);
      return Math.max(taken, offerTo(guests, answer, home, false));
    },
    needs() {
      const wanted = [...watchers.keys(), ...guestList().map((cell) => ({ interval: cell.interval(interval) }))].map((each) => each.interval);
      return wanted.every((each) => each === undefined) ? {} : { interval: Math.min(...wanted.map((each) => each ?? interval)) };
    },
    missing(indices, error) {
      const which = indices.flatMap((index) => definitions[index] ?? []);
      reject(which, error?.message ?? 'not returned by the server', error === undefined ? undefined : { cause: error });
    },
    refused(error, why) {
      // A set is never divided: a failure that tells no reason may pass, a refusal is everyone's.
      if (why === 'struck' && !isServerRefusal(error)) {
        return false;
      }
      reject(definitions, error.message, { cause: error });
      return true;
    },
    stale(error) {
      silence = { error };
      guestList().forEach((cell) => cell.stale(error));
    },
  });

  return {
    handle,
    join(members, watcher) {
      const order = members.map(({ key }) => indexOf.get(key) ?? 0);
      const tell = (): void => {
        if (current !== undefined) {
          const values = show(current);
          watcher.next(order.flatMap((index) => values[index] ?? []));
        }
      };
      watchers.set(watcher, tell);
      share.use();
      if (watcher.interval !== undefined) {
        handle.reconsider();
      }
      tell();
      return () => {
        if (watchers.delete(watcher)) {
          share.release();
          if (watchers.size === 0) {
            rehouse(guestList());
          }
        }
      };
    },
    admit(cell) {
      const index = indexOf.get(cell.definition.key);
      if (index === undefined || current === undefined || last === undefined || session === undefined || watchers.size === 0) {
        return false;
      }
      guests[index] = cell;
      cell.home = home;
      // What it knows already may be newer: both were open at once.
      for (const reading of [current[index], last.readings[index]]) {
        if (reading !== undefined) {
          cell.offer(reading, { session, receivedAt: last.receivedAt, opening: true, reopened: false });
        }
      }
      if (silence !== undefined) {
        cell.stale(silence.error);
      }
      return true;
    },
    close: () => notifyEach(end(), (watcher) => watcher.complete()),
  };
}

function isWhole(readings: readonly (Reading | undefined)[]): boolean {
  return !readings.includes(undefined);
}
