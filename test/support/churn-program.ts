/**
 * Makes ten thousand random joins and leaves over 500 keys with this library, and the first of them with the textbook recipe of
 * RxJS. A separate program, run with --expose-gc, which prints what stays in memory. The ledgers of the servers show what stays
 * open there.
 *
 *     node --expose-gc test/support/churn-program.ts URL URL
 */
import { setTimeout as pause } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { defer, exhaustMap, finalize, share, switchMap, tap, timer, type Observable, type Subscription } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';

const [ours = '', theirs = ''] = process.argv.slice(2);
const keys = Array.from({ length: 500 }, (_, index) => ({ name: 'Total_Answered', objectId: `Queue${String(index + 1).padStart(4, '0')}@SIP`, objectType: 'Queue' }));
const stepsAtATime = 20;
const [warmUp, steps] = [3000, 10_000];
/** Enough for the recipe to leak many subscriptions. */
const stepsOfRecipe = 3000;

/** A generator of numbers from 0 up to 1, the same in each run: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Joins and leaves at random. At the end it calls `look`, then leaves everything. */
async function churn(steps: number, seed: number, streamOf: (key: number) => Observable<unknown>, look?: () => Promise<unknown>): Promise<void> {
  const random = createRandom(seed);
  const observers: Subscription[] = [];
  for (let step = 0; step < steps; step++) {
    if (random() < 0.5) {
      observers.push(streamOf(Math.floor(random() * keys.length)).subscribe({ error: () => undefined }));
    } else {
      observers.splice(Math.floor(random() * observers.length), 1).forEach((observer) => observer.unsubscribe());
    }
    if (step % stepsAtATime === 0) {
      await pause(1);
    }
  }
  await look?.();
  observers.forEach((observer) => observer.unsubscribe());
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 10_000 && !condition(); attempt++) {
    await pause(1);
  }
}

// -- this library ------------------------------------------------------------------------------------------------

const client = createStatisticsClient({ baseUrl: ours, poll: { interval: 30, maxInterval: 30 }, sharing: { linger: 20 }, batch: { window: 2, size: 6 } });
const { statistic$, subscription$, health$ } = client;
/** Statistics, and sets that overlap with them. */
const byLibrary = keys.map((key, index) => (index % 2 === 0 ? statistic$(key.name, key) : subscription$([key, keys[index - 1] ?? key])));
let health: { readonly status: string; readonly upstreams: number; readonly statistics: number; readonly observers: number } | undefined;
health$.subscribe((now) => (health = now));

async function settled(): Promise<number> {
  await until(() => health?.status === 'idle');
  // Wait until sockets and buffers that are kept for the next request are freed, so that they do not count.
  await pause(200);
  for (let round = 0; round < 3; round++) {
    gc?.();
    await pause(10);
  }
  return process.memoryUsage().heapUsed;
}

const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
/** The number of objects of the library's own classes that are still reachable, such as entries of its maps. */
async function held(): Promise<number> {
  const classes = await Promise.all(
    [['cell', 'Cell'], ['set', 'LiveSet'], ['group', 'Group'], ['observer', 'ValueObserver'], ['observer', 'StateObserver']].map(async ([file = '', name = '']) => {
      const module = (await import(new URL(`../../dist/sharing/${file}.js`, import.meta.url).href)) as Record<string, new () => unknown>;
      return module[name];
    }),
  );
  return classes.reduce((sum, each) => sum + (each === undefined ? NaN : queryObjects(each, { format: 'count' })), 0);
}

let heldMeanwhile = 0;
// A warm-up, because compiled code and kept buffers are no leak. From then on, the heap must stay the same.
await churn(warmUp, 1, (key) => byLibrary[key] as Observable<unknown>, async () => (heldMeanwhile = await held()));
const before = await settled();
const timersBefore = timers();
await churn(steps, 2, (key) => byLibrary[key] as Observable<unknown>);
const after = await settled();
const library = { grownBy: after - before, timers: timers() - timersBefore, heldMeanwhile, held: await held(), health };
await client.close();

// -- the recipe --------------------------------------------------------------------------------------------------

/** The recipe of articles and forum answers: one shared stream that opens, polls and deletes. */
function recipe(key: (typeof keys)[number]): Observable<unknown> {
  return defer(() => {
    const operationId = crypto.randomUUID();
    let id: string | undefined;
    const open$ = fromFetch(`${theirs}/subscriptions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ operationId, data: { statistics: [{ statisticId: '1', ...key }] } }),
      selector: (response) => response.json() as Promise<{ data: { subscriptionId: string } }>,
    });
    return open$.pipe(
      tap(({ data }) => (id = data.subscriptionId)),
      switchMap(({ data }) => timer(0, 30).pipe(exhaustMap(() => fromFetch(`${theirs}/subscriptions/${data.subscriptionId}/statistic-values`, { selector: (response) => response.json() })))),
      finalize(() => id !== undefined && void fetch(`${theirs}/subscriptions/${id}`, { method: 'DELETE' }).then((response) => response.text())),
    );
  }).pipe(share({ resetOnRefCountZero: true }));
}

const byRecipe = keys.map(recipe);
await churn(stepsOfRecipe, 2, (key) => byRecipe[key] as Observable<unknown>);

process.stdout.write(`${JSON.stringify(library)}\n`);
