/**
 * The memory of one statistic. It belongs to the statistic, not to the upstream, so values keep their order when the
 * statistic moves to another upstream or is re-opened (G5).
 */
import type { Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import { isAhead, isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Answer, AnswerOrigin } from '../upstream/source.js';
import { Tenant, type Registrar } from './tenant.js';

export class Cell extends Tenant<StatisticValue> {
  readonly definitions: readonly [Definition];
  /** The last reading that was accepted, and the session that it came from. */
  #reading: Reading | undefined;
  #session: object | undefined;
  /** The reading's timestamp lay in the future, so an earlier timestamp does not make a later reading older. */
  #isAhead = false;

  constructor(definition: Definition, registrar: Registrar) {
    super(registrar);
    this.definitions = [definition];
  }

  get key(): string {
    return this.definitions[0].key;
  }

  get current(): StatisticValue | undefined {
    return this.#reading === undefined ? undefined : toValue(this.definitions[0], this.#reading);
  }

  isNewerThan(reading: Reading, serverTime: number): boolean {
    return this.#reading !== undefined && isOlder(reading, this.#reading) && (!this.#isAhead || isAhead(reading, serverTime));
  }

  take(answer: Answer, _: ReadonlySet<number> | undefined, news?: Uint8Array): void {
    const place = this.places[0] ?? -1;
    const reading = answer.readings[place];
    const before = this.#reading;
    if (reading === undefined || (before !== reading && this.isNewerThan(reading, answer.serverTime) && haveSameClock(answer, this.#session))) {
      this.notAccepted(answer, this.definitions[0], reading !== undefined);
      return;
    }
    this.#isAhead = isAhead(reading, answer.serverTime);
    this.#session = answer.session;
    this.#reading = reading;
    const isNews = before === undefined || !equal(before.value ?? null, reading.value ?? null);
    if (!isNews) {
      // The two values are equal, so no observer can tell them apart, and keeping one of them saves memory.
      reading.value = before.value;
    } else if (news !== undefined) {
      news[place] = 1;
    }
    this.accepted(isNews, answer.receivedAt);
  }
}

/**
 * Whether timestamps of an answer can be compared with those of a session. They can within that session, and in the opening of
 * another upstream, since both were open at once. They cannot after a re-open: the new session may be on a server with another clock.
 */
export function haveSameClock({ session, opening, reopened }: AnswerOrigin, of: object | undefined): boolean {
  return session === of || (opening && !reopened);
}
