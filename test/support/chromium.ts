/** Runs the tests of a file in Chromium. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, it, onTestFinished } from 'vitest';
import type * as library from '../../src/index.js';
import { executable } from './browser.js';
import { quick } from './journey.js';
import { openBrowser, type PageGlobals, type Tab, type TabBrowser } from './tabs.js';

export type { PageGlobals, Tab };

/** The intervals of `quick`, with longer deadlines for a machine that runs several browsers. */
export const unhurried = { ...quick, poll: { interval: 20, maxInterval: 40, staleAfter: 60_000 }, request: { timeout: 5000 } } as const satisfies Partial<library.StatisticsClientOptions>;

/** Tabs that are opened end with their test. */
export type Chromium = Pick<TabBrowser, 'home' | 'elsewhere' | 'openTab'>;

const clientOnly = `import * as library from 'genesys-statistics-rx'; Object.assign(globalThis, { library, seen: [] });`;

/**
 * `describe` for tests that need Chromium. If it is not installed, they are skipped; in CI they fail.
 *
 * @param program - the module that is bundled and runs in the page.
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
  let browser: TabBrowser;
  beforeAll(async () => {
    browser = await openBrowser(program);
  }, 60_000);
  afterAll(() => browser.end());
  return {
    get home() {
      return browser.home;
    },
    get elsewhere() {
      return browser.elsewhere;
    },
    async openTab() {
      const tab = await browser.openTab();
      onTestFinished(() => tab.close());
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
