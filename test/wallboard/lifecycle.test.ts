/** The wallboard in a real tab: hidden behind another, left and restored from the back-forward cache, closed. The server's ledger judges. */
import { expect, it } from 'vitest';
import { describeInChromium, type Tab } from '../support/chromium.js';
import { record, startClient, until } from '../support/journey.js';
import { serve, type Served } from './built.js';

const sales = { name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' };

/** Resolves once the first tile shows it. */
async function untilShown(tab: Tab, text: string): Promise<void> {
  let shown: string | undefined;
  for (const end = performance.now() + 20_000; performance.now() < end && shown !== text; ) {
    shown = await tab.run(() => document.querySelector<HTMLElement>('app-waiting-tile .number')?.innerText.trim());
  }
  expect(shown).toBe(text);
}

describeInChromium('a tab with the wallboard', (chromium) => {
  async function open(): Promise<Served & { readonly tab: Tab }> {
    const served = await serve();
    served.simulator.set(sales, 3);
    const tab = await chromium.openTab();
    await tab.goTo(`${served.url}/`);
    await untilShown(tab, '3');
    return { ...served, tab };
  }

  it('F237: is asked for rarely while it is hidden, and at once when it is seen again; no tile turns stale for that', async () => {
    const { simulator, tab } = await open();
    const [page] = simulator.ledger.opened;
    const asked = (): number => simulator.ledger.requests.filter(({ subscriptionId, operation }) => operation === 'read' && subscriptionId === page).length;
    await tab.hide();
    const before = asked();
    simulator.set(sales, 4);
    // A client that polls at the page's pace is the clock.
    const visible = startClient(simulator.url, { token: 'token-0', poll: { interval: 2000, maxInterval: 2000 } });
    const { values } = record(visible.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }, { distinct: () => false }));
    await until('it is polled five times', () => values.length >= 6);
    expect(asked() - before, 'five of them if it were visible').toBeLessThanOrEqual(1);
    await visible.close();
    await tab.show();
    await untilShown(tab, '4');
    expect(await tab.run(() => document.querySelectorAll('app-tile.stale').length)).toBe(0);
    await until('nothing but its one subscription is open', () => simulator.ledger.open.join() === page);
  }, 60_000);

  it('F238: deletes its subscription when it is left; restored from the back-forward cache it goes on with the same page', async () => {
    const { simulator, tab } = await open();
    await tab.run(() => void Object.assign(globalThis, { isTheSame: true }));
    await tab.goTo(chromium.elsewhere);
    await until('what was open is deleted', () => simulator.ledger.open.length === 0);
    simulator.set(sales, 5);
    await tab.goBack();
    expect(await tab.run(() => (globalThis as unknown as { isTheSame?: boolean }).isTheSame), 'it comes from the cache').toBe(true);
    await untilShown(tab, '5');
    expect(await tab.run(() => document.querySelectorAll('app-tile.refused').length)).toBe(0);
    expect([simulator.ledger.opened.length, simulator.ledger.open.length]).toEqual([2, 1]);
  }, 60_000);

  it('F238: deletes its subscription when it is closed', async () => {
    const { simulator, tab } = await open();
    await tab.close();
    await until('what was open is deleted', () => simulator.ledger.opened.length === 1 && simulator.ledger.open.length === 0);
  }, 60_000);
});
