/**
 * What a failure means, read from it alone; what to do about it is the upstream's business. The two lists are the whole
 * policy: a status that is not named falls to the default below it.
 */
import { StatisticsApiError, StatisticsNetworkError, type NetworkErrorKind } from '../../model/errors.js';
import { isWithoutData } from '../../wire/envelope.js';

/**
 * - `network`: nothing usable came; says nothing of the subscription.
 * - `unauthorized`: the token is not accepted.
 * - `strike`: the server fails; one or two mean nothing, a few on end do.
 * - `gone`: the server does not know the subscription.
 * - `refusal`, `too-large`: the server will not open these definitions, or not so many.
 */
export type Verdict = 'network' | 'unauthorized' | 'strike' | 'gone' | 'refusal' | 'too-large';

/** Client errors that say "not now" rather than "no"; 407 is no word of the server's at all, but of a proxy that wants credentials. */
const notNow = new Set([407, 408, 425, 429]);

export function openVerdict(error: unknown): Verdict {
  if (!(error instanceof StatisticsApiError)) {
    return unanswered(error);
  }
  const { httpStatus } = error;
  if (httpStatus === 413) {
    return 'too-large';
  }
  return common(error) ?? (httpStatus >= 400 ? 'refusal' : 'strike');
}

export function pollVerdict(error: unknown): Verdict {
  if (!(error instanceof StatisticsApiError)) {
    return unanswered(error);
  }
  // The reference lists no 4xx for reads, so any that comes is about the id; so is a 200 without data.
  return isWithoutData(error) ? 'gone' : (common(error) ?? (error.httpStatus >= 400 ? 'gone' : 'strike'));
}

/** What an opening is answered where opening itself is not for us; the reference lists 403, a gateway without the route says 404 or 405. */
const barred = new Set([403, 404, 405]);

/** Whether a refusal of an open may be about opening as such, rather than about what was to be opened. */
export function mayBeBarred(error: unknown): boolean {
  return error instanceof StatisticsApiError && barred.has(error.httpStatus);
}

/**
 * Whether an open that failed this way may have opened something all the same: its answer was lost on the way, or cannot
 * be read, or is a success that calls itself a failure. 502 and 504 are a gateway's word that it lost the answer. A request
 * that was never sent opened nothing.
 */
export function mayHaveOpened(error: unknown): boolean {
  if (error instanceof StatisticsApiError) {
    return error.httpStatus === 502 || error.httpStatus === 504 || error.httpStatus < 300;
  }
  return !(error instanceof StatisticsNetworkError && neverSent.has(error.kind));
}

const neverSent = new Set<NetworkErrorKind>(['refused', 'untrusted', 'redirect']);

/** Whether no quick retry can heal it: somebody has to see to a certificate first. Without this a fleet would hammer at handshakes. */
export function needsOperator(error: unknown): boolean {
  return error instanceof StatisticsNetworkError && error.kind === 'untrusted';
}

/** Whether the server itself said no in an answer of its own making: a success whose code is a failure. */
export function isServerRefusal(error: unknown): boolean {
  return error instanceof StatisticsApiError && error.httpStatus < 300 && !isWithoutData(error);
}

/** An answer past the limit is one of the server's all the same. If it stays so, only fewer statistics at a time can help. */
function unanswered(error: unknown): Verdict {
  return error instanceof StatisticsNetworkError && error.kind === 'too-large' ? 'strike' : 'network';
}

function common({ httpStatus }: StatisticsApiError): Verdict | undefined {
  if (httpStatus === 401) {
    return 'unauthorized';
  }
  if (notNow.has(httpStatus) || (httpStatus >= 300 && httpStatus < 400)) {
    return 'network';
  }
  return httpStatus >= 500 ? 'strike' : undefined;
}
