/** A page rendered by `@angular/ssr` over a server that is down, hangs or answers 503: how long it takes, and what it leaves behind. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSimulator, type FaultScript } from '../../dist/simulator/index.js';
import { addressOf } from './page.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface Rendered {
  /** Milliseconds, the longest of several renders after the first. */
  readonly took: number;
  readonly opened: number;
  /** Requests, and connections, in the second after the last render. */
  readonly after: number;
}

const times = 5;

/** @param folder - of the built application. @param fault - `'down'`: nothing listens. */
export async function render(folder: string, fault: FaultScript | 'down' | undefined): Promise<Rendered> {
  const simulator = await createSimulator();
  if (fault === 'down') {
    await simulator.stop();
  } else if (fault !== undefined) {
    simulator.fault(fault);
  }
  process.env['BENCH_PARAMETERS'] = new URLSearchParams({ url: simulator.url, tiles: '20' }).toString();
  const { reqHandler } = (await import(pathToFileURL(join(folder, 'server/server.mjs')).href)) as { readonly reqHandler: Handler };
  const server = createServer((request, response) => reqHandler(request, response, () => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const took: number[] = [];
  for (let index = 0; index <= times; index++) {
    const startedAt = performance.now();
    const page = await (await fetch(`${addressOf(server)}/`)).text();
    took.push(performance.now() - startedAt);
    if (!page.includes('<app-tile')) {
      throw new Error('the page holds no tile');
    }
  }
  const before = simulator.ledger.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const { opened, requests } = simulator.ledger;
  const rendered = { took: Math.max(...took.slice(1)), opened: opened.length, after: requests.length - before };
  server.closeAllConnections();
  server.close();
  await simulator.close();
  return rendered;
}
