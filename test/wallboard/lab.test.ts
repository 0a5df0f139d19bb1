/** The laboratory in a browser: each button breaks the server, the page says so, and heals; another queue is shown in a moment. */
import { expect, it } from 'vitest';
import { describeWallboard, type Shown } from './built.js';

const support = { objectId: 'Support@SIP', objectType: 'Queue' };
const healing = { timeout: 45_000 };
const strip = ({ page }: Shown) => page.locator('.strip');
const status = ({ page }: Shown) => page.locator('.status');
const requestsAnswered = ({ simulator }: Shown, wanted: number): number => simulator.ledger.requests.filter((request) => request.status === wanted).length;

describeWallboard('the laboratory', (wallboard) => {
  async function show(): Promise<Shown> {
    const shown = await wallboard.show('/lab');
    await status(shown).filter({ hasText: /^live/ }).waitFor();
    await shown.page.locator('app-tile.waiting').first().waitFor({ state: 'detached' });
    return shown;
  }

  it.each([
    ['Answer 503', 503],
    ['Hang', undefined],
  ])('F233: "%s" degrades the client, every tile turns stale, and all of it heals by itself', async (button, wanted) => {
    const shown = await show();
    await shown.page.getByRole('button', { name: button }).click();
    await status(shown).filter({ hasText: /^degraded: / }).waitFor();
    await shown.page.locator('app-tile.stale').nth(3).waitFor(healing);
    await status(shown).filter({ hasText: /^live/ }).waitFor(healing);
    await shown.page.locator('app-tile.stale').first().waitFor({ state: 'detached' });
    if (wanted !== undefined) {
      expect(requestsAnswered(shown, wanted)).toBeGreaterThan(0);
    }
    await strip(shown).filter({ hasText: '0 left open' }).waitFor(healing);
    expect(shown.complaints).toEqual([]);
  }, 90_000);

  it('F233: "Forget subscriptions" costs one new subscription, and no tile shows it', async () => {
    const shown = await show();
    await shown.page.getByRole('button', { name: 'Forget' }).click();
    await expect.poll(() => shown.simulator.ledger.opened.length, { timeout: 20_000 }).toBe(2);
    await strip(shown).filter({ hasText: /^1 upstream .* 0 left open/ }).waitFor();
    expect(await shown.page.locator('app-tile.stale, app-tile.refused').count()).toBe(0);
    expect(shown.simulator.ledger.open).toHaveLength(1);
  });

  it('F233: "Expire the token" signs the client out until there is another one, and keeps its subscription', async () => {
    const shown = await show();
    await shown.page.getByRole('button', { name: 'Expire' }).click();
    await status(shown).filter({ hasText: /^unauthorized/ }).waitFor({ timeout: 20_000 });
    await status(shown).filter({ hasText: /^live/ }).waitFor(healing);
    expect([requestsAnswered(shown, 401) > 0, shown.simulator.ledger.opened.length]).toEqual([true, 1]);
  }, 60_000);

  it('F234: another queue is shown in a moment, never under the name of the one before; what nobody needs is not left open', async () => {
    const shown = await show();
    const { page, simulator } = shown;
    simulator.set({ name: 'Current_In_Queue', ...support }, 77);
    await page.locator('select').selectOption('Support@SIP');
    await page.locator('section[aria-label=Support] app-waiting-tile .number', { hasText: '77' }).waitFor();
    await page.locator('select').selectOption('Nobody@SIP');
    await page.locator('section[aria-label=Nobody] app-tile.refused').nth(3).waitFor();
    expect(await page.locator('section').innerText()).not.toContain('77');
    await page.locator('select').selectOption('Support@SIP');
    await page.locator('section[aria-label=Support] app-waiting-tile .number', { hasText: '77' }).waitFor();
    await strip(shown).filter({ hasText: '0 left open' }).waitFor({ timeout: 20_000 });
    // As many as the page counts are open on the server, no more.
    await expect.poll(async () => (await strip(shown).innerText()).startsWith(`${simulator.ledger.open.length} upstream`), { timeout: 20_000 }).toBe(true);
    expect(shown.complaints).toEqual([]);
  });
});
