/**
 * Random lives of a client in virtual time against a server in memory: joins, leaves, faults, forgetting, refreshes. Then
 * the server heals, everybody leaves, and the invariants must hold: I1, I3, I4, I5, I8, I10, and no observer kept waiting.
 */
import fc from 'fast-check';
import type { Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../src/client.js';
import { numberOf } from '../../src/index.js';
import { createMemoryServer, reply } from '../support/memory-server.js';
import { createVirtualClock } from '../support/virtual-clock.js';

type Command =
  | { readonly do: 'join'; readonly key: number }
  | { readonly do: 'join set'; readonly keys: readonly number[] }
  | { readonly do: 'leave'; readonly which: number }
  | { readonly do: 'advance'; readonly by: number }
  | { readonly do: 'change' | 'forget' | 'refresh' | 'heal' }
  | { readonly do: 'fail'; readonly method: 'GET' | 'POST' | 'DELETE' | 'any'; readonly how: 'reset' | 'hang' | 'lost' | 'silent' | number };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('join' as const), key: fc.nat(11) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join set' as const), keys: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 3 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(20) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.constantFrom(1, 5, 10, 50, 500, 1000, 5000, 31_000) }) },
  { weight: 5, arbitrary: fc.constantFrom<Command>({ do: 'change' }, { do: 'forget' }, { do: 'refresh' }, { do: 'heal' }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fail' as const), method: fc.constantFrom('GET', 'POST', 'DELETE', 'any'), how: fc.constantFrom('reset' as const, 'hang' as const, 'lost' as const, 'silent' as const, 404, 429, 500, 503, 504) }) },
);

async function live(commands: readonly Command[], chance: number): Promise<void> {
  const clock = createVirtualClock();
  clock.chance = chance;
  const server = createMemoryServer(() => clock.monotonic());
  const inFlight = new Map<string, number>();
  const ended = new Set<string>();
  const answered = new Set<string>();
  const broken: string[] = [];
  const client = createClientOn(clock, {
    baseUrl: 'https://host/statistics/v3',
    batch: { size: 4 },
    sharing: { maxIdle: 2 },
    async transport(request, signal) {
      const id = new URL(request.url).pathname.split('/')[4] ?? '';
      if (request.method === 'GET') {
        inFlight.set(id, (inFlight.get(id) ?? 0) + 1);
        if (inFlight.get(id) !== 1) {
          broken.push(`I5: two polls of ${id} at once`);
        }
        if (ended.has(id)) {
          broken.push(`I3: a poll of ${id} after its DELETE`);
        }
      } else if (request.method === 'DELETE') {
        ended.add(id);
      }
      try {
        const response = await Promise.race([
          server.transport(request, signal),
          new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })),
        ]);
        // A client error is an answer too: the server has heard, and will not do it for being asked again.
        if (request.method === 'DELETE' && (response.status === 200 || response.status === 404)) {
          answered.add(id);
        }
        return response;
      } finally {
        inFlight.set(id, (inFlight.get(id) ?? 1) - 1);
      }
    },
  });
  const orphaned: string[] = [];
  client.events$.subscribe((event) => event.type === 'orphaned' && orphaned.push(event.subscriptionId));
  const observers: { subscription: Subscription; values: string[]; gone: boolean; done: boolean }[] = [];

  function observe(key: string, subscribe: (next: (value: unknown) => void, over: () => void) => Subscription): void {
    const observer = { subscription: undefined as unknown as Subscription, values: [] as string[], gone: false, done: false };
    observer.subscription = subscribe(
      (value) => {
        const shown = JSON.stringify(value);
        if (observer.gone) {
          broken.push(`I8: ${key} heard of after leaving`);
        }
        if (observer.values.at(-1) === shown) {
          broken.push(`I10: ${key} twice ${shown}`);
        }
        observer.values.push(shown);
      },
      () => (observer.done = true),
    );
    observers.push(observer);
  }

  const definition = (key: number) => ({ name: `statistic ${key}`, objectId: 'Sales@SIP', objectType: 'Queue' });
  for (const each of commands) {
    switch (each.do) {
      case 'join': {
        const { name, ...object } = definition(each.key);
        observe(name, (next, over) => client.statistic$(name, object).subscribe({ next: ({ value }) => next(numberOf(value)), error: over }));
        break;
      }
      case 'join set':
        observe(`set ${each.keys.join()}`, (next, over) =>
          client.subscription$(each.keys.map(definition)).subscribe({ next: (values) => next(values.map(({ value }) => numberOf(value))), error: over }),
        );
        break;
      case 'leave': {
        const observer = observers[each.which % Math.max(1, observers.length)];
        observer?.subscription.unsubscribe();
        if (observer !== undefined) {
          observer.gone = true;
        }
        break;
      }
      case 'advance':
        await clock.advance(each.by);
        break;
      case 'change':
        server.value++;
        break;
      case 'forget':
        server.forget();
        break;
      case 'refresh':
        client.refresh();
        break;
      case 'heal':
        server.fault = undefined;
        break;
      case 'fail':
        server.fault = ({ method }): ReturnType<NonNullable<typeof server.fault>> => {
          if (each.method !== 'any' && each.method !== method) {
            return undefined;
          }
          if (each.how === 'lost' || each.how === 'silent') {
            return each.how;
          }
          return each.how === 'reset' ? Promise.reject(new Error('reset')) : each.how === 'hang' ? new Promise(() => undefined) : reply(each.how);
        };
        break;
    }
  }

  server.fault = undefined;
  server.value++;
  // I15: within the backoff's cap, a deadline each for opening and polling, the interval's cap, and a search by halves.
  await clock.advance(400_000);
  for (const { values, gone, done } of observers) {
    if (!gone && !done) {
      expect(values.at(-1)?.replace(/[[\]]/g, '').split(',').every((value) => value === String(server.value)), 'everyone has the newest value').toBe(true);
    }
  }
  observers.forEach((observer) => {
    observer.subscription.unsubscribe();
    observer.gone = true;
  });
  await clock.advance(200_000);
  expect(broken).toEqual([]);
  expect(clock.pending, 'I4: no timer is left').toEqual([]);
  expect(server.opened.filter((id) => !answered.has(id) && !orphaned.includes(id)), 'I1: nothing is left open').toEqual([]);
}

describe('a client, whatever happens', () => {
  it('I1, I3, I4, I5, I8, I10, I15: leaves nothing behind, and shows everyone the newest value once the server is well', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), fc.constantFrom(0, 0.5, 0.999), live),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 150) },
    );
  }, 120_000);
});
