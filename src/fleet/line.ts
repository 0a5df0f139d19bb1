/**
 * The line of text that a leader publishes for a topic: its status, when it was received, the values of all members from
 * one answer of the server (G6), and the error. Whatever was read from the bus is checked here and nowhere else.
 */
import type { StatisticsError, StatisticRequest, StatisticValue } from '../index.js';
import { errorOfData, errorToData } from './errors.js';
import { freezePlain, parse } from './plain.js';
import type { Topic } from './topic.js';

/** The present state of a topic. */
export interface Update {
  readonly status: 'live' | 'stale' | 'failed';
  /** The value of every member, in their order; `undefined` while there are none. */
  readonly values: readonly StatisticValue[] | undefined;
  readonly error: StatisticsError | undefined;
  /** Epoch milliseconds; `undefined` where there is no value. */
  readonly receivedAt: number | undefined;
}

/** The longest line that is read. The client itself takes answers of 16 MiB. */
const longestLine = 16 * 1024 * 1024;
const longestId = 512;
const statuses = ['live', 'stale', 'failed'] as const;

export function toLine({ status, values, error, receivedAt }: Update): string {
  return JSON.stringify([
    statuses.indexOf(status),
    receivedAt ?? null,
    values?.map(({ timestamp, value, statisticId }) => (statisticId === undefined ? [timestamp, value] : [timestamp, value, statisticId])) ?? null,
    ...(error === undefined ? [] : [errorToData(error)]),
  ]);
}

/** `undefined` for a line that this package does not write. Names and objects are the topic's own, never those of the bus. */
export function readLine(line: string, topic: Topic): Update | undefined {
  const data = parse(line, longestLine);
  if (!Array.isArray(data)) {
    return undefined;
  }
  const [code, receivedAt, list, failure] = data as readonly unknown[];
  const status = typeof code === 'number' ? statuses[code] : undefined;
  const values = list === null ? undefined : readValues(list, topic);
  const error = errorOfData(failure, topic.members);
  const isWhole =
    status !== undefined &&
    (list === null || values !== undefined) &&
    (receivedAt === null || isTime(receivedAt)) &&
    (status !== 'live' || (values !== undefined && receivedAt !== null)) &&
    (status !== 'failed' || error !== undefined);
  return isWhole ? { status, values, error, receivedAt: receivedAt ?? undefined } : undefined;
}

function readValues(list: unknown, { members }: Topic): readonly StatisticValue[] | undefined {
  if (!Array.isArray(list) || list.length !== members.length) {
    return undefined;
  }
  const values = members.map((member, index) => readValue((list as unknown[])[index], member));
  return values.includes(undefined) ? undefined : (values as StatisticValue[]);
}

function readValue(given: unknown, { name, objectId, objectType }: StatisticRequest): StatisticValue | undefined {
  if (!Array.isArray(given)) {
    return undefined;
  }
  const [timestamp, value, statisticId] = given as readonly unknown[];
  const hasId = typeof statisticId === 'string' && statisticId.length <= longestId;
  if ((timestamp !== null && !isTime(timestamp)) || value === undefined || (statisticId !== undefined && !hasId) || !freezePlain(value)) {
    return undefined;
  }
  return Object.freeze({
    ...(typeof name === 'string' ? { name } : {}),
    objectId,
    objectType,
    ...(hasId ? { statisticId } : {}),
    timestamp,
    value,
  });
}

function isTime(given: unknown): given is number {
  return typeof given === 'number' && Number.isFinite(given);
}
