/**
 * What a failure means to an opening, a poll and a DELETE: one table, and the whole policy. What to do about it is the
 * caller's business. Peeks are tried once, so a failure of theirs needs no verdict (a 401 renews the token first).
 */
import { StatisticsApiError, StatisticsNetworkError, type NetworkErrorKind } from '../../model/errors.js';
import { isWithoutData } from '../../wire/envelope.js';

/**
 * - `network`: nothing usable came; says nothing of the subscription.
 * - `unauthorized`: the token is not accepted.
 * - `strike`: the server fails; one strike means nothing, consecutive ones do.
 * - `gone`: the server does not know the subscription, so a new one is needed, and a DELETE is done.
 * - `refusal`, `too-large`: the server will not open these definitions, or not that many.
 */
export type Verdict = 'network' | 'unauthorized' | 'strike' | 'gone' | 'refusal' | 'too-large';

interface Row {
  readonly matches: (error: StatisticsApiError) => boolean;
  readonly open: Verdict;
  readonly poll: Verdict;
  readonly delete: Verdict;
}

const status =
  (...statuses: number[]) =>
  ({ httpStatus }: StatisticsApiError): boolean =>
    statuses.includes(httpStatus);
const between =
  (from: number, to: number) =>
  ({ httpStatus }: StatisticsApiError): boolean =>
    httpStatus >= from && httpStatus <= to;
const same = (verdict: Verdict): Omit<Row, 'matches'> => ({ open: verdict, poll: verdict, delete: verdict });

/**
 * Answers of the server, the first match counts. Not in the table:
 * - 403 on a poll is not about credentials. The API reference lists no 4xx for reads, so any of them is about the id.
 * - 409, 410, 422 and every other 4xx: no server is known to mean "later" by them.
 * - 501 and 505 are no answer to a DELETE either: like any 5xx they may come from a gateway.
 */
const answers: readonly Row[] = [
  // A success without data is the answer of some servers to an unknown id; an opening that got one may be tried again.
  { matches: isWithoutData, open: 'strike', poll: 'gone', delete: 'gone' },
  // A success with a failure code. A DELETE was heard all the same.
  { matches: between(0, 299), open: 'strike', poll: 'strike', delete: 'gone' },
  // A redirect is not followed, and leads to a gateway rather than to the API.
  { matches: between(300, 399), ...same('network') },
  { matches: status(401), ...same('unauthorized') },
  // These say "not now" rather than "no"; 407 comes from a proxy that wants credentials.
  { matches: status(407, 408, 425, 429), ...same('network') },
  // A proxy that lets no DELETE through answers 405; the server has heard nothing, so it is not deleted.
  { matches: status(405), open: 'refusal', poll: 'gone', delete: 'network' },
  { matches: status(413), open: 'too-large', poll: 'gone', delete: 'gone' },
  { matches: between(400, 499), open: 'refusal', poll: 'gone', delete: 'gone' },
  { matches: () => true, ...same('strike') },
];

export const openVerdict = (error: unknown): Verdict => verdictOf(error, 'open');
export const pollVerdict = (error: unknown): Verdict => verdictOf(error, 'poll');
export const deleteVerdict = (error: unknown): Verdict => verdictOf(error, 'delete');

function verdictOf(error: unknown, operation: 'open' | 'poll' | 'delete'): Verdict {
  if (error instanceof StatisticsApiError) {
    return answers.find(({ matches }) => matches(error))?.[operation] ?? 'strike';
  }
  // An answer past the limit came from the server. If it stays too large, only fewer statistics at a time can help.
  return error instanceof StatisticsNetworkError && error.kind === 'too-large' ? 'strike' : 'network';
}

/** Whether the failure tells nothing about the request itself: a server or gateway that is down answers everything so. */
export function isServerError(error: unknown): boolean {
  return error instanceof StatisticsApiError && error.httpStatus >= 500;
}

/** Whether the server itself said no in an answer of its own making: a success whose code is a failure. */
export function isServerRefusal(error: unknown): boolean {
  return error instanceof StatisticsApiError && error.httpStatus < 300 && !isWithoutData(error);
}

/** The answers to an opening by a server that offers no subscriptions: 403 by the reference, 404 or 405 by a gateway without the route. */
const barred = new Set([403, 404, 405]);

/** Whether the refusal of an opening may be about opening as such, rather than about the definitions. */
export function mayBeBarred(error: unknown): boolean {
  return error instanceof StatisticsApiError && barred.has(error.httpStatus);
}

/**
 * Whether an opening that failed this way may have opened something all the same: its answer was lost, cannot be read, or
 * is a success that calls itself a failure. 502 and 504 are a gateway's word that it lost the answer. A request that was
 * never sent opened nothing.
 */
export function mayHaveOpened(error: unknown): boolean {
  if (error instanceof StatisticsApiError) {
    return error.httpStatus === 502 || error.httpStatus === 504 || error.httpStatus < 300;
  }
  return !(error instanceof StatisticsNetworkError && neverSent.has(error.kind));
}

const neverSent = new Set<NetworkErrorKind>(['refused', 'untrusted', 'redirect']);

/** Whether no quick retry can help, because a certificate has to be repaired first. */
export function needsOperator(error: unknown): boolean {
  return error instanceof StatisticsNetworkError && error.kind === 'untrusted';
}

/** Milliseconds for which the server asked to be left alone; `undefined` where it asked for nothing. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof StatisticsApiError ? error.retryAfter : undefined;
}
