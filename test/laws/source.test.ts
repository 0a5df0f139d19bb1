/** The laws of a Source, run against every implementation: those over real HTTP, and the one in memory. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import type { Reading } from '../../src/model/reading.js';
import { createSystemClock } from '../../src/time/clock.js';
import { createPageLifecycle } from '../../src/time/page-lifecycle.js';
import type { ClientContext } from '../../src/upstream/context.js';
import { createFallback } from '../../src/upstream/fallback/fallback.js';
import { createCircuitBreaker } from '../../src/upstream/recovery/circuit-breaker.js';
import { createMonitor } from '../../src/upstream/telemetry/monitor.js';
import { createPeeking } from '../../src/upstream/fallback/peeking.js';
import { createReopenProbe } from '../../src/upstream/recovery/reopen-probe.js';
import { createDeleter } from '../../src/upstream/cleanup/deleter.js';
import type { AnswerOrigin, Source, SourceHandle } from '../../src/upstream/source.js';
import { createUpstreams, type UpstreamDeps } from '../../src/upstream/upstream.js';
import { createApi } from '../../src/wire/api.js';
import { createCredentials } from '../../src/wire/credentials.js';
import { createExchange } from '../../src/wire/exchange.js';
import { createRequestQueue } from '../../src/wire/request-queue.js';
import { inBytes } from '../../src/wire/transport.js';
import { fetchTransport } from '../../src/wire/fetch.js';
import { numberOf, StatisticsError } from '../../src/index.js';
import type { Simulator } from '../../src/simulator/index.js';
import { numberValue, quick, sales, startSimulator, until } from '../support/journey.js';
import { createMemorySource } from '../support/memory-source.js';

/** A source, and the hands on what it watches. */
interface Rig {
  readonly source: Source;
  /** Sets both statistics to a value, and lets the source hear of it. */
  set(value: number): void;
  /** The server forgets what was opened. */
  forget(): void;
  /** How many are open now. */
  open(): number;
}

const definitions = [readDefinition({ name: 'Current_In_Queue', ...sales }), readDefinition({ name: 'Total_Answered', ...sales })];

/** @param forget - how the server comes to know nothing of what was opened. */
async function overHttp(make: (deps: UpstreamDeps) => Source, forget: (simulator: Simulator) => void): Promise<Rig> {
  const simulator = await startSimulator();
  const clock = createSystemClock();
  const credentials = createCredentials({ timeout: quick.request.timeout, askAgainAfter: 80 }, clock, () => undefined);
  const transport = fetchTransport((url, init) => fetch(url, init));
  const requests = createRequestQueue(clock, 16);
  const exchange = createExchange({ baseUrl: simulator.url, transport: inBytes(transport), credentials, requests, cookies: () => Promise.resolve(undefined), timeout: quick.request.timeout, maxBodyBytes: 1e6, clock, onPlatformFailure: () => undefined });
  const api = createApi(exchange, credentials, clock);
  const monitor = createMonitor(clock);
  const retryOptions = { ...quick.retry, factor: 2 };
  const context: ClientContext = {
    api, credentials, requests, clock, monitor, retryOptions,
    page: createPageLifecycle({}),
    newId: () => crypto.randomUUID(),
    poll: { ...quick.poll, factor: 1.5, hiddenInterval: 40, verbose: 'OFF' },
    requestTimeout: quick.request.timeout,
  };
  const breaker = createCircuitBreaker(clock, quick.request.timeout);
  return {
    source: make({ ...context, breaker, probe: createReopenProbe(context, breaker), deleter: createDeleter(context) }),
    set: (value) => definitions.forEach(({ name = '', objectId, objectType }) => simulator.set({ name, objectId, objectType }, numberValue(value))),
    forget: () => forget(simulator),
    open: () => simulator.ledger.opened.length - simulator.ledger.deleted.length,
  };
}

const rigs: Record<string, () => Promise<Rig>> = {
  'the upstream over HTTP': () => overHttp(createUpstreams, (simulator) => simulator.forget()),
  'peeks over HTTP': () =>
    overHttp((deps) => createPeeking(deps)(new StatisticsError('subscriptions are refused')), (simulator) => simulator.fault({ kind: 'status', operation: 'peekAll', status: 404 })),
  'the upstream with peeks to fall back on': () =>
    overHttp(
      (deps) => createFallback({ ...deps, primary: createUpstreams(deps), standIn: createPeeking(deps) }),
      (simulator) => {
        simulator.fault({ kind: 'status', operation: 'open', status: 403, times: Infinity });
        simulator.forget();
      },
    ),
  'the one in memory': () => {
    const { source, started } = createMemorySource();
    let current = numberValue(0);
    let reopened = false;
    // Answers from then on, as a server's would come: not before the caller holds the handle.
    const timer = setInterval(() => {
      started.forEach((entry) => entry.answer(() => current, { reopened }));
      reopened = false;
    }, 2);
    onTestFinished(() => clearInterval(timer));
    return Promise.resolve({
      source,
      set: (value: number) => (current = numberValue(value)),
      forget: () => (reopened = true),
      open: () => started.filter(({ closed }) => !closed).length,
    } as unknown as Rig);
  },
};

describe.each(Object.entries(rigs))('%s', (_, makeRig) => {
  async function start(): Promise<Rig & { handle: SourceHandle; answers: (readonly (Reading | undefined)[])[]; origins: AnswerOrigin[]; sync: boolean }> {
    const rig = await makeRig();
    rig.set(1);
    const answers: (readonly (Reading | undefined)[])[] = [];
    const origins: AnswerOrigin[] = [];
    const handle = rig.source(definitions, {
      answer(answer) {
        answers.push(answer.readings);
        origins.push(answer);
        return 0;
      },
      lag: () => undefined,
      needs: () => ({}),
      missing: () => undefined,
      refused: () => 'stop',
      stale: () => undefined,
    });
    const sync = answers.length > 0;
    onTestFinished(() => handle.close());
    return { ...rig, handle, answers, origins, sync };
  }

  it('calls no hook before it has returned', async () => {
    expect((await start()).sync).toBe(false);
  });

  it('answers with a reading per definition, in their order', async () => {
    const { answers } = await start();
    await until('an answer', () => answers.length > 0);
    expect(answers[0]?.map((value) => numberOf(value?.value))).toEqual([1, 1]);
  });

  it('says of the first answer only that it is the opening, and keeps one session', async () => {
    const { origins } = await start();
    await until('three answers', () => origins.length >= 3);
    expect(origins.slice(0, 3).map(({ opening, reopened }) => [opening, reopened])).toEqual([[true, false], [false, false], [false, false]]);
    expect(new Set(origins.map(({ session }) => session)).size).toBe(1);
    // Remembered with every value: whatever it held would live as long.
    expect(Reflect.ownKeys(origins[0]?.session ?? [])).toEqual([]);
  });

  it('tells of a change, and after being forgotten goes on with another session', async () => {
    const { answers, origins, set, forget } = await start();
    await until('an answer', () => answers.length > 1);
    forget();
    set(2);
    await until('the change', () => numberOf(answers.at(-1)?.[0]?.value) === 2 && origins.at(-1)?.session !== origins[0]?.session);
    expect(origins.some(({ opening, reopened }) => opening && reopened)).toBe(true);
  });

  it('calls no hook after close(), which is idempotent, and leaves nothing open', async () => {
    const { answers, handle, open } = await start();
    await until('an answer', () => answers.length > 0);
    handle.close();
    handle.close();
    const heard = answers.length;
    await until('nothing is open', () => open() === 0);
    expect(answers.length).toBe(heard);
  });

  it('closed at once, it leaves nothing open either', async () => {
    const { answers, handle, open } = await start();
    handle.close();
    await until('nothing is open', () => open() === 0);
    expect(answers).toEqual([]);
  });
});
