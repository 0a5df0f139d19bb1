/** What a browser takes over from the page of a server, in virtual time. The frames of a real one are in test/angular/browser.test.ts. */
import { ApplicationRef, PendingTasks, provideZonelessChangeDetection, TransferState, makeStateKey } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { injectKpi, injectStatistic, injectSubscription, provideStatistics, withServerRendering } from '../../src/angular/index.js';
import { now } from '../../src/angular/clock.js';
import { CLIENT } from '../../src/angular/statistics-client.js';
import { numberOf, type StatisticsClientOptions, type StatisticValue } from '../../src/index.js';
import { abandonRate } from '../../src/kpi/index.js';
import { sales } from '../support/journey.js';
import { createMemoryServer, reply } from '../support/memory-server.js';
import { startRig, type Rig } from '../support/rig.js';
import { settle } from '../support/virtual-clock.js';
import { setUpTestBed } from './support.js';

const renderedAt = 1_800_000_000_000;
vi.mock('../../src/angular/clock.js', () => ({ now: vi.fn(() => 1_800_000_000_000), after: () => () => undefined }));
setUpTestBed();

const KEY = makeStateKey<unknown>('genesys-statistics-rx');
const number = ({ value }: StatisticValue): number | null => numberOf(value);
const double = ({ value }: StatisticValue): number => 2 * (numberOf(value) ?? 0);

/** Everything that a page may inject; of two functions that parse the same, the order tells which is which. */
const page = () => ({
  parsed: injectStatistic('a', sales, { parse: number }),
  doubled: injectStatistic('a', sales, { parse: double }),
  plain: injectStatistic('a', sales),
  again: injectStatistic('a', sales, { parse: number }),
  lost: injectKpi({ answered: { name: 'answered', ...sales }, abandoned: { name: 'abandoned', ...sales } }, abandonRate),
  sum: injectKpi({ answered: { name: 'answered', ...sales }, abandoned: { name: 'abandoned', ...sales } }, ({ answered, abandoned }) => (answered ?? 0) + (abandoned ?? 0)),
  pair: injectSubscription([{ name: 'a', ...sales }]),
});

let rig: Rig;
let transferred: unknown;

/** Renders the page as a server does, and keeps what it carries. */
async function renderOnServer(): Promise<void> {
  const server = createMemoryServer(() => 0);
  server.values.set('a', 7).set('answered', 90).set('abandoned', 10);
  vi.stubGlobal('ngServerMode', true);
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host/statistics/v3', transport: server.transport }, withServerRendering())] });
  TestBed.runInInjectionContext(page);
  await TestBed.inject(ApplicationRef).whenStable();
  transferred = (JSON.parse(TestBed.inject(TransferState).toJson()) as Record<string, unknown>)[KEY];
  TestBed.resetTestingModule();
  vi.unstubAllGlobals();
}

beforeEach(async () => {
  vi.mocked(now).mockReturnValue(renderedAt);
  await renderOnServer();
  rig = startRig();
});

/** Begins in a browser with what the page carries. */
function begin(options: Partial<StatisticsClientOptions> = {}): ReturnType<typeof page> {
  TestBed.configureTestingModule({
    providers: [provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host', ...options }, withServerRendering()), { provide: CLIENT, useValue: rig.client }],
  });
  TestBed.inject(TransferState).set(KEY, transferred);
  return TestBed.runInInjectionContext(page);
}

describe('a browser', () => {
  it('begins with what the server rendered, fresh, each reading with its own', () => {
    const { parsed, doubled, plain, again, lost, sum, pair } = begin();
    expect([parsed, doubled, again, lost, sum].map(({ value }) => value())).toEqual([7, 14, 7, 10, 100]);
    expect(plain.value()).toEqual({ name: 'a', ...sales, timestamp: null, value: { intValue: 7 } });
    expect(pair.value()?.map(number)).toEqual([7]);
    expect([parsed, lost, pair].map((each) => [each.status(), each.stale(), each.receivedAt()])).toEqual(Array(3).fill(['resolved', false, renderedAt]));
  });

  it('F175: goes on with live values, and shows nothing else in between', async () => {
    const { parsed } = begin();
    rig.server.value = 7;
    const seen = new Set<unknown>();
    for (let step = 0; step < 30; step++) {
      seen.add(parsed.value());
      await rig.clock.advance(1);
    }
    expect([[...seen], parsed.receivedAt()]).toEqual([[7], 1_800_000_000_010]);
    rig.server.value = 8;
    await rig.clock.advance(5000);
    expect(parsed.value()).toBe(8);
  });

  it('keeps what the server rendered, stale, where nothing confirms it; and shows the refusal where there is one', async () => {
    rig.server.fault = () => {
      throw new Error('ECONNREFUSED');
    };
    const { parsed } = begin();
    await rig.clock.advance(80_000);
    expect([parsed.status(), parsed.value(), parsed.stale()]).toEqual(['resolved', 7, true]);
    rig.server.fault = ({ method }) => (method === 'POST' ? reply(400, { status: { code: 400 } }) : undefined);
    await rig.clock.advance(60_000);
    expect([parsed.status(), parsed.value()]).toEqual(['error', undefined]);
  });

  it.each([
    [{}, 70_000],
    [{ poll: { staleAfter: 5000 } }, 5000],
    [{ poll: { maxInterval: 60_000 }, request: { timeout: 3000 } }, 123_000],
    [{ poll: { interval: 40_000 } }, 90_000],
  ] satisfies [Partial<StatisticsClientOptions>, number][])('with the options %j what is older than %i ms begins stale', async (options, staleAfter) => {
    vi.mocked(now).mockReturnValue(renderedAt + staleAfter);
    expect(begin(options).parsed.stale()).toBe(false);
    TestBed.resetTestingModule();
    vi.mocked(now).mockReturnValue(renderedAt + staleAfter + 1);
    const { parsed } = begin(options);
    expect([parsed.status(), parsed.value(), parsed.stale()]).toEqual(['resolved', 7, true]);
    await rig.clock.advance(20);
    expect(parsed.stale()).toBe(false);
  });

  it('F232: begins with the error of a formula that throws at what the server carried', () => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host' }, withServerRendering()), { provide: CLIENT, useValue: rig.client }] });
    TestBed.inject(TransferState).set(KEY, transferred);
    const broken = TestBed.runInInjectionContext(() =>
      injectKpi({ answered: { name: 'answered', ...sales }, abandoned: { name: 'abandoned', ...sales } }, () => {
        throw new Error('no formula');
      }),
    );
    expect([broken.status(), broken.error()?.message]).toEqual(['error', 'no formula']);
  });

  it('takes nothing over once it has been stable; nobody else can take it at all', async () => {
    begin();
    expect(TestBed.inject(TransferState).hasKey(KEY)).toBe(false);
    await TestBed.inject(ApplicationRef).whenStable();
    await settle();
    expect(TestBed.runInInjectionContext(() => injectStatistic('a', sales, { parse: number, interval: 1 })).status()).toBe('loading');
  });

  it('takes over what begins late, as by a lazy route, while something is pending', async () => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host' }, withServerRendering()), { provide: CLIENT, useValue: rig.client }] });
    TestBed.inject(TransferState).set(KEY, transferred);
    const loaded = TestBed.inject(PendingTasks).add();
    TestBed.runInInjectionContext(() => injectStatistic('first', sales));
    await rig.clock.advance(20);
    expect(TestBed.runInInjectionContext(() => injectStatistic('a', sales, { parse: number })).value()).toBe(7);
    loaded();
  });
});
