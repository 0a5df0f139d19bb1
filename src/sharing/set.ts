/**
 * The memory of a set, shared by all who ask for the same definitions in whatever order. Every snapshot is of one answer
 * of the server (G6): an answer that lacks a member, or holds an older value of one, is never mixed with the one before.
 */
import type { Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import { isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Answer, AnswerOrigin } from '../upstream/source.js';
import { haveSameClock } from './cell.js';
import { Tenant, type Registrar } from './tenant.js';

export class LiveSet extends Tenant<readonly StatisticValue[]> {
  readonly key: string;
  readonly definitions: readonly Definition[];
  /** The last answer that was accepted, by the index of the definition. */
  #readings: readonly Reading[] | undefined;
  #session: object | undefined;
  /** Whether the last answer offered is the accepted one. Only then does a list of its changes say what to compare. */
  #inStep = false;
  /** The values made of `#shownOf`; those that did not change are reused. */
  #shown: readonly StatisticValue[] = [];
  #shownOf: readonly Reading[] | undefined;

  /** @param definitions - distinct, in the order of their keys. */
  constructor(key: string, definitions: readonly Definition[], registrar: Registrar) {
    super(registrar);
    this.key = key;
    this.definitions = definitions;
  }

  /** The accepted reading of a definition, by its index. */
  readingAt(index: number): Reading | undefined {
    return this.#readings?.[index];
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

  /**
   * Takes an answer.
   *
   * @param places - where each member stands in the answer.
   * @param changed - the members that can differ from the last answer offered; `undefined`: all can.
   * @returns the members whose values are news.
   */
  take({ readings }: Pick<Answer, 'readings'>, places: readonly number[], changed: readonly number[] | undefined, origin: AnswerOrigin): readonly number[] {
    const before = this.#readings;
    const isComparable = haveSameClock(origin, this.#session);
    const differing = this.#inStep && changed !== undefined ? changed : places.map((_, index) => index);
    const next: (Reading | undefined)[] = this.#inStep && before !== undefined ? [...before] : [];
    const news: number[] = [];
    this.#inStep = false;
    for (const index of differing) {
      const reading = readings[places[index] ?? -1];
      const last = before?.[index];
      if (reading === undefined || (last !== undefined && isComparable && isOlder(reading, last))) {
        return [];
      }
      next[index] = reading;
      if (last === undefined || !equal(last.value ?? null, reading.value ?? null)) {
        news.push(index);
      }
    }
    this.#inStep = true;
    this.#session = origin.session;
    this.#readings = next as readonly Reading[];
    this.accepted(news.length > 0, origin.receivedAt);
    return news;
  }
}
