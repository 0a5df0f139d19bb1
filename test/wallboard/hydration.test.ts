/** The wallboard as `serve.ts` renders it, and as a browser takes it over: what a viewer sees in every frame until it is live. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startSimulator, until } from '../support/journey.js';
import { describeWithBrowser } from './built.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const queues = ['Sales@SIP', 'Support@SIP', 'Billing@SIP'];

/** Keeps the text of all numbers of each frame, from when the page has arrived: a part of it may be painted before. */
function watchFrames(): void {
  const seen: string[] = [];
  Object.assign(globalThis, { seen });
  const look = (): void => {
    const numbers = [...document.querySelectorAll<HTMLElement>('app-tile .number, app-tile .note')];
    if (document.readyState !== 'loading') {
      seen.push(numbers.map(({ innerText }) => innerText.trim()).join(' | '));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

describeWithBrowser('hydration of the wallboard', (open) => {
  let output: string;

  beforeAll(() => {
    output = mkdtempSync(join(tmpdir(), 'wallboard-'));
  });
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  /** Resolves with the address, once it is built and served. */
  async function serve(baseUrl: string): Promise<string> {
    const child = spawn(process.execPath, ['examples/angular-wallboard/serve.ts', '--configuration', 'ssr', '--output', output, '--port', '0', '--base-url', baseUrl], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill());
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expect.poll(() => said, { timeout: 120_000 }).toContain('The wall is at ');
    return /The wall is at (\S+)/.exec(said)?.[1] ?? '';
  }

  it('F239: no frame is blank or different until a value changes; the page is complete without its program', async () => {
    const simulator = await startSimulator();
    for (const objectId of queues) {
      // Totals that a subscription counts from its start would not be those that the server peeked at.
      for (const [name, value] of Object.entries({ Current_In_Queue: 3, CurrMaxCallWaitingTime: 47, Total_Answered: 90, Total_Abandoned: 10, Total_Answered_In_Threshold: 85 })) {
        simulator.set({ name, objectId, objectType: 'Queue' }, value);
      }
    }
    const url = await serve(simulator.url);
    const { page, complaints } = await open();
    await page.addInitScript(watchFrames);
    await page.goto(url);
    await until('it is polled', () => simulator.ledger.requests.filter(({ operation, status }) => operation === 'read' && status === 200).length > 1);
    const frames = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
    const complete = queues.map(() => '3 | Good | 0:47 | Good | 85% | Good | 10% | Good').join(' | ');
    expect([...new Set(frames)]).toEqual([complete]);
    expect([frames.length > 10, complaints]).toEqual([true, []]);
    simulator.set({ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }, 4);
    await page.locator('app-waiting-tile .number').first().filter({ hasText: '4' }).waitFor();
    const without = await open({ javaScriptEnabled: false });
    await without.page.goto(url);
    expect(await without.page.locator('app-tile .number').allInnerTexts()).toEqual(['4', '0:47', '85%', '10%', '3', '0:47', '85%', '10%', '3', '0:47', '85%', '10%']);
  }, 180_000);
});
