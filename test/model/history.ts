/**
 * Every version that each statistic of the model's server has had. The timestamp identifies a version, so each value that an
 * observer is shown can be traced to one moment of the server. Knows nothing of requests.
 */

/** One value of one statistic, from one moment to the next version's. */
export interface Version {
  /** Counts over all statistics: of two versions, the later has the larger. */
  readonly order: number;
  /** Virtual milliseconds at which it came to be. */
  readonly since: number;
  readonly timestamp: number;
  readonly value: number;
}

export interface History {
  readonly size: number;
  /** A statistic has another value, or the same again, from now on. */
  set(key: number, value: number): void;
  /** Another Stat Server takes over: everything is generated anew by a clock that is ahead of every one before, or behind. */
  takeOver(clock: 'ahead' | 'behind'): void;
  current(key: number): Version;
  /** The version that a timestamp of this statistic stands for. */
  find(key: number, timestamp: number): Version | undefined;
  /** The order of the version that came after this one. */
  endOf(key: number, version: Version): number;
  /** Every version of a statistic that was in force at some time since `from`. */
  since(key: number, from: number): readonly Version[];
}

const farApart = 1_000_000;

/** @param beginning - the timestamp of the first version. */
export function createHistory(size: number, monotonic: () => number, beginning: number): History {
  const versions = Array.from({ length: size }, (): Version[] => []);
  const byTimestamp = Array.from({ length: size }, () => new Map<number, Version>());
  let order = 0;
  let base = beginning;
  let [lowest, highest] = [base, base];

  const listOf = (key: number): Version[] => versions[key] ?? [];

  function set(key: number, value: number): void {
    order++;
    const version = { order, since: monotonic(), timestamp: base + order, value };
    highest = Math.max(highest, version.timestamp);
    listOf(key).push(version);
    byTimestamp[key]?.set(version.timestamp, version);
  }

  function current(key: number): Version {
    const version = listOf(key).at(-1);
    if (version === undefined) {
      throw new Error(`there is no statistic ${key}`);
    }
    return version;
  }

  for (let key = 0; key < size; key++) {
    set(key, 0);
  }
  return {
    size,
    set,
    takeOver(clock) {
      base = clock === 'ahead' ? highest + farApart : lowest - farApart - order;
      lowest = Math.min(lowest, base);
      for (let key = 0; key < size; key++) {
        set(key, current(key).value);
      }
    },
    current,
    find: (key, timestamp) => byTimestamp[key]?.get(timestamp),
    endOf(key, version) {
      const list = listOf(key);
      return list[list.indexOf(version) + 1]?.order ?? Number.POSITIVE_INFINITY;
    },
    since(key, from) {
      const list = listOf(key);
      return list.filter((_, index) => (list[index + 1]?.since ?? Number.POSITIVE_INFINITY) >= from);
    },
  };
}
