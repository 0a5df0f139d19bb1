/**
 * Errors on the bus: plain data there, and an error of the same class on the other side. What was read from the bus is
 * checked and cut; a class that it does not name is the base class.
 */
import {
  StatisticRejectedError,
  StatisticsApiError,
  StatisticsError,
  StatisticsNetworkError,
  type NetworkErrorKind,
  type StatisticRequest,
} from '../index.js';
import { inOrder, isRecord } from './plain.js';

const longestText = 2_000;
const mostRejected = 100;
const kinds: readonly NetworkErrorKind[] = ['refused', 'untrusted', 'failed', 'timeout', 'too-large', 'unreadable', 'redirect'];

/** An error as plain data, without its stack. The messages of this package's errors hold no secret (G11). */
export function errorToData(error: StatisticsError, depth = 0): Readonly<Record<string, unknown>> {
  const data: Record<string, unknown> = { name: error.name, message: cut(error.message) };
  if (error instanceof StatisticsApiError) {
    Object.assign(data, { operation: error.operation, httpStatus: error.httpStatus, code: error.code });
  } else if (error instanceof StatisticsNetworkError) {
    data['kind'] = error.kind;
  } else if (error instanceof StatisticRejectedError) {
    data['definitions'] = error.definitions.slice(0, mostRejected);
  }
  if (depth === 0 && error.cause instanceof StatisticsError) {
    data['cause'] = errorToData(error.cause, 1);
  }
  return data;
}

/**
 * The error that plain data stands for.
 *
 * @param asked - the definitions of the topic that it is about: a rejection names no others.
 */
export function errorOfData(data: unknown, asked: readonly StatisticRequest[] = []): StatisticsError | undefined {
  if (!isRecord(data) || typeof data['message'] !== 'string') {
    return undefined;
  }
  const message = cut(data['message']);
  const cause = errorOfData(data['cause']);
  const options = cause === undefined ? undefined : { cause };
  const { name, operation, httpStatus, code, kind } = data;
  switch (name) {
    case 'StatisticsApiError':
      return new StatisticsApiError(message, {
        operation: typeof operation === 'string' ? cut(operation) : '',
        httpStatus: typeof httpStatus === 'number' ? httpStatus : 0,
        ...(typeof code === 'number' ? { code } : {}),
      });
    case 'StatisticsNetworkError':
      return new StatisticsNetworkError(message, kinds.find((each) => each === kind) ?? 'failed', options);
    case 'StatisticRejectedError':
      return new StatisticRejectedError(message, rejected(data['definitions'], asked), options);
    default:
      return new StatisticsError(message, options);
  }
}

/** Our own definitions that are named; all of them where none is. */
function rejected(named: unknown, asked: readonly StatisticRequest[]): readonly StatisticRequest[] {
  const keys = new Set((Array.isArray(named) ? named.slice(0, mostRejected) : []).map(identify));
  const ours = asked.filter((request) => keys.has(identify(request)));
  return ours.length > 0 ? ours : asked;
}

function identify(request: unknown): string {
  if (!isRecord(request)) {
    return '';
  }
  const { name, definition, objectId, objectType } = request;
  return JSON.stringify([inOrder(name ?? definition), objectId, objectType]);
}

/** One harmless line: no control characters, and no characters that turn a line's direction. */
function cut(text: string): string {
  return text.slice(0, longestText).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}
