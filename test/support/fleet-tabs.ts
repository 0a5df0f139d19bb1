/** Tabs that are members of one fleet: each observes a statistic and a pair, and keeps what it sees and when. For tests and for benches. */
import type * as fleet from '../../src/fleet/index.js';
import type * as tabs from '../../src/tabs/index.js';
import type { PageGlobals, Tab } from './tabs.ts';

interface FleetGlobals extends PageGlobals {
  readonly createFleetClient: typeof fleet.createFleetClient;
  readonly tabsBus: typeof tabs.tabsBus;
  /** Epoch milliseconds of each entry of `seen`. */
  readonly at: number[];
  /** Polls of this tab. */
  polls: number;
}

/** The program of a member's page. */
export const program = `
  import * as library from 'genesys-statistics-rx';
  import { createFleetClient } from 'genesys-statistics-rx/fleet';
  import { tabsBus } from 'genesys-statistics-rx/tabs';
  Object.assign(globalThis, { library, createFleetClient, tabsBus, seen: [], at: [], polls: 0 });
`;

const options = { lease: 1000, retry: { minTimeout: 10, maxTimeout: 80 }, sharing: { linger: 30 }, request: { timeout: 5000 } };

/**
 * Makes the page a member. It sees the calls that wait in Sales as numbers, errors as texts, and `'mixed'` for a snapshot in which Sales
 * and Support differ: whoever sets the one has to set both.
 *
 * @param interval - milliseconds between two polls.
 */
export async function joinFleet(tab: Tab, baseUrl: string, interval = 20): Promise<void> {
  await tab.run((given) => {
    const page = globalThis as unknown as FleetGlobals;
    const see = (what: unknown): void => {
      page.seen.push(what);
      page.at.push(performance.timeOrigin + performance.now());
    };
    const [sales, support] = ['Sales@SIP', 'Support@SIP'].map((objectId) => ({ objectId, objectType: 'Queue' })) as [{ objectId: string; objectType: string }, { objectId: string; objectType: string }];
    const name = 'Current_In_Queue';
    const { numberOf } = page.library;
    page.client = page.createFleetClient({ ...given, bus: page.tabsBus({ name: 'test' }) });
    page.client.events$.subscribe(({ type }) => type === 'polled' && page.polls++);
    page.client.statistic$(name, sales).subscribe({ next: ({ value }) => see(numberOf(value)), error: (error: unknown) => see(String(error)) });
    page.client.subscription$({ a: { name, ...sales }, b: { name, ...support } }).subscribe({
      next({ a, b }) {
        if (numberOf(a.value) !== numberOf(b.value)) {
          see('mixed');
        }
      },
      error: (error: unknown) => see(String(error)),
    });
  }, { ...options, poll: { interval, maxInterval: interval, staleAfter: 60_000 }, baseUrl });
}

/** Epoch milliseconds at which the page saw something. */
export function timeOf(tab: Tab, what: number): Promise<number> {
  return tab.run((wanted) => {
    const page = globalThis as unknown as FleetGlobals;
    return page.at[page.seen.indexOf(wanted)] ?? NaN;
  }, what);
}

/** Polls that the page has sent so far: only those of a leader grow. */
export function pollsOf(tab: Tab): Promise<number> {
  return tab.run(() => (globalThis as unknown as FleetGlobals).polls);
}
