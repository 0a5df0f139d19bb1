/**
 * The values of the server and the rule by which they change. The rule also determines the deliveries and the checksum that every
 * contestant must reach. Knows nothing of HTTP.
 *
 * The number of earlier reads decides which statistics change: a window of fixed width moves over all of them in a shuffled order. In
 * a contact centre, the statistics that change are not neighbours either.
 */
import { sumOf, type Requested } from './job.ts';

/** How values change. */
export type Change =
  /** This share of all statistics at each read. */
  | { readonly by: 'reads'; readonly share: number }
  /** No value changes, but every statistic's own timestamp moves at each read. */
  | { readonly by: 'timestamps' }
  /** This many statistics a second, each at its own time, however often they are read. */
  | { readonly by: 'clock'; readonly perSecond: number };

/** What a value holds: a text and four numbers, or six numbers. */
export type Shape = 'text' | 'six numbers';

/** The deliveries that all observers together must have received. */
export interface Tally {
  readonly deliveries: number;
  readonly checksum: number;
}

/** What is read as a whole: a subscription, or one statistic that is peeked at. */
export interface Source {
  /** Answered reads after the first values; -1 before those. */
  readonly reads: number;
  /** The statistics as the next read gives them, separated by commas; the first read gives the first values. */
  next(): string;
}

export interface Values {
  /** @param members - the numbers of the statistics, with the ids they were opened with. */
  subscription(members: readonly Member[]): Source;
  /** One statistic, as peeks give it. */
  peeked(statistic: number): Source;
  /** The first values of some statistics, as the answer to a peek at many. No observer needs to receive these. */
  glance(statistics: readonly number[]): string;
  /** Lets new subscriptions have other values than earlier ones. */
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
  /** How many statistics a set has, where observers watch sets. */
  readonly setSize?: number | undefined;
  readonly shape?: Shape | undefined;
  readonly change: Change;
}

/** A statistic as one source shows it. */
interface Element {
  readonly statistic: number;
  readonly value: number;
  /** Its text now. */
  write(timestamp: number, changedAt: number): string;
  /** Its text with another value. */
  change(at: number): string;
}

const writeValue: Readonly<Record<Shape, (value: number, changedAt: number) => string>> = {
  text: (value, at) => `{"intervalLength":0,"tag":-1,"stringValue":"${value}","timestamp":${at},"intValue":${value}}`,
  'six numbers': (value, at) => `{"intervalLength":3600,"tag":-1,"timestamp":${at},"intValue":${value},"total":${value * 8},"average":${value / 8 + 0.0625}}`,
};

export function createValues({ definitions, observers, setSize, shape = 'text', change }: Population): Values {
  const order = shuffled(definitions.length);
  const ranks = inverse(order);
  let deliveries = 0;
  let checksum = 0;
  let generation = 0;
  let lastStamp = 0;
  /** The time of all first values. */
  let born = Date.now();

  /** Epoch milliseconds, never the same twice. */
  function stamp(): number {
    lastStamp = Math.max(lastStamp + 1, Date.now());
    return lastStamp;
  }

  function createElement(statistic: number, statisticId?: string): Element {
    const own = JSON.stringify({ ...(statisticId === undefined ? {} : { statisticId }), ...definitions[statistic] });
    const head = `${own.slice(0, -1)},"timestamp":`;
    /** The present value. Values of different generations are far apart. */
    let value = ((statistic * 37) % 90) + 5000 * generation;

    function write(timestamp: number, changedAt: number): string {
      return `${head}${timestamp},"value":${writeValue[shape](value, changedAt)}}`;
    }

    return {
      statistic,
      get value() {
        return value;
      },
      write,
      change(at) {
        value++;
        return write(at, at);
      },
    };
  }

  /** Expects that the observers of this statistic receive its value. */
  function expect({ statistic, value }: Element): void {
    for (let observer = statistic; observer < observers; observer += definitions.length) {
      deliveries++;
      checksum = (checksum + sumOf(observer, value)) | 0;
    }
  }

  /** Expects that the observer of each set with one of these statistics receives the whole set, once. */
  function expectSets(changed: readonly Element[], size: number, all: ReadonlyMap<number, Element>): void {
    for (const set of new Set(changed.map(({ statistic }) => Math.floor(statistic / size)))) {
      deliveries++;
      for (let statistic = set * size; statistic < (set + 1) * size; statistic++) {
        checksum = (checksum + sumOf(statistic, all.get(statistic)?.value ?? Number.NaN)) | 0;
      }
    }
  }

  return {
    subscription(members) {
      /** The position of the member with each rank; -1 where that statistic is not a member. */
      const positions = new Int32Array(order.length).fill(-1);
      members.forEach(({ statistic }, position) => (positions[ranks[statistic] ?? -1] = position));
      const elements = members.map(({ statistic, statisticId }) => createElement(statistic, statisticId));
      const byStatistic = new Map(elements.map((element) => [element.statistic, element]));
      const texts = elements.map((element) => element.write(born, born));
      let joined = texts.join(',');
      const opened = Date.now();
      let reads = -1;
      /** Changes of all statistics so far: the window begins after them. */
      let changes = 0;

      function announce(changed: readonly Element[]): void {
        if (setSize === undefined) {
          changed.forEach(expect);
        } else {
          expectSets(changed, setSize, byStatistic);
        }
      }

      function changeUntil(count: number, timeOf: (change: number) => number): void {
        if (changes === count) {
          return;
        }
        const changed: Element[] = [];
        for (; changes < count; changes++) {
          const position = positions[changes % positions.length] ?? -1;
          const element = elements[position];
          if (element !== undefined) {
            texts[position] = element.change(timeOf(changes));
            changed.push(element);
          }
        }
        joined = texts.join(',');
        announce(changed);
      }

      announce(elements);
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
              changeUntil(reads * Math.round(order.length * change.share), () => now);
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
        throw new Error('a statistic that is peeked at changes by reads only');
      }
      const element = createElement(statistic);
      expect(element);
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
            expect(element);
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

/** The numbers below `count` in an order that looks random and is always the same. */
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
