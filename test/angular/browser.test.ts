/** Hydration in a real Chromium, frame by frame: an application that Angular's CLI built, rendered by its own server, over the simulator. */
import { readFileSync } from 'node:fs';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeInChromium, type PageGlobals } from '../support/chromium.js';
import { allDeleted, sales, startSimulator, support, until } from '../support/journey.js';
import type { Simulator } from '../../src/simulator/index.js';
import { buildApplication, type Built } from './build.js';

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** What the page keeps of itself: the text of its tiles in every frame, whatever is printed, and whether its elements are those of the server. */
function watchFrames(): void {
  const page = globalThis as unknown as PageGlobals & { readonly seen: unknown[]; printed: string[]; first: Element | null };
  Object.assign(page, { seen: [], printed: [], first: null });
  for (const level of ['error', 'warn'] as const) {
    // eslint-disable-next-line no-console -- it is heard, not used
    console[level] = (...given: unknown[]) => void page.printed.push(given.join(' '));
  }
  const look = (): void => {
    const tiles = [...document.querySelectorAll<HTMLElement>('app-tile')];
    page.first ??= tiles[0]?.querySelector('b') ?? null;
    if (tiles.length > 0) {
      page.seen.push(tiles.map(({ innerText }) => innerText.replace(/\s+/g, ' ').trim()).join(' | '));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Serves pages, the files of the browser, and passes on the API, from one origin. */
async function serve({ folder }: Built, simulator: Simulator): Promise<string> {
  process.env['STATISTICS_URL'] = simulator.url;
  const { reqHandler } = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'server/server.mjs')).href)) as { readonly reqHandler: Handler };
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/statistics/') === true) {
      const { port } = new URL(simulator.url);
      const passed = send({ host: '127.0.0.1', port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      request.pipe(passed);
    } else if (request.url === '/main.js') {
      response.setHeader('content-type', 'text/javascript').end(readFileSync(join(folder, 'browser/main.js')));
    } else {
      const end = response.end.bind(response) as (text?: unknown) => ServerResponse;
      const parts: Uint8Array[] = [];
      response.write = ((part: Uint8Array) => parts.push(part) > 0) as typeof response.write;
      response.end = (() => end(Buffer.concat(parts).toString().replace('<head>', `<head><script>(${watchFrames.toString()})()</script>`))) as typeof response.end;
      reqHandler(request, response, () => void end());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describeInChromium('hydration', (chromium) => {
  let built: Built;

  beforeAll(async () => {
    built = await buildApplication('server');
  }, 0);

  it('F175: no frame is blank or different, until the values are; the elements stay, and nothing is printed', { timeout: 120_000 }, async () => {
    const simulator = await startSimulator();
    // Totals that a subscription counts from its start would not be those that the server peeked at.
    for (const queue of [sales, support]) {
      simulator.set({ name: 'Total_Answered', ...queue }, 90);
      simulator.set({ name: 'Total_Abandoned', ...queue }, 10);
      simulator.set({ name: 'Current_In_Queue', ...queue }, 3);
    }
    const tab = await chromium.openTab();
    await tab.goTo(await serve(built, simulator));
    expect(simulator.ledger.opened.length, 'the server opens nothing').toBeLessThanOrEqual(1);
    await until('it is live', () => simulator.ledger.requests.filter(({ operation, status }) => operation === 'read' && status === 200).length > 5);
    const frames = await tab.untilSeen('some frames', (seen) => seen.length > 10);
    expect([...new Set(frames)]).toEqual(['310 | 310']);
    const { printed, same } = await tab.run(() => {
      const page = globalThis as unknown as { printed: string[]; first: Element | null };
      return { printed: page.printed, same: page.first?.isConnected };
    });
    expect([printed, same]).toEqual([[], true]);
    simulator.set({ name: 'Current_In_Queue', ...sales }, 4);
    simulator.advance(1000);
    await tab.untilSeen('another value', (seen) => seen.at(-1) === '410 | 310');
    await tab.close();
    await allDeleted(simulator);
  });
});
