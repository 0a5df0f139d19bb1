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
import { createSimulator, type Simulator } from '../../src/simulator/index.js';

const executable = '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const application = fileURLToPath(new URL('../../examples/angular-wallboard', import.meta.url));
const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));

export interface Shown {
  readonly page: Page;
  readonly simulator: Simulator;
  /** What the page logged beside the network lines of the browser, and what it threw. */
  readonly complaints: readonly string[];
  /** OPTIONS requests, of another origin than the page's. */
  readonly preflights: () => number;
  /** The token that the page is given from now on. */
  setToken(token: string): void;
}

export interface Wallboard {
  /** Opens a route of it on a simulator of its own. */
  show(route?: string, options?: BrowserContextOptions): Promise<Shown>;
}

/** `describe` with the built application. Without a Chromium the tests are skipped, and in CI they fail. */
export function describeWallboard(name: string, tests: (wallboard: Wallboard) => void): void {
  if (existsSync(executable)) {
    describe(name, () => tests(useWallboard()));
  } else if (process.env['CI'] === 'true') {
    it(`${name} has a Chromium to run in`, () => {
      throw new Error(`there is no ${executable}: apt-get install -y chromium`);
    });
  } else {
    describe.skip(name, () => tests({ show: () => Promise.reject(new Error('no Chromium')) }));
  }
}

function useWallboard(): Wallboard {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wallboard-'));
    await promisify(execFile)(process.execPath, [ng, 'build', '--configuration', 'served', '--output-path', folder, '--no-progress'], { cwd: application, env: { ...process.env, NG_CLI_ANALYTICS: 'false' } });
    browser = await chromium.launch({ executablePath: executable, args: flags });
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    async show(route = '/', options = {}) {
      const simulator = await createSimulator({ token: 'token-0', queues: 2 });
      let token = 'token-0';
      const server = createServer(({ url = '/' }, response) => {
        const file = join(folder, 'browser', new URL(url, 'http://localhost').pathname);
        if (url === '/lab/token') {
          response.end(token);
        } else if (file.endsWith('.js') || file.endsWith('.css')) {
          response.writeHead(200, { 'content-type': file.endsWith('.js') ? 'text/javascript' : 'text/css' }).end(readFileSync(file));
        } else {
          response.writeHead(200, { 'content-type': 'text/html' });
          response.end(readFileSync(join(folder, 'browser/index.html'), 'utf8').replace('name="statistics-url" content=""', `name="statistics-url" content="${simulator.url}"`));
        }
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const context = await browser.newContext(options);
      onTestFinished(async () => {
        await context.close();
        server.closeAllConnections();
        server.close();
        await simulator.close();
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()) && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text());
        }
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${route}`);
      return {
        page,
        simulator,
        complaints,
        preflights: () => simulator.ledger.requests.filter(({ method }) => method === 'OPTIONS').length,
        setToken: (next) => {
          token = next;
        },
      };
    },
  };
}
