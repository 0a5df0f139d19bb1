/** The open subscriptions. Owns their ids, their statistics and the text of their values. Knows neither HTTP nor the source of a value. */
import type { Statistic } from '../statistics/statistics.js';

/** A statistic as one subscription knows it. */
export class Subscribed {
  readonly #info: string;
  readonly #id: string;

  constructor(
    readonly statisticId: string,
    readonly statistic: Statistic,
    asked: { readonly name: string | undefined; readonly objectId: string; readonly objectType: string },
  ) {
    const { name, objectId, objectType } = asked;
    this.#id = `"statisticId":${JSON.stringify(statisticId)}}`;
    this.#info =
      `"objectId":${JSON.stringify(objectId)},"objectType":${JSON.stringify(objectType)},` +
      (name === undefined ? '' : `"name":${JSON.stringify(name)},`);
  }

  /** The JSON of its value at the epoch second `now`; `undefined` if it has none. */
  text(now: number, verbose: boolean): string | undefined {
    const current = this.statistic.read(now);
    if (current === null) return undefined;
    return `{"value":${current.text},"timestamp":${current.at},${verbose ? this.#info : ''}${this.#id}`;
  }
}

/** One open subscription. */
export interface Subscription {
  readonly id: string;
  readonly statistics: ReadonlyMap<string, Subscribed>;
}

/** The JSON of the values of a subscription, for the given ids or for all. Unknown ids are skipped. */
export function subscriptionText(subscription: Subscription, now: number, verbose: boolean, ids?: readonly string[]): string {
  const { id, statistics } = subscription;
  const texts: string[] = [];
  const wanted = ids === undefined ? statistics.keys() : new Set(ids);
  for (const one of wanted) {
    const text = statistics.get(one)?.text(now, verbose);
    if (text !== undefined) texts.push(text);
  }
  const idText = JSON.stringify(id);
  return `{"subscriptionId":${idText},"operationId":${idText},"statistics":[${texts.join(',')}]}`;
}
