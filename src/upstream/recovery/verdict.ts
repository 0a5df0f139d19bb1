/**
 * The meaning of a failure for an opening, a poll and a DELETE, in one table. Callers decide what to do about it. A peek needs no
 * verdict, because it is tried only once (and once more after a 401).
 */
import { StatisticsApiError, StatisticsNetworkError, type NetworkErrorKind } from '../../model/errors.js';
import { formStatuses, isForeignAnswer, isWithoutData } from '../../wire/envelope.js';

/**
 * - `network`: no usable answer came, which says nothing about the subscription.
 * - `unauthorized`: the token is not accepted.
 * - `strike`: the server failed. A single strike means nothing; consecutive ones may mean that the subscription is lost.
 * - `gone`: the server does not know the subscription. A poll needs a new one; a DELETE has nothing left to do.
 * - `refusal`, `too-large`: the server does not open these definitions, or not this number of them.
 * - `barred`: nothing can be opened at this address, whatever the definitions.
 */
export type Verdict = 'network' | 'unauthorized' | 'strike' | 'gone' | 'refusal' | 'too-large' | 'barred';

/**
 * Verdicts by HTTP status. The first row that includes the status counts. Reasons that the rows do not show:
 * - 403 on a poll is not about credentials. The API reference lists no 4xx for reads, so any 4xx there is about the id.
 * - 410, 422 and the other 4xx have no row of their own, because no server is known to mean "try later" by them.
 * - 501 and 505 do not settle a DELETE: like any 5xx they may come from a gateway.
 */
const answers: readonly (readonly [from: number, to: number, open: Verdict, poll: Verdict, deletion: Verdict])[] = [
  // A success status with a failure code in the body: the operation was not done.
  [0, 299, 'strike', 'strike', 'strike'],
  // Redirects are not followed: they come from a gateway, not from the API.
  [300, 399, 'network', 'network', 'network'],
  [401, 401, 'unauthorized', 'unauthorized', 'unauthorized'],
  // A DELETE that is answered 403 (forbidden), 409 (conflict) or 423 (locked) has deleted nothing.
  [403, 403, 'refusal', 'gone', 'strike'],
  [409, 409, 'refusal', 'gone', 'strike'],
  [423, 423, 'refusal', 'gone', 'strike'],
  // The collection of subscriptions always exists, so the base path is wrong, or a gateway or a redeployment hides it.
  [404, 404, 'barred', 'gone', 'gone'],
  // A proxy that blocks DELETE answers 405. The request has not reached the server, so nothing is deleted.
  [405, 405, 'barred', 'gone', 'network'],
  // 407: a proxy asks for credentials. 408: the request took too long. Both mean "not now" rather than "no".
  [407, 408, 'network', 'network', 'network'],
  ...formStatuses.map((status) => [status, status, 'network', 'network', 'network'] as const),
  [413, 413, 'too-large', 'gone', 'gone'],
  // 425 (too early) and 429 (too many requests) mean "not now" as well.
  [425, 425, 'network', 'network', 'network'],
  [429, 429, 'network', 'network', 'network'],
  [400, 499, 'refusal', 'gone', 'gone'],
  [500, Number.POSITIVE_INFINITY, 'strike', 'strike', 'strike'],
];

export const openVerdict = (error: unknown): Verdict => verdictOf(error, 2);
/** The verdict on a failed poll. Some servers answer a read of an unknown id with a success without data. An empty body may mean it too. */
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
  // An answer beyond the size limit did come from the server. If it stays too large, only a smaller number of statistics can help.
  return error instanceof StatisticsNetworkError && error.kind === 'too-large' ? 'strike' : 'network';
}

/**
 * Whether a failed poll can mean both: the server is down, or it has forgotten the subscription. This holds for a 5xx and for an
 * answer that does not come from the API, such as an empty one or a gateway's page.
 */
export function isInconclusive(error: unknown): boolean {
  return (error instanceof StatisticsApiError && error.httpStatus >= 500) || isForeignAnswer(error);
}

/** Whether the API itself refused: a success status with a failure code in the body. */
export function isServerRefusal(error: unknown): boolean {
  return error instanceof StatisticsApiError && error.httpStatus < 300 && !isWithoutData(error);
}

/** A server without subscriptions answers an opening with 403 (API reference), or its gateway, which lacks the route, with 404 or 405. */
const barred = new Set([403, 404, 405]);

/** Whether a refused opening may mean that nothing can be opened, whatever the definitions. */
export function mayBeBarred(error: unknown): boolean {
  return error instanceof StatisticsApiError && barred.has(error.httpStatus);
}

/**
 * Whether a failed opening may have opened a subscription all the same: its answer was lost, is unreadable, or is a success status
 * with a failure code. By 502 and 504 a gateway says that it lost the answer. A request that was never sent opened nothing.
 */
export function mayHaveOpened(error: unknown): boolean {
  if (error instanceof StatisticsApiError) {
    return error.httpStatus === 502 || error.httpStatus === 504 || error.httpStatus < 300;
  }
  return !(error instanceof StatisticsNetworkError && neverSent.has(error.kind));
}

const neverSent = new Set<NetworkErrorKind>(['refused', 'untrusted', 'redirect']);

/** Whether quick retries are useless, because a person has to repair a certificate first. */
export function needsOperator(error: unknown): boolean {
  return error instanceof StatisticsNetworkError && error.kind === 'untrusted';
}

/** The Retry-After of an error, in milliseconds; `undefined` if it has none. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof StatisticsApiError ? error.retryAfter : undefined;
}
