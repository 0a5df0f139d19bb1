/**
 * The soak: `npm run soak -- --minutes 60`. A client over real sockets lives with a server that does everything to it, and
 * every quarter of a minute all leave and it is looked whether anything was lost or left. Ends with 1 if so.
 * `npm run soak -- --simulated` lives a thousand hours in virtual time instead, as `test/model/soak.test.ts` does.
 */
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { firstValueFrom } from 'rxjs';
import { createStatisticsClient, type StatisticsClient } from 'genesys-statistics-rx';
import { start, type Remote } from '../bench/remote.ts';
import { createChance } from './chance.ts';
import { createSampler, fit, handleCount, type Sample } from './figures.ts';
import { createProgram, type Program } from './program.ts';
import type { ServerMethods } from './server.ts';

type Server = Remote<ServerMethods>;

const { values: asked } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    simulated: { type: 'boolean', default: false },
    /** Of the simulated soak: so many lives of so many hours. */
    seeds: { type: 'string', default: '50' },
    hours: { type: 'string', default: '20' },
  },
});

/** Milliseconds of everything at once, before all leave. */
const busy = 12_000;
/** Milliseconds within which all must be well, and nothing left, once the weather is fair. */
const timeLimit = 20_000;
/** Megabytes an hour, and handles: what grows by more is a leak. */
const mostGrowth = 1;
const mostHandles = 4;
/**
 * The first samples are of a process that is warming up: code is compiled, and the sockets that the platform keeps for the
 * next request, for two minutes here, become as many as are ever needed at once. Of fewer samples than these nothing can be said.
 */
const warmUp = { share: 1 / 4, hours: 3 / 60 };
const fewest = 12;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

async function soak(minutes: number, seed: number): Promise<readonly string[]> {
  const server: Server = start<ServerMethods>('./server.ts', [], [String(seed)]);
  const sampler = createSampler();
  const failures: string[] = [];
  /** Those that the server has open yet; and how many there ever were. */
  const orphans = new Set<string>();
  let orphaned = 0;
  const client = createStatisticsClient({
    baseUrl: await server.call('url'),
    token: () => server.call('token'),
    poll: { interval: 100, maxInterval: 400, staleAfter: 3000 },
    retry: { minTimeout: 100, maxTimeout: 1000 },
    sharing: { linger: 200, maxIdle: 8 },
    batch: { size: 60, window: 5 },
    request: { timeout: 1000 },
  });
  client.events$.subscribe((event) => {
    if (event.type === 'orphaned') {
      orphans.add(event.subscriptionId);
      orphaned++;
    }
  });
  const program = createProgram(client, createChance(seed));
  try {
    for (const end = performance.now() + minutes * 60_000; performance.now() < end && failures.length === 0; ) {
      await server.call('bad');
      await program.run(Math.min(busy, Math.max(1000, end - performance.now())));
      program.settle();
      await server.call('fair');
      await expectSoon('everybody is served', async () => program.isServed && (await statusOf(client)) === 'live', failures);
      program.leaveAll();
      await expectNothingLeft(client, server, orphans, failures);
      const ledger = await server.call('ledger');
      // Or the heap would grow by what is kept here.
      const open = new Set(ledger.open);
      orphans.forEach((id) => open.has(id) || orphans.delete(id));
      report(await sampler.take(), program, ledger, orphaned);
    }
    failures.push(...program.doings.wrong.slice(0, 10).map((wrong) => `told what nobody may be told: ${wrong}`), ...judge(sampler.samples));
    print(JSON.stringify((await server.call('ledger')).weather));
    return failures;
  } finally {
    sampler.end();
    await client.close();
    await server.end();
  }
}

/** Once all have left nothing is open that has not been told as orphaned, and nothing lives in the client. */
async function expectNothingLeft(client: StatisticsClient, server: Server, orphans: ReadonlySet<string>, failures: string[]): Promise<void> {
  await expectSoon('the client is idle', async () => (await statusOf(client)) === 'idle', failures);
  await expectSoon('no timer is left', () => Promise.resolve(!process.getActiveResourcesInfo().includes('Timeout')), failures);
  await expectSoon('nothing is open', async () => (await server.call('ledger')).open.every((id) => orphans.has(id)), failures);
}

async function statusOf({ health$ }: StatisticsClient): Promise<string> {
  return (await firstValueFrom(health$, { defaultValue: undefined }))?.status ?? 'closed';
}

async function expectSoon(what: string, condition: () => Promise<boolean>, failures: string[]): Promise<void> {
  const end = performance.now() + timeLimit;
  while (!(await condition())) {
    if (performance.now() > end) {
      failures.push(`not within ${timeLimit} ms: ${what}`);
      return;
    }
    await wait(20);
  }
}

/** What has grown since the process was warm. */
function judge(samples: readonly Sample[]): string[] {
  const warm = samples.slice(Math.ceil(samples.length * warmUp.share)).filter(({ at }) => at >= warmUp.hours);
  if (warm.length < fewest) {
    print(`heap: too short to tell (${warm.length} samples of a warm process)`);
    return [];
  }
  const { slope, within } = fit(warm.map(({ at, heap }) => [at, heap]));
  const third = Math.floor(warm.length / 3);
  const handles = (some: readonly Sample[]): number => Math.max(0, ...some.map(handleCount));
  const [first, last] = [handles(warm.slice(0, third)), handles(warm.slice(-third))];
  print(`heap: ${slope.toFixed(2)} MB/h, within ${within.toFixed(2)}, over ${warm.length} samples; handles: at most ${first} in the first third, ${last} in the last`);
  return [
    // What chance alone explains is no leak: a soak of ten minutes can tell little, one of an hour a lot.
    ...(slope - within > mostGrowth ? [`the heap grows by ${slope.toFixed(2)} MB/h`] : []),
    ...(last > first + mostHandles ? [`handles grow from ${first} to ${last}`] : []),
  ];
}

function report({ at, heap, handles, delay }: Sample, { doings }: Program, ledger: Awaited<ReturnType<ServerMethods['ledger']>>, orphans: number): void {
  print(
    `${(at * 60).toFixed(1)} min: ${ledger.requests} requests, ${ledger.opened} opened, ${ledger.deleted} deleted, ${ledger.open.length} open, ${orphans} told as orphaned; ` +
      `${doings.joined} joined, ${doings.values} values, ${doings.errors} errors; heap ${heap.toFixed(2)} MB, ` +
      `${Object.entries(handles).map(([kind, count]) => `${count} ${kind}`).join(', ')}; ${ledger.connections} connections, ${ledger.sockets} open; loop late by ${delay.toFixed(1)} ms`,
  );
}

function simulate(): void {
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/model/soak.test.ts', '--disable-console-intercept'], {
    stdio: 'inherit',
    env: { ...process.env, SOAK_SEEDS: asked.seeds, SOAK_HOURS: asked.hours, SOAK_FIRST: asked.seed },
  });
  vitest.on('close', (code) => (process.exitCode = code ?? 1));
}

if (asked.simulated) {
  simulate();
} else {
  const failures = await soak(Number(asked.minutes), Number(asked.seed));
  failures.forEach((failure) => print(`FAILED: ${failure}`));
  print(failures.length === 0 ? 'nothing lost, nothing left' : `${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
