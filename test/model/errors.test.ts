/** The form of an error for loggers: all fields of its class, its causes, and never a secret. */
import { catchError, lastValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticRejectedError, StatisticsApiError, StatisticsError, StatisticsNetworkError, StatisticsOptionError } from '../../src/index.js';
import { sales, startClient, startSimulator } from '../support/journey.js';

const logged = (error: unknown): unknown => JSON.parse(JSON.stringify({ error })) as unknown;

describe('an error as JSON', () => {
  it.each<[string, StatisticsError, object]>([
    ['of the base class', new StatisticsError('ended'), { name: 'StatisticsError', message: 'ended' }],
    [
      'of the server',
      new StatisticsApiError('refused', { operation: 'POST /subscriptions', httpStatus: 503, code: 7, detail: { why: ['busy'] }, retryAfter: 1000 }),
      { name: 'StatisticsApiError', message: 'refused', operation: 'POST /subscriptions', httpStatus: 503, code: 7, detail: { why: ['busy'] }, retryAfter: 1000 },
    ],
    ['of the network', new StatisticsNetworkError('reset', 'failed'), { name: 'StatisticsNetworkError', message: 'reset', kind: 'failed' }],
    ['of an option', new StatisticsOptionError('no', 'poll.interval'), { name: 'StatisticsOptionError', message: 'no', option: 'poll.interval' }],
    ['of a statistic', new StatisticRejectedError('no', [{ name: 'a', ...sales }]), { name: 'StatisticRejectedError', message: 'no', definitions: [{ name: 'a', ...sales }] }],
  ])('%s has the fields of its class, and no others', (_, error, shown) => {
    expect(logged(error)).toEqual({ error: shown });
    expect(Object.keys(error.toJSON()).slice(0, 2)).toEqual(['name', 'message']);
  });

  it('has its causes, those that are not our own errors by name, message and code', () => {
    const reset = Object.assign(new TypeError('reset'), { code: 'ECONNRESET', socket: { key: 'secret' } });
    const network = new StatisticsNetworkError('failed', 'failed', { cause: reset });
    expect(logged(new StatisticRejectedError('no', [], { cause: network }))).toEqual({
      error: {
        name: 'StatisticRejectedError',
        message: 'no',
        definitions: [],
        cause: { name: 'StatisticsNetworkError', message: 'failed', kind: 'failed', cause: { name: 'TypeError', message: 'reset', code: 'ECONNRESET' } },
      },
    });
  });

  it.each([['a text', '"a text"'], [{ key: 'secret' }, 'an object'], [null, 'null'], [7, '7']])('shows a cause that is no error briefly: %o', (cause, shown) => {
    expect(logged(new StatisticsError('no', { cause }))).toMatchObject({ error: { cause: shown } });
  });

  it('ends, even if its causes form a cycle', () => {
    const error = new Error('first');
    error.cause = new StatisticsError('second', { cause: error });
    expect(JSON.stringify(new StatisticsError('outer', { cause: error })).length).toBeLessThan(1000);
  });

  it('G11: holds no credential, even if the server repeats them', async () => {
    const apiKey = 'key-0123456789';
    const simulator = await startSimulator();
    simulator.fault({ operation: 'peek', kind: 'status', status: 400, body: { status: { code: 2, message: `no ${apiKey}`, detail: { apiKey } } } });
    const client = startClient(simulator.url, { apiKey });
    const error = await lastValueFrom(client.peek$('Current_In_Queue', sales).pipe(catchError((failure: unknown) => of(failure))), { defaultValue: undefined });
    expect(error).toBeInstanceOf(StatisticsApiError);
    expect(JSON.stringify(error)).toContain('httpStatus');
    expect(JSON.stringify(error)).not.toContain(apiKey);
  });
});
