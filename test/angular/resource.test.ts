/** The resources of `./angular` over a client in virtual time: their statuses, their targets, and what they ask of the server. */
import { Injector, provideZonelessChangeDetection, resource, signal, untracked, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { injectHealth, injectKpi, injectStatistic, injectStatistics, injectSubscription, provideStatistics, withServerRendering, type StatisticResource } from '../../src/angular/index.js';
import { numberOf, StatisticRejectedError, StatisticsOptionError, type StatisticValue } from '../../src/index.js';
import { abandonRate } from '../../src/kpi/index.js';
import { sales, support } from '../support/journey.js';
import { askedFor, reply } from '../support/memory-server.js';
import { closeRig, startRig, type Rig } from '../support/rig.js';
import { provideRig, setUpTestBed } from './support.js';

setUpTestBed();

let rig: Rig;

beforeEach(() => {
  rig = startRig({ poll: { interval: 1000, maxInterval: 1000, staleAfter: 5000 } });
  TestBed.configureTestingModule({ providers: [provideRig(rig)] });
});

const inContext = <T>(make: () => T): T => TestBed.runInInjectionContext(make);
const number = ({ value }: StatisticValue): number | null => numberOf(value);

/** Runs the effects, as change detection does. */
const settle = (): void => TestBed.tick();

/** The server refuses every set in which the statistic stands. */
function refuse(name: string): void {
  rig.server.fault = (request) => (request.method === 'POST' && askedFor(request).some((asked) => asked.name === name) ? reply(400, { status: { code: 400, message: 'unknown statistic' } }) : undefined);
}

describe('a resource', () => {
  it('is loading until the first value, then resolved, and follows the values', async () => {
    const waiting = inContext(() => injectStatistic('Current_In_Queue', sales, { parse: number }));
    expect([waiting.status(), waiting.value(), waiting.hasValue(), waiting.isLoading()]).toEqual(['loading', undefined, false, true]);
    rig.server.value = 4;
    await rig.clock.advance(20);
    expect([waiting.status(), waiting.value(), waiting.hasValue(), waiting.isLoading()]).toEqual(['resolved', 4, true, false]);
    expect(waiting.snapshot()).toEqual({ status: 'resolved', value: 4 });
    expect(waiting.receivedAt()).toBe(1_800_000_000_000 + 10);
    rig.server.value = 5;
    await rig.clock.advance(1000);
    expect(waiting.value()).toBe(5);
  });

  it('is stale, and resolved with its value as before, when nothing confirms it; and heals', async () => {
    const waiting = inContext(() => injectStatistic('Current_In_Queue', sales, { parse: number }));
    await rig.clock.advance(20);
    rig.server.fault = () => reply(503);
    await rig.clock.advance(6000);
    expect([waiting.status(), waiting.value(), waiting.stale(), waiting.error()]).toEqual(['resolved', 0, true, undefined]);
    rig.server.fault = undefined;
    await rig.clock.advance(60_000);
    expect([waiting.status(), waiting.stale()]).toEqual(['resolved', false]);
  });

  it('stays loading, and becomes stale, while the server is away from the start', async () => {
    rig.server.fault = () => reply(503);
    const waiting = inContext(() => injectStatistic('Current_In_Queue', sales));
    await rig.clock.advance(6000);
    expect([waiting.status(), waiting.stale(), waiting.hasValue(), waiting.error()]).toEqual(['loading', true, false, undefined]);
  });

  it('is an error of the refusal, and its value() does not throw', async () => {
    refuse('Nonsense');
    const refused = inContext(() => injectStatistic('Nonsense', sales));
    const fine = inContext(() => injectStatistic('Current_In_Queue', sales));
    await rig.clock.advance(5000);
    expect([refused.status(), refused.value(), refused.hasValue()]).toEqual(['error', undefined, false]);
    expect(refused.error()).toBeInstanceOf(StatisticRejectedError);
    expect(refused.snapshot()).toEqual({ status: 'error', error: refused.error() });
    expect(fine.status(), 'the other tile').toBe('resolved');
  });

  it('shows the error that parse throws, until the next value', async () => {
    const strict = inContext(() =>
      injectStatistic('Current_In_Queue', sales, {
        parse: ({ value }) => {
          if (numberOf(value) === 1) {
            throw new RangeError('one');
          }
          return numberOf(value);
        },
      }),
    );
    rig.server.value = 1;
    await rig.clock.advance(20);
    expect([strict.status(), strict.error()?.message, strict.value()]).toEqual(['error', 'one', undefined]);
    rig.server.value = 2;
    await rig.clock.advance(1000);
    expect([strict.status(), strict.error(), strict.value()]).toEqual(['resolved', undefined, 2]);
  });

  it('ends with its injector, and its statistic is deleted after the linger', async () => {
    const child = Injector.create({ providers: [], parent: TestBed.inject(Injector) });
    inContext(() => injectStatistic('Current_In_Queue', sales, { injector: child }));
    await rig.clock.advance(20);
    expect([rig.server.opened.length, rig.server.deleted.length]).toEqual([1, 0]);
    child.destroy();
    await rig.clock.advance(2000);
    expect(rig.server.deleted).toEqual(rig.server.opened);
    await closeRig(rig);
  });

  it.each([
    ['a statistic', () => injectStatistic('a', sales, { interval: 100 })],
    ['a set', () => injectSubscription([{ name: 'a', ...sales }], { interval: 100 })],
  ])('%s is polled at its own interval while values change', async (_, make) => {
    inContext<unknown>(make);
    for (rig.server.value = 1; rig.server.value <= 10; rig.server.value++) {
      await rig.clock.advance(100);
    }
    expect(rig.server.count('GET')).toBeGreaterThanOrEqual(8);
  });

  it('chains: a stale value is a value, and a refusal of one is an error of the other', async () => {
    const agent = inContext(() => injectStatistic('Current_In_Queue', sales, { parse: number }));
    const details = inContext(() => resource({ params: ({ chain }) => chain(agent), loader: ({ params }) => Promise.resolve(`details of ${params ?? ''}`) }));
    settle();
    expect(details.status()).toBe('loading');
    await rig.clock.advance(20);
    rig.server.fault = () => reply(503);
    await rig.clock.advance(6000);
    settle();
    await Promise.resolve();
    expect([agent.stale(), details.value()]).toEqual([true, 'details of 0']);
  });

  it('narrows by hasValue()', () => {
    const waiting = inContext(() => injectStatistic('Current_In_Queue', sales, { parse: number }));
    expectTypeOf(waiting).toEqualTypeOf<StatisticResource<number | null | undefined>>();
    if (waiting.hasValue()) {
      expectTypeOf(waiting.value()).toEqualTypeOf<number | null>();
      expectTypeOf(waiting.stale).toEqualTypeOf<Signal<boolean>>();
    }
  });
});

describe('the target of a resource', () => {
  it('F172: another one is loading at once, without the value of the one before, and is opened before that is deleted', async () => {
    const queue = signal(sales as { objectId: string; objectType: string });
    const waiting = inContext(() => injectStatistic('Current_In_Queue', queue, { parse: number }));
    settle();
    rig.server.value = 7;
    await rig.clock.advance(20);
    expect(waiting.value()).toBe(7);
    queue.set(support);
    expect([waiting.status(), waiting.value()], 'before any effect runs').toEqual(['loading', undefined]);
    settle();
    expect([waiting.status(), waiting.value()]).toEqual(['loading', undefined]);
    await rig.clock.advance(20);
    expect([waiting.status(), waiting.value()]).toEqual(['resolved', 7]);
    await rig.clock.advance(3000);
    const methods = rig.server.requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);
    expect(methods).toEqual(['POST', 'POST', 'DELETE']);
  });

  it('keepPrevious: the value of the one before stays, as reloading', async () => {
    const queue = signal('Sales@SIP');
    const waiting = inContext(() => injectStatistic('Current_In_Queue', () => ({ objectId: queue(), objectType: 'Queue' }), { parse: number, keepPrevious: true }));
    expect(waiting.status(), 'before any effect runs').toBe('loading');
    settle();
    rig.server.value = 7;
    await rig.clock.advance(20);
    queue.set('Support@SIP');
    expect([waiting.status(), waiting.value(), waiting.isLoading()], 'before any effect runs').toEqual(['reloading', 7, true]);
    settle();
    expect([waiting.status(), waiting.value()]).toEqual(['reloading', 7]);
    rig.server.value = 8;
    await rig.clock.advance(20);
    expect([waiting.status(), waiting.value()]).toEqual(['resolved', 8]);
  });

  it('an equal one in a new object, with its fields in another order, changes nothing', async () => {
    const inline = signal<object>({ category: 'CurrentNumber', subject: 'DNAction', mainMask: '*' });
    const object = signal<{ objectId: string; objectType: string }>({ ...sales });
    const waiting = inContext(() => injectStatistic(inline as Signal<{ category: string; subject: string }>, object));
    settle();
    await rig.clock.advance(20);
    const value = waiting.value();
    inline.set({ mainMask: '*', subject: 'DNAction', category: 'CurrentNumber' });
    object.set({ objectType: 'Queue', objectId: 'Sales@SIP' });
    expect([waiting.status(), waiting.value() === value]).toEqual(['resolved', true]);
    settle();
    await rig.clock.advance(20);
    expect([waiting.status(), rig.server.count('POST'), rig.server.count('DELETE')]).toEqual(['resolved', 1, 0]);
  });

  it('undefined is idle, and nothing is asked for', async () => {
    const queue = signal<typeof sales | undefined>(undefined);
    const waiting = inContext(() => injectStatistic('Current_In_Queue', queue, { keepPrevious: true }));
    settle();
    await rig.clock.advance(100);
    expect([waiting.status(), waiting.value(), waiting.snapshot()]).toEqual(['idle', undefined, { status: 'idle', value: undefined }]);
    expect(rig.server.requests).toEqual([]);
    queue.set(sales);
    settle();
    await rig.clock.advance(100);
    expect(waiting.status()).toBe('resolved');
    queue.set(undefined);
    expect([waiting.status(), waiting.value()], 'before any effect runs').toEqual(['idle', undefined]);
    settle();
    await rig.clock.advance(2000);
    expect(rig.server.deleted).toEqual(rig.server.opened);
  });

  it('a mistake throws at once where the arguments are values, and is an error of the resource where they are functions', async () => {
    expect(() => inContext(() => injectStatistic('', sales))).toThrow(StatisticsOptionError);
    expect(() => inContext(() => injectStatistic('a', { objectId: '', objectType: 'Queue' }))).toThrow('objectId');
    expect(() => inContext(() => injectStatistic('a', sales, { interval: 0 }))).toThrow('options.interval');
    expect(() => inContext(() => injectSubscription([]))).toThrow('definitions');
    expect(() => inContext(() => injectKpi({ a: { name: 'a', ...sales } }, undefined as never))).toThrow('formula must be a function');
    const id = signal('');
    const waiting = inContext(() => injectStatistic('a', () => ({ objectId: id(), objectType: 'Queue' })));
    settle();
    expect([waiting.status(), waiting.error()]).toEqual(['error', expect.any(StatisticsOptionError)]);
    id.set('Sales@SIP');
    settle();
    await rig.clock.advance(20);
    expect([waiting.status(), waiting.error()]).toEqual(['resolved', undefined]);
  });

  it('a function that throws is an error of the resource, until what it reads changes', async () => {
    const id = signal<string | undefined>(undefined);
    const waiting = inContext(() =>
      injectStatistic('a', () => {
        const objectId = id();
        if (objectId === undefined) {
          throw new RangeError('no queue');
        }
        return { objectId, objectType: 'Queue' };
      }),
    );
    settle();
    expect([waiting.status(), waiting.error()?.message, waiting.value()]).toEqual(['error', 'no queue', undefined]);
    id.set('Sales@SIP');
    settle();
    await rig.clock.advance(20);
    expect(waiting.status()).toBe('resolved');
  });
});

describe('injectSubscription, injectKpi, injectHealth', () => {
  it('a snapshot is of one answer, in the shape of the definitions', async () => {
    const record = inContext(() => injectSubscription({ a: { name: 'a', ...sales }, b: { name: 'b', ...sales } }));
    const pair = inContext(() => injectSubscription(() => [{ name: 'a', ...sales }, { name: 'b', ...sales }] as const));
    settle();
    rig.server.values.set('a', 1).set('b', 2);
    await rig.clock.advance(20);
    const { a, b } = record.value() ?? {};
    expect([a, b].map((value) => numberOf(value?.value))).toEqual([1, 2]);
    expect(pair.value()?.map(({ value }) => numberOf(value))).toEqual([1, 2]);
  });

  it('a figure is null for 0/0, and undefined before there is any', async () => {
    const lost = inContext(() => injectKpi({ answered: { name: 'answered', ...sales }, abandoned: { name: 'abandoned', ...sales } }, abandonRate));
    expectTypeOf(lost.value).toEqualTypeOf<Signal<number | null | undefined>>();
    expect(lost.value()).toBeUndefined();
    await rig.clock.advance(20);
    expect([lost.status(), lost.value(), lost.hasValue()]).toEqual(['resolved', null, true]);
    rig.server.values.set('answered', 90).set('abandoned', 10);
    await rig.clock.advance(1000);
    expect(lost.value()).toBe(10);
  });

  it('a formula is given numbers by name, or in order', async () => {
    const sum = inContext(() => injectKpi({ a: { name: 'a', ...sales }, b: { name: 'b', ...sales } }, ({ a, b }) => (a ?? 0) + (b ?? 0)));
    const ratio = inContext(() => injectKpi(() => [{ name: 'a', ...sales }, { name: 'b', ...sales }] as const, ([a, b]) => (a ?? 0) / (b ?? 0)));
    settle();
    rig.server.values.set('a', 1);
    await rig.clock.advance(20);
    expect([sum.value(), ratio.value()], 'what is not finite is null').toEqual([1, null]);
    // @ts-expect-error a formula of a key that the definitions lack
    inContext(() => injectKpi({ a: { name: 'a', ...sales } }, abandonRate));
  });

  it('the health of the client is a signal', async () => {
    const health = inContext(() => injectHealth());
    expect(health().status).toBe('idle');
    inContext(() => injectStatistic('a', sales));
    await rig.clock.advance(20);
    expect(health().status).toBe('live');
  });

  it('the client is the one of the resources, and a missing provider says so', async () => {
    inContext(() => injectStatistic('a', sales));
    const values: unknown[] = [];
    inContext(() => injectStatistics()).statistic$('a', sales).subscribe(({ value }) => values.push(numberOf(value)));
    await rig.clock.advance(20);
    expect([values, rig.server.opened.length]).toEqual([[0], 1]);
    TestBed.resetTestingModule();
    for (const _ of ['the first time', 'once more']) {
      expect(() => inContext(() => injectStatistics())).toThrow('provideStatistics(...)');
    }
  });
});

describe('provideStatistics', () => {
  it('says at once what is no feature, and where the client is made what does not fit', () => {
    expect(() => provideStatistics({ baseUrl: 'https://host' }, undefined as never)).toThrow('features must be results of with...() functions');
    TestBed.resetTestingModule().configureTestingModule({ providers: [provideStatistics({ baseUrl: 'nowhere' })] });
    expect(() => inContext(() => injectStatistic('a', sales))).toThrow('baseUrl must be');
  });

  it.each([
    ['options that do not fit', () => ({ baseUrl: 'nowhere' }), 'baseUrl must be'],
    ['a function of options that throws', () => { throw new Error('no token yet'); }, 'no token yet'],
  ])('F230: says of %s the same each time something is injected, with and without rendering on a server', (_, options, message) => {
    for (const features of [[], [withServerRendering()]]) {
      TestBed.resetTestingModule().configureTestingModule({ providers: [provideZonelessChangeDetection(), provideStatistics(options, ...features)] });
      expect(() => inContext(() => injectStatistic('a', sales))).toThrow(message);
      expect(() => inContext(() => injectStatistic('b', sales))).toThrow(message);
      expect(() => inContext(() => injectHealth())).toThrow(message);
      const reactive = inContext(() => injectStatistic('a', () => sales));
      settle();
      expect(reactive.error()?.message).toContain(message);
    }
  });

  it('reads options that are a function in an injection context, once, when something is injected', () => {
    let made = 0;
    TestBed.resetTestingModule().configureTestingModule({
      providers: [
        { provide: 'host', useValue: 'https://host' },
        provideStatistics(() => {
          made++;
          return { baseUrl: TestBed.inject('host' as never), transport: rig.server.transport };
        }),
      ],
    });
    TestBed.inject(Injector);
    expect(made).toBe(0);
    const [one, other] = inContext(() => [injectStatistics(), injectStatistics()]);
    expect([made, one === other]).toEqual([1, true]);
  });

  it('closes the client with the application: everything opened is deleted, every stream completes', async () => {
    TestBed.resetTestingModule().configureTestingModule({ providers: [provideStatistics({ baseUrl: 'https://host/statistics/v3', transport: rig.server.transport, batch: { window: 0 } })] });
    const waiting = inContext(() => injectStatistic('a', sales, { parse: number }));
    const statistics = inContext(() => injectStatistics());
    let completed = false;
    statistics.health$.subscribe({ complete: () => (completed = true) });
    await expect.poll(() => untracked(waiting.status)).toBe('resolved');
    TestBed.resetTestingModule();
    await expect.poll(() => rig.server.deleted.length).toBe(1);
    expect([rig.server.opened, completed]).toEqual([rig.server.deleted, true]);
  });
});
