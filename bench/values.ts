/**
 * The values of the server and the rule by which they change, and so what every observer must have been told: the
 * deliveries and the checksum that a contestant is held to. Knows nothing of HTTP.
 *
 * Which statistics change at a read is decided by how many reads there were before: a window of fixed width moves over
 * them, in a shuffled order, since what changes in a contact centre does not stand side by side.
 */
import { sumOf, type Requested } from './job.ts';

/** How values change. */
export type Change =
  /** This share of the statistics at each read. */
  | { readonly by: 'reads'; readonly share: number }
  /** None, but every statistic's own timestamp moves at each read. */
  | { readonly by: 'timestamps' }
  /** So many statistics a second, each at its time, whoever reads. */
  | { readonly by: 'clock'; readonly perSecond: number };

/** What all observers together must have been told. */
export interface Tally {
  readonly deliveries: number;
  readonly checksum: number;
}

/** What is read as a whole: a subscription, or one statistic that is peeked at. */
export interface Source {
  /** Answered reads after the first values; -1 before those. */
  readonly reads: number;
  /** The statistics as a read gives them now, separated by commas: the first values, then what has become of them. */
  next(): string;
}

export interface Values {
  /** @param members - the numbers of the statistics, with the ids they were opened with. */
  subscription(members: readonly Member[]): Source;
  /** One statistic, as peeks give it. */
  peeked(statistic: number): Source;
  /** Some statistics as a peek at many gives them: their first values, which nobody need be told for it. */
  glance(statistics: readonly number[]): string;
  /** From now on whatever is opened has other values than before. */
  renew(): void;
  readonly expected: Tally;
}

export interface Member {
  readonly statistic: number;
  readonly statisticId: string;
}

export interface Population {
  readonly definitions: readonly Requested[];
  readonly observers: number;
  readonly change: Change;
}

/** A statistic as one source shows it. */
interface Element {
  /** Its text now. */
  write(timestamp: number, changedAt: number): string;
  /** Its text with another value. */
  change(at: number): string;
  /** Whoever observes it has to be told what it is now. */
  expect(): void;
}

export function createValues({ definitions, observers, change }: Population): Values {
  const order = shuffled(definitions.length);
  const ranks = inverse(order);
  let deliveries = 0;
  let checksum = 0;
  let generation = 0;
  let lastStamp = 0;
  /** When the first values are from, whoever opens them. */
  let born = Date.now();

  /** Epoch milliseconds, never the same twice. */
  function stamp(): number {
    lastStamp = Math.max(lastStamp + 1, Date.now());
    return lastStamp;
  }

  function createElement(statistic: number, statisticId?: string): Element {
    const own = JSON.stringify({ ...(statisticId === undefined ? {} : { statisticId }), ...definitions[statistic] });
    const head = `${own.slice(0, -1)},"timestamp":`;
    /** Of one digit or more; another in each version, and in each generation. */
    let value = ((statistic * 37) % 90) + 5000 * generation;

    function write(timestamp: number, changedAt: number): string {
      return `${head}${timestamp},"value":{"intervalLength":0,"tag":-1,"stringValue":"${value}","timestamp":${changedAt},"intValue":${value}}}`;
    }

    function expect(): void {
      for (let observer = statistic; observer < observers; observer += definitions.length) {
        deliveries++;
        checksum = (checksum + sumOf(observer, value)) | 0;
      }
    }

    return {
      write,
      expect,
      change(at) {
        value++;
        expect();
        return write(at, at);
      },
    };
  }

  return {
    subscription(members) {
      const places = members.length === order.length ? order : shuffled(members.length);
      const elements = members.map(({ statistic, statisticId }) => createElement(statistic, statisticId));
      elements.forEach((each) => each.expect());
      const texts = elements.map((element) => element.write(born, born));
      let joined = texts.join(',');
      const opened = Date.now();
      let reads = -1;
      /** Changes so far: the window begins after them. */
      let changes = 0;

      function changeUntil(count: number, timeOf: (change: number) => number): void {
        if (changes === count) {
          return;
        }
        for (; changes < count; changes++) {
          const position = places[changes % places.length] ?? 0;
          texts[position] = elements[position]?.change(timeOf(changes)) ?? '';
        }
        joined = texts.join(',');
      }

      return {
        get reads() {
          return reads;
        },
        next() {
          reads++;
          if (reads === 0) {
            return joined;
          }
          switch (change.by) {
            case 'reads': {
              const now = stamp();
              changeUntil(reads * Math.round(members.length * change.share), () => now);
              break;
            }
            case 'timestamps': {
              const now = stamp();
              joined = elements.map((element) => element.write(now, born)).join(',');
              break;
            }
            case 'clock': {
              const apart = 1000 / change.perSecond;
              changeUntil(Math.floor((Date.now() - opened) / apart), (at) => opened + Math.ceil((at + 1) * apart));
            }
          }
          return joined;
        },
      };
    },
    peeked(statistic) {
      if (change.by !== 'reads') {
        throw new Error('what is peeked at changes by reads only');
      }
      const element = createElement(statistic);
      element.expect();
      const width = Math.round(order.length * change.share);
      const rank = ranks[statistic] ?? 0;
      let text = element.write(born, born);
      let reads = -1;
      return {
        get reads() {
          return reads;
        },
        next() {
          reads++;
          const intoWindow = (rank + (reads - 1) * (order.length - width)) % order.length;
          if (reads > 0 && intoWindow < width) {
            text = element.change(stamp());
          }
          return text;
        },
      };
    },
    glance(statistics) {
      return statistics.map((statistic) => createElement(statistic).write(born, born)).join(',');
    },
    renew() {
      generation++;
      born = stamp();
    },
    get expected() {
      return { deliveries, checksum };
    },
  };
}

/** The numbers below `count` in an order that is always the same and looks like none. */
function shuffled(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let state = 1;
  for (let last = count - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function inverse(order: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(order.length);
  order.forEach((number, rank) => (ranks[number] = rank));
  return ranks;
}
