/**
 * The tools of every journey: a simulator and a real client over HTTP that end with the test, quick timings, and waiting
 * for something to become true. A journey judges by the simulator's ledger, never by time.
 */
import type { Observable, Subscription } from 'rxjs';
import { onTestFinished } from 'vitest';
import { createStatisticsClient, type StatisticsClient, type StatisticsClientOptions, type StatisticsEvent } from '../../src/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';

export const sales = { objectId: 'Sales@SIP', objectType: 'Queue' } as const;
export const support = { objectId: 'Support@SIP', objectType: 'Queue' } as const;
export const kim = { objectId: 'kim', objectType: 'Agent' } as const;

/** Short intervals, because tests wait for them. Long deadlines, so that a busy machine causes no failure: a test of a deadline sets its own. */
export const quick = {
  poll: { interval: 20, maxInterval: 40, staleAfter: 20_000 },
  retry: { minTimeout: 10, maxTimeout: 80 },
  sharing: { linger: 30 },
  batch: { window: 2 },
  request: { timeout: 5000 },
} as const satisfies Partial<StatisticsClientOptions>;

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await createSimulator({ clock: 'manual', ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

export function startClient(baseUrl: string, options: Partial<StatisticsClientOptions> = {}): StatisticsClient {
  const client = createStatisticsClient({ baseUrl, ...quick, ...options });
  onTestFinished(() => client.close());
  return client;
}

export interface Recording<T> {
  readonly values: T[];
  error: unknown;
  completed: boolean;
  readonly subscription: Subscription;
  unsubscribe(): void;
}

/** Subscribes, and records everything that comes. */
export function record<T>(stream$: Observable<T>): Recording<T> {
  const values: T[] = [];
  const state = { error: undefined as unknown, completed: false };
  const subscription = stream$.subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => (state.error = error),
    complete: () => (state.completed = true),
  });
  return Object.assign(state, { values, subscription, unsubscribe: () => subscription.unsubscribe() });
}

/** Resolves once `condition` holds. Otherwise fails before the test's own timeout, with a message that contains `what`. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 50_000; performance.now() < end; ) {
    const holds = condition();
    if (typeof holds === 'boolean' ? holds : await holds) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Resolves after `count` further answered requests of an operation, so that a test does not depend on the speed of the machine. */
export async function answered({ ledger }: Simulator, operation: 'open' | 'read' | 'close', count: number): Promise<void> {
  const done = (): number => ledger.requests.filter((request) => request.operation === operation && request.status !== undefined).length;
  const before = done();
  await until(`${count} more ${operation} answered`, () => done() >= before + count);
}

/** Waits until the client has deleted everything that it opened. */
export async function allDeleted({ ledger }: Simulator): Promise<void> {
  await until('everything opened is deleted', () => ledger.opened.length > 0 && ledger.opened.every((id) => ledger.deleted.includes(id)));
}

export function eventsOf<T extends StatisticsEvent['type']>(client: StatisticsClient, type: T): Extract<StatisticsEvent, { type: T }>[] {
  const events: Extract<StatisticsEvent, { type: T }>[] = [];
  client.events$.subscribe((event) => {
    if (event.type === type) {
      events.push(event as Extract<StatisticsEvent, { type: T }>);
    }
  });
  return events;
}

/** A numeric value as the simulator sends it. */
export function numberValue(value: number): unknown {
  return { intervalLength: 0, tag: -1, stringValue: String(value), timestamp: 0, intValue: Math.trunc(value) };
}
