/**
 * The memory of a set, shared by all observers of the same definitions in any order. Every snapshot comes from one answer of
 * the server (G6): an answer that lacks a member, or holds an older value of one, is passed over as a whole.
 */
import type { Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import { isAhead, isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Answer } from '../upstream/source.js';
import { haveSameClock } from './cell.js';
import { Tenant, type Registrar } from './tenant.js';

export class LiveSet extends Tenant<readonly StatisticValue[]> {
  /** The readings of the last accepted answer, by the index of the definition, and the session of that answer. */
  #readings: readonly Reading[] | undefined;
  #session: object | undefined;
  /** The indices whose readings had a timestamp in the future. */
  #ahead: ReadonlySet<number> | undefined;
  /** The values made from `#shownOf`. Unchanged ones are reused for the next snapshot. */
  #shown: readonly StatisticValue[] = [];
  #shownOf: readonly Reading[] | undefined;

  /** @param definitions - distinct, in the order of their keys. */
  constructor(
    readonly key: string,
    readonly definitions: readonly Definition[],
    registrar: Registrar,
  ) {
    super(registrar);
  }

  get current(): readonly StatisticValue[] | undefined {
    const readings = this.#readings;
    if (readings !== undefined && this.#shownOf !== readings) {
      const [values, of] = [this.#shown, this.#shownOf];
      this.#shown = this.definitions.map((definition, index) => {
        const [reading, value] = [readings[index] ?? {}, values[index]];
        return value !== undefined && of?.[index] === reading ? value : toValue(definition, reading);
      });
      this.#shownOf = readings;
    }
    return readings && this.#shown;
  }

  isNewerThan(reading: Reading, serverTime: number, place: number): boolean {
    return this.#isOlderAt(this.places.indexOf(place), reading, serverTime);
  }

  #isOlderAt(index: number, reading: Reading, serverTime: number): boolean {
    const shown = this.#readings?.[index];
    return shown !== undefined && isOlder(reading, shown) && (this.#ahead?.has(index) !== true || isAhead(reading, serverTime));
  }

  take(answer: Answer, changed: ReadonlySet<number> | undefined, news?: Uint8Array): void {
    const before = this.#readings;
    const isComparable = haveSameClock(answer, this.#session);
    // `changed` is relative to the last answer offered, so it is usable only if that answer was accepted.
    const comparesAll = before === undefined || this.isBehind || changed === undefined;
    const next: Reading[] = comparesAll ? [] : [...before];
    let ahead = comparesAll ? undefined : this.#ahead;
    let isNews = false;
    for (const [index, place] of this.places.entries()) {
      if (comparesAll || changed.has(place)) {
        const [reading, last] = [answer.readings[place], before?.[index]];
        if (reading === undefined || (isComparable && this.#isOlderAt(index, reading, answer.serverTime))) {
          this.notAccepted(answer, this.definitions[index] as Definition, reading !== undefined);
          return;
        }
        ahead = marked(ahead, index, isAhead(reading, answer.serverTime));
        next[index] = reading;
        if (last === undefined || !equal(last.value ?? null, reading.value ?? null)) {
          isNews = true;
          news?.fill(1, place, place + 1);
        }
      }
    }
    this.#ahead = ahead;
    this.#session = answer.session;
    this.#readings = next;
    this.accepted(isNews, answer.receivedAt);
  }
}

function marked(marks: ReadonlySet<number> | undefined, index: number, is: boolean): ReadonlySet<number> | undefined {
  if ((marks?.has(index) ?? false) === is) {
    return marks;
  }
  return new Set(is ? [...(marks ?? []), index] : [...(marks ?? [])].filter((other) => other !== index));
}
