/**
 * A `fetch` by Angular's HttpClient, for `fetchTransport`, which owns the duties of a transport. Owns what is particular to
 * HttpClient: its interceptors, its pending tasks, and its end. Knows nothing of the API.
 */
import { HttpBackend, HttpClient, HttpContext, HttpErrorResponse, HttpEventType, HttpHandler, HttpResponse, type HttpContextToken, type HttpHeaders } from '@angular/common/http';
import { DestroyRef, EnvironmentInjector, NgZone, PendingTasks, createEnvironmentInjector, inject, type Type } from '@angular/core';
import { Subscription } from 'rxjs';
import { StatisticsNetworkError, StatisticsOptionError, type Fetch } from '../index.js';

/**
 * @param mark - set in the context of every request.
 * @param limit - gives the most bytes of body to take, when a request is sent.
 */
export function createFetch(mark: HttpContextToken<boolean>, limit: () => number): Fetch {
  const backend = inject(HttpBackend);
  // By its shape, since naming its class would bring it into every bundle.
  if ('xhrFactory' in backend) {
    throw new StatisticsOptionError('withHttpClient() must be without withXhr(): XMLHttpRequest follows redirects, and takes the key along', 'withHttpClient');
  }
  const zone = inject(NgZone);
  const destroyRef = inject(DestroyRef);
  let added: Record<string, string> = {};
  // Sees requests as the interceptors leave them: none is left to add its headers once the application is destroyed.
  const http = quietClient(inject(EnvironmentInjector), (request) => {
    added = Object.fromEntries(headersOf(request.headers));
    return backend.handle(request);
  });

  return async (url, init) => {
    const byPlatform = (): Promise<Response> => fetch(url, { ...init, headers: { ...added, ...(init.headers as Record<string, string>) } });
    if (destroyRef.destroyed) {
      return byPlatform();
    }
    const answer = await zone.runOutsideAngular(() => send(http, mark, limit(), url, init));
    if (answer !== undefined) {
      return answer;
    }
    // HttpClient completes without an answer where the application is destroyed meanwhile.
    if (init.method === 'DELETE') {
      return byPlatform();
    }
    throw new StatisticsNetworkError('HttpClient gave no answer', 'failed');
  };
}

/** An HttpClient with the interceptors of the application whose requests are no pending tasks, as every poll would be. */
function quietClient(parent: EnvironmentInjector, handle: HttpBackend['handle']): HttpClient {
  const handler = parent.get(HttpHandler).constructor as Type<HttpHandler>;
  const quiet = { provide: PendingTasks, useValue: { add: () => () => undefined } };
  return new HttpClient(createEnvironmentInjector([quiet, { provide: HttpBackend, useValue: { handle } }, handler], parent).get(handler));
}

/** Resolves with the answer, or with `undefined` where HttpClient completes without one. */
function send(http: HttpClient, mark: HttpContextToken<boolean>, most: number, url: string, { method = 'GET', signal, body, headers, ...init }: RequestInit): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    const subscription = new Subscription();
    const fail = (error: Error): void => {
      subscription.unsubscribe();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort);
    subscription.add(() => signal?.removeEventListener('abort', onAbort));
    subscription.add(
      http
        .request(method, url, {
          // `cache`, `credentials`, `keepalive` and `redirect` as they are.
          ...init,
          body,
          headers: headers as Record<string, string>,
          context: new HttpContext().set(mark, true),
          observe: 'events',
          responseType: 'arraybuffer',
          reportDownloadProgress: true,
          transferCache: false,
        })
        .subscribe({
          next: (event) => {
            if (event.type === HttpEventType.DownloadProgress && event.loaded > most) {
              fail(new StatisticsNetworkError(`the answer is larger than ${most} bytes`, 'too-large'));
            } else if (event instanceof HttpResponse) {
              resolve(responseOf(event, event.body));
            }
          },
          error: (error: unknown) => {
            if (error instanceof HttpErrorResponse && (error.status > 0 || error.responseType === 'opaqueredirect')) {
              resolve(responseOf(error, error.error as ArrayBuffer | null));
            } else {
              fail((error instanceof HttpErrorResponse ? error.error : error) as Error);
            }
            subscription.unsubscribe();
          },
          complete: () => {
            resolve(undefined);
            subscription.unsubscribe();
          },
        }),
    );
  });
}

/** As much of a `Response` as `fetchTransport` reads. A real one could hold neither cookies nor a status of 0. */
function responseOf({ ok, status, headers, redirected = false, responseType }: HttpResponse<unknown> | HttpErrorResponse, body: ArrayBuffer | null): Response {
  const response = { ok, status, redirected, type: responseType, headers: new Headers(headersOf(headers)), body: body && [new Uint8Array(body)] };
  return response as unknown as Response;
}

/** A pair for each value. */
function headersOf(headers: HttpHeaders): [name: string, value: string][] {
  return headers.keys().flatMap((name) => (headers.getAll(name) ?? []).map((value): [string, string] => [name, value]));
}
