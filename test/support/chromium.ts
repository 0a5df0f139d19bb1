/**
 * Real tabs of Debian's Chromium, which a test can hide, freeze, take offline, leave and restore. They are driven through the
 * DevTools protocol, because a page of Playwright's is always visible. They show a page with the bundled package, served from
 * 127.0.0.1.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, it, onTestFinished } from 'vitest';
import type * as library from '../../src/index.js';
import { executable, flags } from './browser.js';
import { bundle } from './bundle.js';
import { quick } from './journey.js';

/** The intervals of `quick`, with longer deadlines for a machine that runs several browsers. */
export const unhurried = { ...quick, poll: { interval: 20, maxInterval: 40, staleAfter: 60_000 }, request: { timeout: 5000 } } as const satisfies Partial<library.StatisticsClientOptions>;

/** The globals of a test's page: the tools for its programs, and the values that they keep for the test. */
export interface PageGlobals {
  readonly library: typeof library;
  client: library.StatisticsClient;
  /** The recorded values, in order. */
  readonly seen: unknown[];
}

export interface Tab {
  /** Runs a function in the page. It has access to its argument and the page's globals, but not to the test. */
  run<T>(program: () => T): Promise<Awaited<T>>;
  run<A, T>(program: (argument: A) => T, argument: A): Promise<Awaited<T>>;
  /**
   * Resolves to `seen` of the page once it fulfils the condition. Otherwise fails before the test's own timeout, with a message that
   * contains `what`.
   */
  untilSeen(what: string, condition: (seen: readonly unknown[]) => boolean): Promise<readonly unknown[]>;
  goTo(url: string): Promise<void>;
  goBack(): Promise<void>;
  /** Shows another tab in front of this one. */
  hide(): Promise<void>;
  show(): Promise<void>;
  /** Freezes the tab, as a browser does with one that has been hidden for long: no code runs in it. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  setOffline(offline: boolean): Promise<void>;
  /** Closes the tab like a user, so that its page gets the events. */
  close(): Promise<void>;
}

export interface Chromium {
  /** The URL of the page with the library. */
  readonly home: string;
  /** The URL of a page without it. */
  readonly elsewhere: string;
  openTab(): Promise<Tab>;
}

const clientOnly = `import * as library from 'genesys-statistics-rx'; Object.assign(globalThis, { library, seen: [] });`;

/**
 * `describe` for tests that need Chromium. If it is not installed, they are skipped; in CI they fail.
 *
 * @param program - the file that is bundled and runs in the page.
 */
export function describeInChromium(name: string, tests: (chromium: Chromium) => void, program = clientOnly): void {
  if (existsSync(executable)) {
    describe(name, () => tests(useChromium(program)));
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('has a Chromium to run in', () => {
        throw new Error(`there is no ${executable}: apt-get install -y chromium`);
      });
    });
  } else {
    describe.skip(name, () => tests({ home: '', elsewhere: '', openTab: () => Promise.reject(new Error('no Chromium')) }));
  }
}

function useChromium(program: string): Chromium {
  let browser: Browser;
  let session: CDPSession;
  let origin = '';
  let code = '';
  const server = createServer((request, response) => {
    const isCode = request.url === '/library.js';
    response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
    response.end(isCode ? code : request.url === '/home' ? '<!doctype html><script type="module" src="/library.js"></script>' : '<!doctype html>');
  });

  beforeAll(async () => {
    ({ code } = await bundle(program));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // Playwright switches the back-forward cache off by default.
    browser = await chromium.launch({ executablePath: executable, args: flags, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
    session = await browser.newBrowserCDPSession();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  return {
    get home() {
      return `${origin}/home`;
    },
    get elsewhere() {
      return `${origin}/elsewhere`;
    },
    async openTab() {
      const tab = await openTab(session);
      onTestFinished(() => tab.close());
      await tab.goTo(`${origin}/home`);
      return tab;
    },
  };
}

/** Starts a client in the page, with an observer of the calls waiting in Sales. Records its values and its changes of state. */
export async function observe(tab: Tab, options: Omit<library.StatisticsClientOptions, 'token' | 'transport'> & { readonly token?: string }): Promise<void> {
  await tab.run((given) => {
    const page = globalThis as unknown as PageGlobals;
    page.client = page.library.createStatisticsClient(given);
    const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
    page.client
      .statistic$('Current_In_Queue', sales)
      .pipe(page.library.numeric())
      .subscribe({ next: (value) => page.seen.push(value), error: (error: unknown) => page.seen.push(String(error)) });
    page.client.statisticState$('Current_In_Queue', sales).subscribe(({ status }) => page.seen.push(status));
  }, options);
}

async function eventually(what: string, condition: () => Promise<boolean>, instead = (): unknown => undefined): Promise<void> {
  for (const end = performance.now() + 50_000; performance.now() < end; ) {
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited in vain: ${what}; there is ${JSON.stringify(instead())}`);
}

async function openTab(session: CDPSession): Promise<Tab> {
  const { targetId } = await session.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
  const waiting = new Map<number, (reply: { result?: unknown; error?: { message: string } }) => void>();
  let sent = 0;
  let closed = false;
  session.on('Target.receivedMessageFromTarget', (received) => {
    const reply = JSON.parse(received.message) as { id?: number; result?: unknown; error?: { message: string } };
    if (received.sessionId === sessionId && reply.id !== undefined) {
      waiting.get(reply.id)?.(reply);
      waiting.delete(reply.id);
    }
  });

  async function send<T>(method: string, params: object = {}): Promise<T> {
    const id = ++sent;
    const replied = new Promise<T>((resolve, reject) => {
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) {
          resolve(result as T);
        } else {
          reject(new Error(`${method}: ${error.message}`));
        }
      });
    });
    await session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) });
    return replied;
  }

  async function run<A, T>(program: (argument: A) => T, argument?: A): Promise<Awaited<T>> {
    const expression = `(${program.toString()})(${argument === undefined ? '' : JSON.stringify(argument)})`;
    const { result, exceptionDetails } = await send<{ result: { value: Awaited<T> }; exceptionDetails?: { exception?: { description?: string } } }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
    );
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? 'the page threw');
    }
    return result.value;
  }

  return {
    run,
    async untilSeen(what, condition) {
      let seen: unknown[] = [];
      await eventually(
        what,
        async () => {
          seen = await run(() => (globalThis as unknown as PageGlobals).seen);
          return condition(seen);
        },
        () => seen,
      );
      return seen;
    },
    async goTo(url) {
      await send('Page.navigate', { url });
      // While the page changes, a call may fail, because neither page is there.
      await eventually(`at ${url}`, () => run((wanted) => location.href === wanted && document.readyState === 'complete', url).catch(() => false));
    },
    async goBack() {
      const left = await run(() => location.href);
      await run(() => history.back());
      await eventually('back', () => run((from) => location.href !== from && document.readyState === 'complete', left).catch(() => false));
    },
    async hide() {
      const { targetId: other } = await session.send('Target.createTarget', { url: 'about:blank' });
      onTestFinished(async () => {
        await session.send('Target.closeTarget', { targetId: other });
      });
      await eventually('hidden', async () => (await run(() => document.visibilityState)) === 'hidden');
    },
    async show() {
      await session.send('Target.activateTarget', { targetId });
      await eventually('shown', async () => (await run(() => document.visibilityState)) === 'visible');
    },
    freeze: () => send('Page.setWebLifecycleState', { state: 'frozen' }),
    thaw: () => send('Page.setWebLifecycleState', { state: 'active' }),
    async setOffline(offline) {
      await send('Network.enable');
      await send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    },
    async close() {
      if (!closed) {
        closed = true;
        await session.send('Target.closeTarget', { targetId });
      }
    },
  };
}
