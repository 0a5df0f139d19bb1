/** The verdicts as a table: the meaning of each failure for an opening, a poll and a DELETE, and whether something may be open. */
import { describe, expect, it } from 'vitest';
import { StatisticsApiError, StatisticsError, StatisticsNetworkError } from '../../../src/index.js';
import { foreignAnswer } from '../../../src/wire/envelope.js';
import type { NetworkErrorKind } from '../../../src/model/errors.js';
import { deleteVerdict, isInconclusive, isServerRefusal, mayBeBarred, mayHaveOpened, needsOperator, openVerdict, pollVerdict, retryAfterOf, type Verdict } from '../../../src/upstream/recovery/verdict.js';

const api = (httpStatus: number, code?: number): StatisticsApiError => new StatisticsApiError('', { operation: 'POST /subscriptions', httpStatus, code });
const network = (kind: NetworkErrorKind): StatisticsNetworkError => new StatisticsNetworkError('', kind);

describe('an answer of', () => {
  it.each<[number, Verdict, Verdict, Verdict, boolean]>([
    [300, 'network', 'network', 'network', false],
    [301, 'network', 'network', 'network', false],
    [399, 'network', 'network', 'network', false],
    [400, 'refusal', 'gone', 'gone', false],
    [401, 'unauthorized', 'unauthorized', 'unauthorized', false],
    [403, 'refusal', 'gone', 'strike', false],
    [404, 'barred', 'gone', 'gone', false],
    [405, 'barred', 'gone', 'network', false],
    [406, 'network', 'network', 'network', false],
    [407, 'network', 'network', 'network', false],
    [408, 'network', 'network', 'network', false],
    [409, 'refusal', 'gone', 'strike', false],
    [410, 'refusal', 'gone', 'gone', false],
    [413, 'too-large', 'gone', 'gone', false],
    [422, 'refusal', 'gone', 'gone', false],
    [423, 'refusal', 'gone', 'strike', false],
    [425, 'network', 'network', 'network', false],
    [429, 'network', 'network', 'network', false],
    [431, 'network', 'network', 'network', false],
    [499, 'refusal', 'gone', 'gone', false],
    [500, 'strike', 'strike', 'strike', false],
    [501, 'strike', 'strike', 'strike', false],
    [502, 'strike', 'strike', 'strike', true],
    [503, 'strike', 'strike', 'strike', false],
    [504, 'strike', 'strike', 'strike', true],
  ])('%i means "%s" to an opening, "%s" to a poll and "%s" to a DELETE; may have opened something: %s', (status, open, poll, del, opened) => {
    const error = api(status);
    expect([openVerdict(error), pollVerdict(error), deleteVerdict(error), mayHaveOpened(error)]).toEqual([open, poll, del, opened]);
    expect(isInconclusive(error)).toBe(status >= 500);
  });

  it('F27: a success with a failure code may have opened something, and is the refusal of the server itself', () => {
    const failed = api(200, 7);
    expect([openVerdict(failed), pollVerdict(failed), deleteVerdict(failed)]).toEqual(['strike', 'strike', 'strike']);
    expect([mayHaveOpened(failed), isServerRefusal(failed), isInconclusive(failed)]).toEqual([true, true, false]);
  });

  it('F28: a success without data means "gone" to a poll; it may have opened something, and is no refusal', () => {
    const empty = api(200, 0);
    expect([openVerdict(empty), pollVerdict(empty)]).toEqual(['strike', 'gone']);
    expect([mayHaveOpened(empty), isServerRefusal(empty)]).toEqual([true, false]);
  });

  it('F42: a Retry-After is the hint of any answer, and of no other failure', () => {
    const asked = new StatisticsApiError('', { operation: '', httpStatus: 503, retryAfter: 20_000 });
    expect([retryAfterOf(asked), retryAfterOf(api(503)), retryAfterOf(network('timeout'))]).toEqual([20_000, undefined, undefined]);
  });

  it('403, 404 and 405 may be about opening as such', () => {
    const statuses = [400, 401, 403, 404, 405, 410, 413, 500];
    expect(statuses.filter((status) => mayBeBarred(api(status)))).toEqual([403, 404, 405]);
    expect(mayBeBarred(network('failed'))).toBe(false);
    expect(statuses.filter((status) => isServerRefusal(api(status)))).toEqual([]);
  });
});

describe('no answer', () => {
  it.each<[NetworkErrorKind, Verdict, boolean]>([
    ['refused', 'network', false],
    ['untrusted', 'network', false],
    ['redirect', 'network', false],
    ['failed', 'network', true],
    ['timeout', 'network', true],
    ['unreadable', 'network', true],
    ['too-large', 'strike', true],
  ])('(%s) means "%s" to any request; may have opened something: %s', (kind, verdict, opened) => {
    const error = network(kind);
    expect([openVerdict(error), pollVerdict(error), deleteVerdict(error), mayHaveOpened(error)]).toEqual([verdict, verdict, verdict, opened]);
    expect(isInconclusive(error)).toBe(false);
    expect([needsOperator(error), isServerRefusal(error)]).toEqual([kind === 'untrusted', false]);
  });

  it('of the API, but a success status, is a strike for a poll, like a 5xx', () => {
    const error = foreignAnswer('');
    expect([openVerdict(error), pollVerdict(error), deleteVerdict(error), isInconclusive(error)]).toEqual(['network', 'strike', 'network', true]);
  });

  it('(any other error) means "network", and may have opened something', () => {
    expect([openVerdict(new StatisticsError('')), pollVerdict('text'), mayHaveOpened(undefined), needsOperator(undefined)]).toEqual(['network', 'network', true, false]);
  });
});
