/** `withHttpClient()`: what is particular to Angular's HttpClient. That it is a transport is a law, in test/laws. */
import '@angular/compiler';
import { HttpBackend, HttpErrorResponse, HttpHeaders, HttpRequest, HttpResponse, provideHttpClient, withInterceptors, withXhr, type HttpInterceptorFn } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { PendingTasks, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { EMPTY, of, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { injectStatistic, injectStatistics, provideStatistics, STATISTICS_REQUEST, withHttpClient } from '../../src/angular/index.js';
import { numberOf, StatisticsNetworkError, type Transport } from '../../src/index.js';
import { allDeleted, eventsOf, quick, sales, startSimulator, until } from '../support/journey.js';
import { setUpTestBed } from './support.js';
import { transportByHttpClient } from './transport.js';

setUpTestBed();

const request = { method: 'GET', url: 'https://host/a', headers: { 'x-api-key': 'k' }, maxBodyBytes: 1000 };
const never = new AbortController().signal;

/** A transport over a backend that answers as it is told. */
function over(handle: (request: HttpRequest<unknown>) => Observable<never>): Transport {
  TestBed.resetTestEnvironment();
  return transportByHttpClient({ provide: HttpBackend, useValue: { handle } });
}

describe('a request', () => {
  it('goes through the interceptors of the application, marked; it follows no redirect and is neither cached nor transferred', async () => {
    const seen: HttpRequest<unknown>[] = [];
    const transport = over((given) => {
      seen.push(given);
      return of(new HttpResponse({ body: new TextEncoder().encode('{}').buffer, status: 200 })) as Observable<never>;
    });
    expect(await transport({ ...request, method: 'DELETE', keepalive: true }, never)).toEqual({ status: 200, headers: {}, body: '{}' });
    const [{ method, url, redirect, transferCache, responseType, keepalive, credentials, cache, context, reportDownloadProgress, headers } = new HttpRequest('GET', '')] = seen;
    expect({ method, url, redirect, transferCache, responseType, keepalive, credentials, cache, reportDownloadProgress, key: headers.get('x-api-key'), marked: context.get(STATISTICS_REQUEST) }).toEqual({
      method: 'DELETE', url: request.url, redirect: 'manual', transferCache: false, responseType: 'arraybuffer', keepalive: true, credentials: 'include', cache: 'no-store', reportDownloadProgress: true, key: 'k', marked: true,
    });
  });

  it('is no redirect where the browser hides one, and none that an interceptor let through', async () => {
    const hidden = over(() => throwError(() => new HttpErrorResponse({ status: 0, responseType: 'opaqueredirect' })));
    await expect(hidden(request, never)).rejects.toThrow('redirects are not followed');
    const followed = over(() => of(new HttpResponse({ status: 200, body: new ArrayBuffer(0), redirected: true })) as Observable<never>);
    await expect(followed(request, never)).rejects.toThrow('redirects are not followed');
  });

  it('fails with the reason of HttpClient, or of an interceptor', async () => {
    const reason = new TypeError('fetch failed');
    await expect(over(() => throwError(() => new HttpErrorResponse({ status: 0, error: reason })))(request, never)).rejects.toBe(reason);
    const own = new RangeError('interceptor');
    await expect(over(() => throwError(() => own))(request, never)).rejects.toBe(own);
  });

  it('fails where HttpClient completes without an answer', async () => {
    await expect(over(() => EMPTY)(request, never)).rejects.toThrow(new StatisticsNetworkError('HttpClient gave no answer', 'failed'));
  });

  it('keeps each header of the answer', async () => {
    const headers = new HttpHeaders({ 'Retry-After': '3' }).append('set-cookie', 'a=1').append('set-cookie', 'b=2');
    const answer = await over(() => throwError(() => new HttpErrorResponse({ status: 503, headers, error: new TextEncoder().encode('busy').buffer })))(request, never);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '3' }, body: 'busy', setCookies: ['a=1', 'b=2'] });
  });

  it('is no pending task, unlike those of the application', async () => {
    const tasks: string[] = [];
    const backend = over(() => EMPTY);
    TestBed.inject(PendingTasks).add = () => {
      tasks.push('added');
      return () => undefined;
    };
    await expect(backend(request, never)).rejects.toThrow('no answer');
    expect(tasks).toEqual([]);
  });
});

describe('the application', () => {
  const tokens: HttpInterceptorFn = (given, next) => next(given.context.get(STATISTICS_REQUEST) ? given.clone({ setHeaders: { 'x-api-key': inject('key' as never) } }) : given);

  it('F173: once it is destroyed, all that was opened is deleted, with the headers that its interceptors added', async () => {
    const simulator = await startSimulator({ apiKey: 'from-the-interceptor' });
    TestBed.configureTestingModule({
      providers: [{ provide: 'key', useValue: 'from-the-interceptor' }, provideHttpClient(withInterceptors([tokens])), provideStatistics({ baseUrl: simulator.url, ...quick, batch: { window: 2, size: 1 } }, withHttpClient())],
    });
    const names = ['Current_In_Queue', 'Total_Answered', 'Total_Abandoned'];
    const tiles = TestBed.runInInjectionContext(() => names.map((name) => injectStatistic(name, sales, { parse: ({ value }) => numberOf(value) })));
    const orphaned = eventsOf(TestBed.runInInjectionContext(() => injectStatistics()), 'orphaned');
    await until('all are there', () => tiles.every(({ status }) => status() === 'resolved'));
    expect(simulator.ledger.opened).toHaveLength(3);
    TestBed.resetTestingModule();
    await allDeleted(simulator);
    expect(orphaned).toEqual([]);
    expect(simulator.ledger.requests.filter(({ status }) => status === 401)).toEqual([]);
  });

  it('is tested with provideHttpClientTesting() as ever', async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClientTesting(), provideStatistics({ baseUrl: 'https://host/v3', batch: { window: 0 } }, withHttpClient())] });
    const waiting = TestBed.runInInjectionContext(() => injectStatistic('a', sales));
    const backend = TestBed.inject(HttpTestingController);
    await expect.poll(() => backend.match(({ url }) => url.startsWith('https://host/v3/subscriptions')).length).toBe(1);
    expect(waiting.status()).toBe('loading');
  });

  it.each([
    ['beside withXhr()', [provideHttpClient(withXhr()), provideStatistics({ baseUrl: 'https://host' }, withHttpClient())], 'withHttpClient() must be without withXhr()'],
    ['beside a transport', [provideStatistics({ baseUrl: 'https://host', transport: () => Promise.reject(new Error()) }, withHttpClient())], 'transport must be left out beside withHttpClient()'],
  ])('%s, the client is not made', (_, providers, message) => {
    TestBed.configureTestingModule({ providers });
    expect(() => TestBed.runInInjectionContext(() => injectStatistics())).toThrow(expect.objectContaining({ name: 'StatisticsOptionError', message: expect.stringContaining(message) }));
  });
});
