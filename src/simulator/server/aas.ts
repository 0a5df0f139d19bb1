/**
 * The endpoints of Genesys' agent-api-simulator, which differs from the API reference. Owns its ids and the form of its values; the
 * numbers come from the same centre. Its behaviour was observed by running version 1.0.5.
 */
import { Refusal } from '../statistics/refusal.js';
import type { Answer } from './answer.js';
import type { RequestBody } from './body.js';
import type { EndpointContext } from './endpoints.js';
import type { OpenEntry } from '../ledger.js';

/** The names that this server knows: those of its own profiles, and the counts of an agent's calls. */
const QUEUE_NAMES = ['AverageWaitingTime', 'Current_In_Queue', 'CurrMaxCallWaitingTime', 'ServiceLevel', 'Total_Abandoned', 'Total_Answered'];
const AGENT_NAMES = ['ReadyDuration', 'TalkDuration', 'HoldDuration', 'AverageHandlingTime', 'InboundCalls', 'OutboundCalls', 'InternalCalls'];

interface Held {
  readonly objectId: unknown;
  readonly objectType: unknown;
  readonly name: unknown;
  readonly statisticId: string;
  /** Epoch ms of the opening. The outer timestamps keep this value. */
  readonly at: number;
}

/** The operations of the server. */
export interface AasEndpoints {
  open(body: RequestBody, entry: OpenEntry): Answer;
  /** Answers a read. DELETE has the same answer, and deletes nothing. */
  read(id: string): Answer;
  /** Answers a peek, which this server does not implement. */
  nothing(): Answer;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const hexId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
const ok = (data?: object): Answer => ({ status: 200, body: JSON.stringify({ status: { code: 0 }, ...(data === undefined ? {} : { data }) }) });
const page = (status: number, text: string): Answer => ({
  status, body: `<!DOCTYPE html>\n<html lang="en">\n<body>\n<pre>${text}</pre>\n</body>\n</html>\n`, headers: { 'Content-Type': 'text/html; charset=utf-8' },
});

export function createAas(context: EndpointContext): AasEndpoints {
  const held = new Map<string, readonly Held[]>();

  /** The centre's number for a statistic; `undefined` if this server does not know the statistic. */
  const numberOf = ({ objectId, objectType, name }: Held, now: number): unknown => {
    if (typeof name !== 'string' || typeof objectId !== 'string' || typeof objectType !== 'string') return undefined;
    try {
      const statistic = context.statistics.find({ name, definition: undefined, objectId, objectType });
      if (!statistic.isScripted && !QUEUE_NAMES.includes(name) && !AGENT_NAMES.includes(name)) return undefined;
      const value = JSON.parse(statistic.read(now)?.text ?? 'null') as unknown;
      // This server has whole numbers only.
      return isObject(value) && 'stringValue' in value ? Math.round(Number(value['stringValue'])) : value;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  };

  const valueOf = (one: Held, now: number, isOpening: boolean): unknown => {
    const value = numberOf(one, now);
    if (value === undefined) return { intervalLength: 0, tag: -1, stringValue: '0', timestamp: null, intValue: 0 };
    if (typeof value !== 'number') return value;
    // Agents' counts have no value in the answer to the opening, and their time is text.
    if (isOpening && AGENT_NAMES.includes(String(one.name))) {
      return { intervalLength: 0, tag: -1, stringValue: 'null', timestamp: new Date(one.at).toISOString(), intValue: null };
    }
    return { intervalLength: 0, tag: -1, stringValue: String(value), timestamp: one.at, intValue: value };
  };

  const dataOf = (id: string, all: readonly Held[], now: number, isOpening: boolean): object => ({
    subscriptionId: id,
    operationId: id,
    statistics: all.map((one) => ({
      value: valueOf(one, now, isOpening), timestamp: one.at, objectId: one.objectId, objectType: one.objectType, name: one.name, statisticId: one.statisticId,
    })),
  });

  return {
    open({ json, error, text }, entry) {
      if (error !== undefined) return page(400, 'SyntaxError: Unexpected token in JSON<br> &nbsp; &nbsp;at JSON.parse (&lt;anonymous&gt;)');
      const data = text !== '' && isObject(json) ? json['data'] : undefined;
      const statistics = isObject(data) ? data['statistics'] : undefined;
      if (!isObject(statistics)) return ok();
      const asked = Object.values(statistics);
      if (!asked.every(isObject)) return page(500, 'TypeError: Cannot read properties of null (reading &#39;objectId&#39;)');
      const now = context.now();
      const id = hexId();
      const all = asked.map(({ objectId, objectType, name }): Held => ({ objectId, objectType, name, statisticId: hexId(), at: now * 1000 }));
      held.set(id, all);
      context.subscriptions.set(id, { id, statistics: new Map() });
      context.book.opened(id);
      entry.subscriptionId = id;
      return ok(dataOf(id, all, now, true));
    },
    read(id) {
      const now = context.now();
      const all = held.get(id);
      // A subscription that a test has forgotten is no longer in the list of open ones.
      return all === undefined || !context.subscriptions.has(id) ? ok() : ok(dataOf(id, all, now, false));
    },
    nothing: () => ok(),
  };
}
