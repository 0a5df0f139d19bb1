/** The wallboard that `build.ts` has built, in Debian's Chromium, with a simulator on another origin. Owns the server of the page. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, inject, it, onTestFinished } from 'vitest';
import { createBreaker, faults, type Fault } from '../../examples/angular-wallboard/src/app/breaker.js';
import { createSimulator, type Simulator } from '../../src/simulator/index.js';
import { executable, flags } from '../support/browser.js';

/** A page of the wallboard, and the simulator that it asks. */
export interface Served {
  readonly url: string;
  readonly simulator: Simulator;
  /** The token that the page is given from now on. */
  setToken(token: string): void;
}

export interface Shown extends Served {
  readonly page: Page;
  /** What the page logged beside the network lines of the browser, and what it threw. */
  readonly complaints: readonly string[];
  /** OPTIONS requests, of another origin than the page's. */
  readonly preflights: () => number;
}

export interface Wallboard {
  /** Serves it, and opens a route of it. */
  show(route?: string, options?: BrowserContextOptions): Promise<Shown>;
}

/** `describe` with the built application. Without a Chromium the tests are skipped, and in CI they fail. */
export function describeWallboard(name: string, tests: (wallboard: Wallboard) => void): void {
  describeWithBrowser(name, (open) => tests(useWallboard(open)));
}

type Open = (options?: BrowserContextOptions) => Promise<Pick<Shown, 'page' | 'complaints'>>;

/** The same with a browser alone: its argument opens a page, until the test ends. */
export function describeWithBrowser(name: string, tests: (open: Open) => void): void {
  if (existsSync(executable)) {
    describe(name, () => tests(useBrowser()));
  } else if (process.env['CI'] === 'true') {
    it(`${name} has a Chromium to run in`, () => {
      throw new Error(`there is no ${executable}: apt-get install -y chromium`);
    });
  } else {
    describe.skip(name, () => tests(() => Promise.reject(new Error('no Chromium'))));
  }
}

/** Serves it with a simulator of its own, both until the test ends. */
export async function serve(): Promise<Served> {
  const files = inject('wallboard');
  const simulator = await createSimulator({ token: 'token-0', queues: 2 });
  const breaker = createBreaker(simulator, 'token-0');
  let token: string | undefined;
  const server = createServer(({ url = '/', method }, response) => {
    const file = join(files, new URL(url, 'http://localhost').pathname);
    const fault = url.slice('/lab/'.length) as Fault;
    if (url === '/lab/token') {
      response.end(token ?? breaker.token());
    } else if (method === 'POST' && faults.includes(fault)) {
      void breaker.breakServer(fault);
      response.end();
    } else if (file.endsWith('.js') || file.endsWith('.css')) {
      response.writeHead(200, { 'content-type': file.endsWith('.js') ? 'text/javascript' : 'text/css' }).end(readFileSync(file));
    } else {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(readFileSync(join(files, 'index.html'), 'utf8').replace('name="statistics-url" content=""', `name="statistics-url" content="${simulator.url}"`));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await simulator.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    simulator,
    setToken: (next) => {
      token = next;
    },
  };
}

/** Starts it once for the tests of a file. */
function useBrowser(): Open {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable, args: flags });
  }, 30_000);

  afterAll(() => browser.close());

  return async (options = {}) => {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !/^Failed to load resource|blocked by CORS policy/.test(message.text())) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    return { page, complaints };
  };
}

function useWallboard(open: Open): Wallboard {
  return {
    async show(route = '/', options) {
      const served = await serve();
      const opened = await open(options);
      await opened.page.goto(`${served.url}${route}`);
      return { ...served, ...opened, preflights: () => served.simulator.ledger.requests.filter(({ method }) => method === 'OPTIONS').length };
    },
  };
}
