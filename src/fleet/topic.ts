/**
 * A topic: one statistic, or a set of them, as the processes of a fleet call it. Its key says everything that a leader needs
 * to ask for it, so demand is no more than keys. Knows nothing of values.
 */
import type { Snapshot, StatisticDefinition, StatisticObject, StatisticRequest, StatisticValue } from '../index.js';
import { inOrder, isRecord, parse } from './plain.js';

export interface Topic {
  /** Equal for two topics exactly if they ask for the same, whatever the order of fields and members. One line of text. */
  readonly key: string;
  /** Distinct, in the order of their keys. */
  readonly members: readonly StatisticRequest[];
  readonly isSet: boolean;
}

/** A topic of a set, and how to arrange the values of its members as the caller's snapshot. */
export interface SetTopic<S> {
  readonly topic: Topic;
  readonly arrange: (values: readonly StatisticValue[]) => Snapshot<S>;
}

/** The longest key that is read from the bus: 10,000 statistics of 200 characters. */
const longestKey = 2_000_000;

/** The topic of arguments that a client has checked. The result holds copies. */
export function topicOf(name: string | StatisticDefinition, { objectId, objectType }: StatisticObject): Topic {
  const { key, request } = memberOf({ name, objectId, objectType });
  return { key, members: [request], isSet: false };
}

/** The topic of a set that a client has checked. */
export function topicOfSet<S>(definitions: S): SetTopic<S> {
  const isList = Array.isArray(definitions);
  const names = Object.keys(definitions as object);
  const given = Object.values(definitions as object).map((request) => memberOf(request as StatisticRequest));
  const distinct = [...new Map(given.map((member) => [member.key, member])).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const places = given.map(({ key }) => distinct.findIndex((member) => member.key === key));
  return {
    topic: { key: `[${distinct.map(({ key }) => key).join()}]`, members: distinct.map(({ request }) => request), isSet: true },
    arrange(values) {
      const inPlace = places.map((place) => values[place]);
      // fromEntries defines own properties, so a key like `__proto__` stays a key.
      return Object.freeze(isList ? inPlace : Object.fromEntries(names.map((name, index) => [name, inPlace[index]]))) as Snapshot<S>;
    },
  };
}

/** Reads a key from the bus. `undefined` for anything but a key that this package makes. */
export function readTopic(key: string): Topic | undefined {
  const parts = parse(key, longestKey);
  if (!Array.isArray(parts)) {
    return undefined;
  }
  const isSet = Array.isArray(parts[0]);
  const members = (isSet ? (parts as unknown[]) : [parts]).map(readMember);
  if (members.length === 0 || members.includes(undefined)) {
    return undefined;
  }
  const requests = members as StatisticRequest[];
  const topic = isSet ? topicOfSet(requests).topic : { key: memberOf(requests[0] as StatisticRequest).key, members: requests, isSet };
  return topic.key === key ? topic : undefined;
}

function memberOf({ name, definition, objectId, objectType }: StatisticRequest): { readonly key: string; readonly request: StatisticRequest } {
  const what = inOrder(JSON.parse(JSON.stringify(name ?? definition))) as string | StatisticDefinition;
  const request = typeof what === 'string' ? { name: what, objectId, objectType } : { definition: Object.freeze(what), objectId, objectType };
  return { key: JSON.stringify([what, objectId, objectType]), request: Object.freeze(request) };
}

function readMember(part: unknown): StatisticRequest | undefined {
  if (!Array.isArray(part) || part.length !== 3) {
    return undefined;
  }
  const [what, objectId, objectType] = part as readonly unknown[];
  const isFit = typeof objectId === 'string' && typeof objectType === 'string' && (typeof what === 'string' || isRecord(what));
  return isFit ? ({ [typeof what === 'string' ? 'name' : 'definition']: what, objectId, objectType } as unknown as StatisticRequest) : undefined;
}
