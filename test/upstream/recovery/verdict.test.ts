/** The whole policy as a table: what each failure means on opening and on polling, and whether it may have opened something. */
import { describe, expect, it } from 'vitest';
import { StatisticsApiError, StatisticsError, StatisticsNetworkError } from '../../../src/index.js';
import type { NetworkErrorKind } from '../../../src/model/errors.js';
import { needsOperator, mayBeBarred, mayHaveOpened, openVerdict, pollVerdict, isServerRefusal, type Verdict } from '../../../src/upstream/recovery/verdict.js';

const api = (httpStatus: number, code?: number): StatisticsApiError => new StatisticsApiError('', { operation: 'POST /subscriptions', httpStatus, code });
const network = (kind: NetworkErrorKind): StatisticsNetworkError => new StatisticsNetworkError('', kind);

describe('an answer of', () => {
  it.each<[number, Verdict, Verdict, boolean]>([
    [300, 'network', 'network', false],
    [301, 'network', 'network', false],
    [399, 'network', 'network', false],
    [400, 'refusal', 'gone', false],
    [401, 'unauthorized', 'unauthorized', false],
    [403, 'refusal', 'gone', false],
    [404, 'refusal', 'gone', false],
    [405, 'refusal', 'gone', false],
    [407, 'network', 'network', false],
    [408, 'network', 'network', false],
    [410, 'refusal', 'gone', false],
    [413, 'too-large', 'gone', false],
    [422, 'refusal', 'gone', false],
    [425, 'network', 'network', false],
    [429, 'network', 'network', false],
    [499, 'refusal', 'gone', false],
    [500, 'strike', 'strike', false],
    [501, 'strike', 'strike', false],
    [502, 'strike', 'strike', true],
    [503, 'strike', 'strike', false],
    [504, 'strike', 'strike', true],
  ])('%i is "%s" to an open and "%s" to a poll, and has perhaps opened something: %s', (status, open, poll, opened) => {
    expect([openVerdict(api(status)), pollVerdict(api(status)), mayHaveOpened(api(status))]).toEqual([open, poll, opened]);
  });

  it('F27: a success that calls itself a failure may have opened something, and is a no', () => {
    const failed = api(200, 7);
    expect([openVerdict(failed), pollVerdict(failed), mayHaveOpened(failed), isServerRefusal(failed)]).toEqual(['strike', 'strike', true, true]);
  });

  it('F28: a success without data is gone to a poll; to an open it may have opened something, and is no no', () => {
    const empty = api(200, 0);
    expect([openVerdict(empty), pollVerdict(empty), mayHaveOpened(empty), isServerRefusal(empty)]).toEqual(['strike', 'gone', true, false]);
  });

  it('403, 404 or 405 may be about opening as such', () => {
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
  ])('(%s) is "%s", and has perhaps opened something: %s', (kind, verdict, opened) => {
    const error = network(kind);
    expect([openVerdict(error), pollVerdict(error), mayHaveOpened(error)]).toEqual([verdict, verdict, opened]);
    expect([needsOperator(error), isServerRefusal(error)]).toEqual([kind === 'untrusted', false]);
  });

  it('of any other kind is a failure of the network that may have opened something', () => {
    expect([openVerdict(new StatisticsError('')), pollVerdict('text'), mayHaveOpened(undefined), needsOperator(undefined)]).toEqual(['network', 'network', true, false]);
  });
});
