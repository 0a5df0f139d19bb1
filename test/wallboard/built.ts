/**
 * The wallboard as the Angular CLI builds it, in Debian's Chromium, with a simulator on another origin. Owns the building, once
 * for a file of tests, and the server of the page.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it, onTestFinished } from 'vitest';
import { createBreaker, faults, type Fault } from '../../examples/angular-wallboard/src/app/breaker.js';
import { createSimulator, type Simulator } from '../../src/simulator/index.js';

const executable = '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const application = fileURLToPath(new URL('../../examples/angular-wallboard', import.meta.url));
const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));

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
  /** Serves it with a simulator of its own, both until the test ends. */
  serve(): Promise<Served>;
  /** Opens a route of it. */
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

/** Builds it, once for the tests of a file. */
export function useBuilt(): { readonly serve: () => Promise<Served> } {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wallboard-'));
    await promisify(execFile)(process.execPath, [ng, 'build', '--configuration', 'served', '--output-path', folder, '--no-progress'], { cwd: application, env: { ...process.env, NG_CLI_ANALYTICS: 'false' } });
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return { serve: () => serve(join(folder, 'browser')) };
}

async function serve(files: string): Promise<Served> {
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
  const built = useBuilt();
  return {
    ...built,
    async show(route = '/', options) {
      const served = await built.serve();
      const opened = await open(options);
      await opened.page.goto(`${served.url}${route}`);
      return { ...served, ...opened, preflights: () => served.simulator.ledger.requests.filter(({ method }) => method === 'OPTIONS').length };
    },
  };
}
