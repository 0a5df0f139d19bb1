/**
 * The memory of one statistic. It belongs to the statistic, not to the upstream, so values keep their order when the
 * statistic moves to another upstream or is re-opened (G5).
 */
import type { Definition } from '../model/definition.js';
import { equal } from '../model/equal.js';
import { isOlder, toValue, type Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import type { Answer, AnswerOrigin } from '../upstream/source.js';
import { Tenant, type Registrar } from './tenant.js';

export class Cell extends Tenant<StatisticValue> {
  readonly definition: Definition;
  /** The last reading that was accepted, and the session that it came from. */
  #reading: Reading | undefined;
  #session: object | undefined;
  /** Another session opened with an older value. If its clock is behind, its next answers repeat that value. */
  #passedOver = false;

  constructor(definition: Definition, registrar: Registrar) {
    super(registrar);
    this.definition = definition;
  }

  get key(): string {
    return this.definition.key;
  }

  get definitions(): readonly Definition[] {
    return [this.definition];
  }

  get current(): StatisticValue | undefined {
    return this.#reading === undefined ? undefined : toValue(this.definition, this.#reading);
  }

  override get wantsUnchanged(): boolean {
    return this.#passedOver || super.wantsUnchanged;
  }

  isAhead(reading: Reading): boolean {
    return this.#reading !== undefined && isOlder(reading, this.#reading);
  }

  take(answer: Answer, _: ReadonlySet<number> | undefined, news?: Uint8Array): void {
    const place = this.places[0] ?? -1;
    const reading = answer.readings[place];
    const before = this.#reading;
    if (reading === undefined) {
      return;
    }
    if (before !== reading && this.isAhead(reading) && haveSameClock(answer, this.#session)) {
      this.#passedOver = answer.session !== this.#session;
      return;
    }
    this.#passedOver = false;
    this.#session = answer.session;
    this.#reading = reading;
    const isNews = before === undefined || !equal(before.value ?? null, reading.value ?? null);
    if (!isNews) {
      // They are equal, so no observer can tell them apart, and only one of the two has to be kept.
      reading.value = before.value;
    } else if (news !== undefined) {
      news[place] = 1;
    }
    this.accepted(isNews, answer.receivedAt);
  }
}

/**
 * Whether timestamps of an answer can be compared with those of a session: always within that session; also in the opening
 * of another upstream, since both were open at once; not after a re-open, which may have reached a server with another clock.
 */
export function haveSameClock({ session, opening, reopened }: AnswerOrigin, of: object | undefined): boolean {
  return session === of || (opening && !reopened);
}
