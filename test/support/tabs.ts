/**
 * Real tabs of Debian's Chromium, which a test or a bench can hide, freeze, take offline, leave and restore. They are driven through
 * the DevTools protocol, because a page of Playwright's is always visible. They show a page with a bundled program, served from
 * 127.0.0.1.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type CDPSession } from 'playwright-core';
import type * as library from '../../src/index.js';
import { executable, flags } from './browser.ts';
import { bundle } from './bundle.ts';

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

/** A browser. Its opener has to end it. */
export interface TabBrowser {
  readonly version: string;
  /** The URLs of the page with the program, and of an empty page. */
  readonly home: string;
  readonly elsewhere: string;
  /** Opens the page with the program in a tab in front of all others. */
  openTab(): Promise<Tab>;
  end(): Promise<void>;
}

/** @param program - the module that is bundled and runs in the page. */
export async function openBrowser(program: string): Promise<TabBrowser> {
  const { code } = await bundle(program);
  const server = createServer((request, response) => {
    const isCode = request.url === '/library.js';
    response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
    response.end(isCode ? code : request.url === '/home' ? '<!doctype html><script type="module" src="/library.js"></script>' : '<!doctype html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Playwright switches the back-forward cache off by default.
  const browser = await chromium.launch({ executablePath: executable, args: flags, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  const session = await browser.newBrowserCDPSession();
  return {
    version: browser.version(),
    home: `${origin}/home`,
    elsewhere: `${origin}/elsewhere`,
    async openTab() {
      const tab = await openTab(session);
      await tab.goTo(`${origin}/home`);
      return tab;
    },
    async end() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
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
  /** Tabs that were opened before it, to hide it. */
  const covers: string[] = [];
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
      // In the midst of it the page may be neither the one nor the other.
      await eventually(`at ${url}`, () => run((wanted) => location.href === wanted && document.readyState === 'complete', url).catch(() => false));
    },
    async goBack() {
      const left = await run(() => location.href);
      await run(() => history.back());
      await eventually('back', () => run((from) => location.href !== from && document.readyState === 'complete', left).catch(() => false));
    },
    async hide() {
      const { targetId: other } = await session.send('Target.createTarget', { url: 'about:blank' });
      covers.push(other);
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
        for (const each of [targetId, ...covers]) {
          await session.send('Target.closeTarget', { targetId: each });
        }
      }
    },
  };
}
