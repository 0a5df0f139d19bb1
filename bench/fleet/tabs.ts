/** How long the lead of a fleet of tabs takes to move when the leading tab is closed, in a real Chromium. */
import type { Simulator } from 'genesys-statistics-rx/simulator';
import { joinFleet, pollsOf, program, timeOf } from '../../test/support/fleet-tabs.ts';
import { openBrowser, type Tab } from '../../test/support/tabs.ts';
import { pause, print, quantile, until } from './rig.ts';

const [size, closings] = [20, 10];
/** Milliseconds between two polls: rare enough to leave the machine to the browser. */
const interval = 250;

/** @param set - gives these queues the next number, and returns it. */
export async function measureTabs(simulator: Simulator, set: (objectIds: readonly string[]) => number): Promise<void> {
  const change = (): number => set(['Sales@SIP', 'Support@SIP']);
  const browser = await openBrowser(program);
  const tabs: Tab[] = [];
  const everywhere = (value: number): Promise<unknown> => Promise.all(tabs.map((tab) => tab.untilSeen(`${value} in every tab`, (seen) => seen.at(-1) === value)));

  /** Takes the tab that polls out of the others. */
  async function takeLeader(): Promise<Tab> {
    const before = await Promise.all(tabs.map(pollsOf));
    await pause(4 * interval);
    const after = await Promise.all(tabs.map(pollsOf));
    const [leader] = tabs.splice(after.findIndex((polls, index) => polls > (before[index] ?? 0)), 1);
    return leader as Tab;
  }

  try {
    let value = change();
    while (tabs.length < size) {
      const tab = await browser.openTab();
      await joinFleet(tab, simulator.url, interval);
      tabs.push(tab);
      await tab.untilSeen('the first value', (seen) => seen.length > 0);
    }
    const [opened, seen]: [number[], number[]] = [[], []];
    for (let round = 0; round < closings; round++) {
      await everywhere((value = change()));
      await until('one upstream is left', () => simulator.ledger.open.length === 1);
      const leader = await takeLeader();
      const count = simulator.ledger.count('open');
      const from = Date.now();
      await leader.close();
      value = change();
      await everywhere(value);
      const openings = simulator.ledger.requests.filter(({ operation }) => operation === 'open').slice(count);
      opened.push((openings[0]?.at ?? NaN) - from);
      seen.push(Math.max(...(await Promise.all(tabs.map((tab) => timeOf(tab, value))))) - from);
    }
    const wrong = (await Promise.all(tabs.map((tab) => tab.untilSeen('everything', () => true)))).flat().filter((each) => typeof each !== 'number');
    const summary = (times: readonly number[]): string => `p50 ${Math.round(quantile(times, 0.5))} ms, most ${Math.round(Math.max(...times))} ms`;
    print(`tabs: ${size} tabs of Chromium ${browser.version}, of which one is visible; the leading one is closed, ${closings} times: the successor's opening reaches the server after ${summary(opened)}; the next value is in every tab after ${summary(seen)}; errors or mixed: ${wrong.length}`);
    for (const tab of tabs) {
      await tab.close();
    }
    await until('everything is deleted', () => simulator.ledger.open.length === 0, 10_000).catch(() => undefined);
  } finally {
    await browser.end();
  }
  print(`tabs: left open: ${simulator.ledger.open.length}`);
}
