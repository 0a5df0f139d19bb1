/** The tiles in a page of Chromium: when it is stable, how often it renders, and what it costs. Owns the server of the page's files. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Simulator } from '../../dist/simulator/index.js';

interface Seen {
  readonly renders: number;
  readonly tileRenders: number;
  readonly beganAt: number;
  readonly firstValueAt: number;
  readonly stableAt: number;
}

const seenBy = (page: Page): Promise<Seen> => page.evaluate(() => ({ ...(globalThis as unknown as { seen: Seen }).seen }));

export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Serves what was built. */
export async function serveFiles(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const isCode = url === '/main.js' || url === '/polyfills.js';
    response.setHeader('content-type', isCode ? 'text/javascript' : 'text/html');
    response.end(readFileSync(join(folder, 'browser', isCode ? url : 'index.html')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function open(browser: Browser, files: Server, url: string, tiles: number): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });
  await page.goto(`${addressOf(files)}/?${new URLSearchParams({ url, tiles: String(tiles) }).toString()}`);
  await page.waitForFunction(() => (globalThis as unknown as { seen?: Seen }).seen?.stableAt !== 0, undefined, { timeout: 60_000 });
  return page;
}

/** Milliseconds from the first value to `whenStable`. If no value comes: from the start of the application. */
export async function stableAfter(browser: Browser, files: Server, url: string): Promise<number> {
  const page = await open(browser, files, url, 20);
  const { beganAt, firstValueAt, stableAt } = await seenBy(page);
  await page.close();
  return stableAt - (firstValueAt || beganAt);
}

export interface Load {
  /** Percent of one core, of the page's whole process. */
  readonly core: number;
  /** Milliseconds of CPU of the main thread for each answer. */
  readonly perAnswer: number;
  /** Milliseconds of the longest task by the wall clock. Meaningful only on an idle machine. */
  readonly longest: number;
  /** Renders of the page for each answer that changed something, and while nothing changes. */
  readonly renders: number;
  readonly idleRenders: number;
  /** Bytes in use after a forced collection, at the start and at the end. */
  readonly heap: readonly [number, number];
  readonly seconds: number;
}

async function metricsOf(session: CDPSession): Promise<(name: string) => number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (name) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
}

/** Lets every tile change with each answer of a simulator for some seconds, then nothing. */
export async function load(browser: Browser, files: Server, simulator: Simulator, tiles: number, seconds: number): Promise<Load> {
  const page = await open(browser, files, simulator.url, tiles);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const heap = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    return (await metricsOf(session))('JSHeapUsedSize');
  };
  const answers = (): number => simulator.ledger.requests.filter(({ operation, status }) => operation === 'read' && status === 200).length;
  const change = changing(simulator, tiles);
  const toCome = async (count: number): Promise<void> => {
    for (const end = answers() + count; answers() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  // Wait until the code has been compiled.
  await toCome(20);
  const heapBefore = await heap();
  await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
  const [before, seenBefore, answersBefore, startedAt] = [await metricsOf(session), await seenBy(page), answers(), performance.now()];
  while (performance.now() - startedAt < 1000 * seconds) {
    await toCome(1);
  }
  const [after, seen, counted, took] = [await metricsOf(session), await seenBy(page), answers() - answersBefore, performance.now() - startedAt];
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks));
  const heapAfter = await heap();
  change.stop();
  await toCome(3);
  const idleBefore = (await seenBy(page)).renders;
  await toCome(3);
  const idleRenders = (await seenBy(page)).renders - idleBefore;
  await page.close();
  return {
    core: (100 * 1000 * (after('ProcessTime') - before('ProcessTime'))) / took,
    perAnswer: (1000 * (after('TaskDuration') - before('TaskDuration'))) / counted,
    longest,
    renders: (seen.renders - seenBefore.renders) / counted,
    idleRenders,
    heap: [heapBefore, heapAfter],
    seconds: took / 1000,
  };
}

/** Gives every queue another number, before each answer. */
function changing(simulator: Simulator, tiles: number): { stop(): void } {
  let value = 0;
  const queues = ['Sales@SIP', ...Array.from({ length: tiles - 1 }, (_, index) => `Queue${String(index + 1).padStart(4, '0')}@SIP`)];
  const next = (): void => {
    value++;
    queues.forEach((objectId) => simulator.set({ name: 'Current_In_Queue', objectId, objectType: 'Queue' }, value % 1000));
  };
  next();
  const timer = setInterval(next, 500);
  return { stop: () => clearInterval(timer) };
}
