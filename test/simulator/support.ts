/** What the simulator's tests share: one that ends with the test, and requests as plain data. */
import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';

/** An afternoon in the middle of a second, so that rounding shows. */
export const AFTERNOON = Date.UTC(2026, 10, 24, 15, 0, 0, 250);

export const sales = { objectId: 'Sales@SIP', objectType: 'Queue' } as const;
export const kim = { objectId: 'kim', objectType: 'Agent' } as const;

export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await createSimulator({ clock: 'manual', startAt: AFTERNOON, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** Loose on purpose: tests say what they expect of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Json;
}

export interface Asking {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Asks for exactly this path under the base path: nothing is normalised, as it would be by `fetch`. */
export function ask(simulator: Simulator, path: string, { method = 'GET', body, headers = {} }: Asking = {}): Promise<Reply> {
  const { hostname, port, pathname } = new URL(simulator.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path: `${pathname}${path}`, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json: Json;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));
  });
}

export const openBody = (operationId: string | undefined, ...statistics: unknown[]) => ({ operationId, data: { statistics } });

export const openAt = (simulator: Simulator, operationId: string, ...statistics: unknown[]): Promise<Reply> =>
  ask(simulator, '/subscriptions', { method: 'POST', body: openBody(operationId, ...statistics) });

export const readAt = (simulator: Simulator, id: string, query = ''): Promise<Reply> =>
  ask(simulator, `/subscriptions/${encodeURIComponent(id)}/statistic-values${query}`);

export const closeAt = (simulator: Simulator, id: string): Promise<Reply> =>
  ask(simulator, `/subscriptions/${encodeURIComponent(id)}`, { method: 'DELETE' });

export const peekAt = (simulator: Simulator, name: string, object: { objectId: string; objectType: string }): Promise<Reply> =>
  ask(simulator, `/statistic-values/${encodeURIComponent(name)}?${new URLSearchParams(object).toString()}`);

/** The number of a value in its wire form. */
export const numberOf = (statistic: Json): number => Number(statistic.value.stringValue);
