/**
 * Every version that each statistic of the model's server has had. The timestamp identifies a version, so each emitted value
 * belongs to one moment of the server. Knows nothing of requests.
 */

/** One value of one statistic, valid until its next version. */
export interface Version {
  /** A counter over all statistics. A later version has a larger number. */
  readonly order: number;
  /** The virtual time, in milliseconds, at which the version was generated. */
  readonly since: number;
  readonly timestamp: number;
  readonly value: number;
}

export interface History {
  readonly size: number;
  /** Adds a version of a statistic, with another value or the same one again. */
  set(key: number, value: number): void;
  /** Another Stat Server takes over: all values are generated anew, by a clock that is ahead of, or behind, every earlier one. */
  takeOver(clock: 'ahead' | 'behind'): void;
  current(key: number): Version;
  /** The version of this statistic with this timestamp. */
  find(key: number, timestamp: number): Version | undefined;
  /** The order of the next version of the same statistic. */
  endOf(key: number, version: Version): number;
  /** Every version of a statistic that was valid at some time since `from`. */
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
