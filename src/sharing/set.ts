/**
 * The memory of a set, shared by all who ask for the same definitions in whatever order. Every snapshot is of one answer
 * of the server (G6): an answer that lacks a member, or holds an older value of one, is never mixed with the one before.
 */
import type { Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import { isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Answer } from '../upstream/source.js';
import { haveSameClock } from './cell.js';
import { Tenant, type Registrar } from './tenant.js';

export class LiveSet extends Tenant<readonly StatisticValue[]> {
  /** The last answer that was accepted, by the index of the definition, and the session that it came from. */
  #readings: readonly Reading[] | undefined;
  #session: object | undefined;
  /** Whether the last answer offered is the accepted one. Only then does a list of its changes say what to compare. */
  #inStep = false;
  /** The values made of `#shownOf`; those that did not change are reused. */
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

  override get wantsUnchanged(): boolean {
    return !this.#inStep || super.wantsUnchanged;
  }

  isAhead(reading: Reading, place: number): boolean {
    const shown = this.#readings?.[this.places.indexOf(place)];
    return shown !== undefined && isOlder(reading, shown);
  }

  take(answer: Answer, changed: ReadonlySet<number> | undefined, news?: Uint8Array): void {
    const before = this.#readings;
    const isComparable = haveSameClock(answer, this.#session);
    const comparesAll = !this.#inStep || changed === undefined;
    const next: Reading[] = comparesAll || before === undefined ? [] : [...before];
    let isNews = false;
    this.#inStep = false;
    for (const [index, place] of this.places.entries()) {
      if (comparesAll || changed.has(place)) {
        const [reading, last] = [answer.readings[place], before?.[index]];
        if (reading === undefined || (last !== undefined && isComparable && isOlder(reading, last))) {
          return;
        }
        next[index] = reading;
        if (last === undefined || !equal(last.value ?? null, reading.value ?? null)) {
          isNews = true;
          news?.fill(1, place, place + 1);
        }
      }
    }
    this.#inStep = true;
    this.#session = answer.session;
    this.#readings = next;
    this.accepted(isNews, answer.receivedAt);
  }
}
