/** The wallboard in a browser: what a supervisor sees of a server that answers, breaks and heals, and what the server sees. */
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { describeWallboard, type Shown } from './built.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const tiles = 'app-tile';
const firstNumber = 'app-waiting-tile .number';
const fiveQueues = '/?queues=Sales@SIP,Support@SIP,Billing@SIP,Queue0001@SIP,Queue0002@SIP';

/** Resolves once there are so many tiles, and each has a value or says why it has none. */
async function untilComplete({ page }: Shown, count: number): Promise<void> {
  await page.locator(tiles).nth(count - 1).waitFor();
  await page.locator('app-tile.waiting').first().waitFor({ state: 'detached' });
}

interface Body {
  readonly data?: { readonly statistics?: readonly unknown[] };
}

/** An answer without the statistic that has this value: polls have no names. */
function without(body: unknown, value: number): Body {
  const { data, ...rest } = body as Body;
  return { ...rest, data: { ...data, statistics: (data?.statistics ?? []).filter((statistic) => !JSON.stringify(statistic).includes(String(value))) } };
}

/** Resolves once the first tile shows it. */
const untilShown = ({ page }: Shown, text: string) => page.locator(firstNumber).first().filter({ hasText: text }).waitFor();

describeWallboard('the wallboard', (wallboard) => {
  it('F220: values move, from one upstream for all of twelve tiles, with a preflight for each kind of request alone', async () => {
    const shown = await wallboard.show();
    shown.simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    await untilShown(shown, '3');
    shown.simulator.set({ name: 'Current_In_Queue', ...sales }, 14);
    await untilShown(shown, '14');
    expect(await shown.page.locator('app-waiting-tile').first().locator(tiles).getAttribute('class')).toContain('error');
    expect(await shown.page.locator(tiles).count()).toBe(12);
    expect(shown.simulator.ledger.opened).toHaveLength(1);
    await expect.poll(() => shown.simulator.ledger.requests.length, { timeout: 20_000 }).toBeGreaterThan(4);
    expect(shown.preflights()).toBeLessThanOrEqual(3);
    expect(shown.complaints).toEqual([]);
  });

  it('F221: an unknown queue says so in its own tiles, and the others live on', async () => {
    const shown = await wallboard.show('/?queues=Sales@SIP,Nobody@SIP');
    await shown.page.locator('app-tile.refused').nth(3).waitFor();
    expect(await shown.page.locator('app-tile.refused').first().innerText()).toMatch(/refused\s+there is no Queue "Nobody@SIP"\s+Current_In_Queue of Nobody@SIP/);
    await shown.page.locator('section[aria-label=Sales] app-tile.waiting').first().waitFor({ state: 'detached' });
    expect(await shown.page.locator('app-tile.refused').count()).toBe(4);
  });

  it('F222: an outage turns every tile stale, with the time and the old number, and heals without a reload', async () => {
    const shown = await wallboard.show();
    shown.simulator.set({ name: 'Current_In_Queue', ...sales }, 7);
    await untilShown(shown, '7');
    await shown.simulator.stop();
    await shown.page.locator('app-tile.stale').nth(11).waitFor({ timeout: 25_000 });
    expect(await shown.page.locator(tiles).first().innerText()).toMatch(/7\s+STALE since \d\d:\d\d:\d\d/);
    expect(await shown.page.locator('.health').innerText()).toMatch(/No connection · data \d+ s old/);
    shown.simulator.set({ name: 'Current_In_Queue', ...sales }, 8);
    await shown.simulator.start();
    await untilShown(shown, '8');
    await shown.page.locator('app-tile.stale').first().waitFor({ state: 'detached' });
    expect(shown.complaints).toEqual([]);
  }, 60_000);

  it('F223: an expired token is renewed, and no tile shows it', async () => {
    const shown = await wallboard.show();
    await untilComplete(shown, 12);
    shown.setToken(shown.simulator.expireToken());
    shown.simulator.set({ name: 'Current_In_Queue', ...sales }, 41);
    await untilShown(shown, '41');
    expect(shown.simulator.ledger.requests.some(({ status }) => status === 401)).toBe(true);
    expect(await shown.page.locator('app-tile.stale, app-tile.refused').count()).toBe(0);
  });

  it('F224: leaving a route deletes its subscription after the linger; closing the page deletes the rest', async () => {
    const shown = await wallboard.show();
    await untilComplete(shown, 12);
    const [wall] = shown.simulator.ledger.opened;
    await shown.page.getByRole('link', { name: 'Agents' }).click();
    await shown.page.locator('app-agents section').first().waitFor();
    await expect.poll(() => shown.simulator.ledger.deleted, { timeout: 15_000 }).toContain(wall);
    await shown.page.close({ runBeforeUnload: true });
    await expect.poll(() => shown.simulator.ledger.open, { timeout: 15_000 }).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('F225: axe finds nothing on any route, in %s, refusals included', async (colorScheme) => {
    const shown = await wallboard.show('/?queues=Sales@SIP,Nobody@SIP', { colorScheme, reducedMotion: 'reduce' });
    const { page } = shown;
    await page.locator('app-tile.refused').nth(3).waitFor();
    for (const route of ['Wall', 'Agents', 'Lab']) {
      if (route !== 'Wall') {
        await page.getByRole('link', { name: route }).click();
      }
      await page.getByText('No value yet').first().waitFor({ state: 'detached' });
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run({ rules: { 'color-contrast-enhanced': { enabled: true } } });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found, route).toEqual([]);
    }
    expect(shown.complaints).toEqual([]);
  }, 120_000);

  it('F235: a single statistic that answers lack turns stale with the time of its own last answer, which stands still', async () => {
    const shown = await wallboard.show();
    shown.simulator.set({ name: 'Current_In_Queue', ...sales }, 4711);
    await untilShown(shown, '4711');
    const lastSeen = Date.now();
    shown.simulator.fault({ kind: 'rewrite', operation: 'read', times: Infinity, rewrite: (body) => without(body, 4711) });
    await shown.page.locator('app-tile.stale').waitFor({ timeout: 40_000 });
    const since = await shown.page.locator('app-tile.stale .note').innerText();
    const told = new Date(lastSeen);
    const [hours, minutes, seconds] = (/(\d+):(\d+):(\d+)/.exec(since) ?? []).slice(1).map(Number);
    told.setHours(hours ?? 0, minutes, seconds, 0);
    expect(Math.abs(told.getTime() - lastSeen) / 1000, since).toBeLessThan(6);
    const asked = shown.simulator.ledger.requests.length;
    await expect.poll(() => shown.simulator.ledger.requests.length, { timeout: 20_000 }).toBeGreaterThan(asked + 1);
    expect(await shown.page.locator('app-tile.stale .note').allInnerTexts()).toEqual([since]);
  }, 90_000);

  it('F236: an alarm ends only below its hysteresis, and each crossing is announced once', async () => {
    const shown = await wallboard.show('/?queues=Sales@SIP');
    const { page, simulator } = shown;
    await page.exposeFunction('announced', (text: string) => announcements.push(text));
    const announcements: string[] = [];
    await untilComplete(shown, 4);
    simulator.set({ name: 'Current_In_Queue', ...sales }, 2);
    await untilShown(shown, '2');
    await page.evaluate(() => {
      const live = document.querySelector('[aria-live]') as HTMLElement;
      const report = (globalThis as unknown as { announced(text: string): void }).announced;
      new MutationObserver(() => report(live.innerText)).observe(live, { childList: true, characterData: true, subtree: true });
    });
    const levels: (string | null)[] = [];
    for (const waiting of [5, 6, 4, 5, 3]) {
      simulator.set({ name: 'Current_In_Queue', ...sales }, waiting);
      await untilShown(shown, String(waiting));
      levels.push(await page.locator('app-waiting-tile app-tile').getAttribute('class'));
    }
    expect(levels).toEqual(['warning', 'warning', 'warning', 'warning', 'normal']);
    expect(announcements.filter((text) => text.includes('Waiting'))).toEqual(['Sales@SIP Waiting: Watch, 5', 'Sales@SIP Waiting: Good, 3']);
    expect(await page.locator('[aria-live]').count()).toBe(1);
  });

  it('F226: twenty tiles are one upstream', async () => {
    const shown = await wallboard.show(fiveQueues);
    await untilComplete(shown, 20);
    expect(shown.simulator.ledger.opened).toHaveLength(1);
    expect(shown.simulator.ledger.open).toHaveLength(1);
  });
});
