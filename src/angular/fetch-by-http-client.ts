/**
 * A `fetch` over Angular's HttpClient, for `fetchTransport`, which fulfils the duties of a transport. Owns the treatment of
 * interceptors, of pending tasks, and of the end of the application. Knows nothing of the API.
 */
import { HttpBackend, HttpClient, HttpContext, HttpErrorResponse, HttpEventType, HttpHandler, HttpResponse, type HttpContextToken, type HttpHeaders } from '@angular/common/http';
import { DestroyRef, EnvironmentInjector, NgZone, PendingTasks, createEnvironmentInjector, inject, type Type } from '@angular/core';
import { Subscription } from 'rxjs';
import { StatisticsNetworkError, StatisticsOptionError, type Fetch } from '../index.js';

/**
 * @param mark - set in the context of every request.
 * @param limit - returns the most bytes of body to accept. Called for each request.
 */
export function createFetch(mark: HttpContextToken<boolean>, limit: () => number): Fetch {
  const backend = inject(HttpBackend);
  // Checks the shape instead of the class, because importing the class would add it to every bundle.
  if ('xhrFactory' in backend) {
    throw new StatisticsOptionError('withHttpClient() must be without withXhr(): XMLHttpRequest follows redirects, and takes the key along', 'withHttpClient');
  }
  const zone = inject(NgZone);
  const destroyRef = inject(DestroyRef);
  let added: Record<string, string> = {};
  // Remembers the headers that interceptors add, because interceptors cannot run once the application is destroyed.
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
    // HttpClient completes without an answer if the application is destroyed during the request.
    if (init.method === 'DELETE') {
      return byPlatform();
    }
    throw new StatisticsNetworkError('HttpClient gave no answer', 'failed');
  };
}

/** An HttpClient with the application's interceptors. Its requests do not count as pending tasks, so that polls do not delay stability. */
function quietClient(parent: EnvironmentInjector, handle: HttpBackend['handle']): HttpClient {
  const handler = parent.get(HttpHandler).constructor as Type<HttpHandler>;
  const quiet = { provide: PendingTasks, useValue: { add: () => () => undefined } };
  return new HttpClient(createEnvironmentInjector([quiet, { provide: HttpBackend, useValue: { handle } }, handler], parent).get(handler));
}

/** Resolves to the answer, or to `undefined` if HttpClient completes without one. */
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
          // Passes `cache`, `credentials`, `keepalive` and `redirect` on.
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

/** The parts of a `Response` that `fetchTransport` reads. A real `Response` cannot hold cookies or the status 0. */
function responseOf({ ok, status, headers, redirected = false, responseType }: HttpResponse<unknown> | HttpErrorResponse, body: ArrayBuffer | null): Response {
  const response = { ok, status, redirected, type: responseType, headers: new Headers(headersOf(headers)), body: body && [new Uint8Array(body)] };
  return response as unknown as Response;
}

/** One pair per value of each header. */
function headersOf(headers: HttpHeaders): [name: string, value: string][] {
  return headers.keys().flatMap((name) => (headers.getAll(name) ?? []).map((value): [string, string] => [name, value]));
}
