/**
 * What a failure means to an opening, a poll and a DELETE: one table, and the whole policy. What to do about it is the
 * caller's business. Peeks are tried once, so a failure of theirs needs no verdict (a 401 renews the token first).
 */
import { StatisticsApiError, StatisticsNetworkError, type NetworkErrorKind } from '../../model/errors.js';
import { formStatuses, isForeignAnswer, isWithoutData } from '../../wire/envelope.js';

/**
 * - `network`: nothing usable came; says nothing of the subscription.
 * - `unauthorized`: the token is not accepted.
 * - `strike`: the server fails; one strike means nothing, consecutive ones do.
 * - `gone`: the server does not know the subscription, so a new one is needed, and a DELETE is done.
 * - `refusal`, `too-large`: the server will not open these definitions, or not that many.
 * - `barred`: nothing can be opened at this address, whatever the definitions.
 */
export type Verdict = 'network' | 'unauthorized' | 'strike' | 'gone' | 'refusal' | 'too-large' | 'barred';

/**
 * Answers of the server, by their HTTP status; the first row that holds it counts. Not in the table:
 * - 403 on a poll is not about credentials: the API reference lists no 4xx for reads, so any of them is about the id.
 * - 410, 422 and every other 4xx have no row of their own: no server is known to mean "later" by them.
 * - 501 and 505 are no answer to a DELETE either: like any 5xx they may come from a gateway.
 */
const answers: readonly (readonly [from: number, to: number, open: Verdict, poll: Verdict, deletion: Verdict])[] = [
  // A success with a failure code: what it was to do has not been done.
  [0, 299, 'strike', 'strike', 'strike'],
  // Redirects are not followed, and lead to a gateway rather than to the API.
  [300, 399, 'network', 'network', 'network'],
  [401, 401, 'unauthorized', 'unauthorized', 'unauthorized'],
  // A DELETE that is forbidden, in conflict or locked out has deleted nothing.
  [403, 403, 'refusal', 'gone', 'strike'],
  [409, 409, 'refusal', 'gone', 'strike'],
  [423, 423, 'refusal', 'gone', 'strike'],
  // The collection always exists, so it is the base path that is wrong, or a gateway or a redeployment that hides it.
  [404, 404, 'barred', 'gone', 'gone'],
  // A proxy that lets no DELETE through answers 405: nothing has reached the server, so nothing is deleted.
  [405, 405, 'barred', 'gone', 'network'],
  // A proxy that wants credentials, and a request that took too long: "not now" rather than "no".
  [407, 408, 'network', 'network', 'network'],
  ...formStatuses.map((status) => [status, status, 'network', 'network', 'network'] as const),
  [413, 413, 'too-large', 'gone', 'gone'],
  // Too early, and too many requests: "not now" as well.
  [425, 425, 'network', 'network', 'network'],
  [429, 429, 'network', 'network', 'network'],
  [400, 499, 'refusal', 'gone', 'gone'],
  [500, Number.POSITIVE_INFINITY, 'strike', 'strike', 'strike'],
];

export const openVerdict = (error: unknown): Verdict => verdictOf(error, 2);
/** Some servers answer a read of an unknown id with a success without data, or without anything. */
export function pollVerdict(error: unknown): Verdict {
  if (error instanceof StatisticsApiError && isWithoutData(error)) {
    return 'gone';
  }
  return isForeignAnswer(error) ? 'strike' : verdictOf(error, 3);
}
export const deleteVerdict = (error: unknown): Verdict => verdictOf(error, 4);

function verdictOf(error: unknown, column: 2 | 3 | 4): Verdict {
  if (error instanceof StatisticsApiError) {
    const { httpStatus } = error;
    return answers.find(([from, to]) => httpStatus >= from && httpStatus <= to)?.[column] ?? 'strike';
  }
  // An answer past the limit came from the server. If it stays too large, only fewer statistics at a time can help.
  return error instanceof StatisticsNetworkError && error.kind === 'too-large' ? 'strike' : 'network';
}

/**
 * Whether a failed poll leaves open if the server is down or has forgotten the subscription: a 5xx, or an answer that is
 * nothing of the API's, such as an empty one or a gateway's page. A server that is down may answer everything so.
 */
export function isInconclusive(error: unknown): boolean {
  return (error instanceof StatisticsApiError && error.httpStatus >= 500) || isForeignAnswer(error);
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
