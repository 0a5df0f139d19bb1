/**
 * F78: leaving and joining again while a POST, a poll or a DELETE is on its way. Every request and every answer waits until
 * fast-check's scheduler releases it, in any order. The client is judged by the requests that it has sent.
 */
import fc from 'fast-check';
import type { Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numberOf, type StatisticsClient, type Transport } from '../../src/index.js';
import { createMemoryServer } from '../support/memory-server.js';
import { expectNothingLeft } from '../support/rig.js';
import { createVirtualClock, settle } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const interval = 1000;

type Step =
  | { readonly do: 'join' | 'leave'; readonly which: number }
  | { readonly do: 'pass'; readonly by: number }
  /** Releases this number of requests or answers. */
  | { readonly do: 'deliver'; readonly count: number }
  | { readonly do: 'change' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), which: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), by: fc.constantFrom(1, 10, 300, 1000) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'change' }) },
);

/** Three observers, two of which observe the same statistic. */
const streams: Record<string, (client: StatisticsClient, which: number) => (tell: (value: number | null) => void) => Subscription> = {
  'statistics that are opened together': ({ statistic$ }, which) => (tell) => statistic$(nameOf(which), sales).subscribe(({ value }) => tell(numberOf(value))),
  'sets': ({ subscription$ }, which) => (tell) => subscription$([{ name: nameOf(which), ...sales }]).subscribe(([{ value }]) => tell(numberOf(value))),
  'a statistic and a set that holds it': ({ statistic$, subscription$ }, which) => (tell) =>
    which === 0 ? statistic$('a', sales).subscribe(({ value }) => tell(numberOf(value))) : subscription$([{ name: 'a', ...sales }]).subscribe(([{ value }]) => tell(numberOf(value))),
};
const nameOf = (which: number): string => (which === 2 ? 'b' : 'a');

/** A client whose requests and answers wait for the scheduler. Records each violation when it happens. */
function start(scheduler: fc.Scheduler, linger: number) {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const broken = new Set<string>();
  const polled = new Set<string>();
  const deleted = new Set<string>();
  const mustNot = (what: string, done: boolean): unknown => done && broken.add(what);

  const transport: Transport = async (request, signal) => {
    const id = request.url.split(/[/?]/)[6] ?? '';
    const passed = (what: string): Promise<unknown> => Promise.race([scheduler.schedule(Promise.resolve(), `${request.method} ${what}`), aborted(signal)]);
    if (request.method === 'GET') {
      mustNot('I3: poll what it has asked to delete', deleted.has(id));
      mustNot('I5: poll twice at once', polled.has(id));
      polled.add(id);
    } else if (request.method === 'DELETE') {
      mustNot('I3: delete twice', deleted.has(id));
      deleted.add(id);
    }
    try {
      await passed('arrives');
      const response = await server.transport(request, signal);
      await passed('is answered');
      return response;
    } finally {
      polled.delete(id);
    }
  };

  return {
    clock, server, broken, mustNot,
    client: createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport, poll: { interval, maxInterval: interval }, sharing: { linger }, request: { timeout: 2 ** 30 } }),
    async deliver(count: number): Promise<void> {
      for (let left = count; left > 0 && scheduler.count() > 0; left--) {
        await scheduler.waitNext(1);
        await settle();
      }
    },
  };
}

async function live(kind: string, linger: number, scheduler: fc.Scheduler, steps: readonly Step[]): Promise<void> {
  const { clock, server, client, broken, mustNot, deliver } = start(scheduler, linger);
  const observers = new Map<number, { subscription: Subscription | undefined; values: (number | null)[]; here: boolean }>();

  function join(which: number): void {
    const observer = { subscription: undefined as Subscription | undefined, values: [] as (number | null)[], here: true };
    observers.set(which, observer);
    observer.subscription = streams[kind]?.(client, which)((value) => {
      mustNot('I8: tell who has left', !observer.here);
      mustNot('I10: tell a value twice', observer.values.at(-1) === value);
      observer.values.push(value);
    });
  }

  function leave(which: number): void {
    const observer = observers.get(which);
    observer?.subscription?.unsubscribe();
    if (observer !== undefined) {
      observer.here = false;
      observers.delete(which);
    }
  }

  for (const each of steps) {
    if (each.do === 'join' && !observers.has(each.which)) {
      join(each.which);
    } else if (each.do === 'leave') {
      leave(each.which);
    } else if (each.do === 'pass') {
      await clock.advance(each.by);
    } else if (each.do === 'change') {
      server.value++;
    } else if (each.do === 'deliver') {
      await deliver(each.count);
    }
  }
  const getOn = async (): Promise<void> => {
    for (let quarter = 0; quarter < 20; quarter++) {
      await deliver(Infinity);
      await clock.advance(interval / 4);
    }
  };
  server.value++;
  await getOn();
  observers.forEach(({ values }) => mustNot('I15: keep the newest value from who stayed', values.at(-1) !== server.value));
  [...observers.keys()].forEach(leave);
  await getOn();
  expect([...broken]).toEqual([]);
  expectNothingLeft({ clock, server });
}

describe('F78: leaving and joining again at any moment', () => {
  it.each(Object.keys(streams).flatMap((kind) => [0, 1000].map((linger) => [kind, linger] as const)))('%s, lingering for %i ms', async (kind, linger) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 40 }), (scheduler, steps) => live(kind, linger, scheduler, steps)),
      { numRuns: Number(process.env['MODEL_RUNS'] ?? 100) },
    );
  }, 120_000);
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
