/** F84, F94: callbacks of the program that throw, hang or return nonsense. They harm their own stream at most, and the host is notified. */
import { config, finalize, map, type MonoTypeOperatorFunction } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numeric, type StatisticsClient, type StatisticsClientOptions, type Transport } from '../../src/index.js';
import { kpi } from '../../src/kpi/index.js';
import { record, until } from '../support/journey.js';
import { createMemoryServer, reply } from '../support/memory-server.js';
import { closeRig, startRig, type Rig } from '../support/rig.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const a = { name: 'a', ...sales };
const b = { name: 'b', ...sales };

/** The errors that RxJS reports to the host, through `config.onUnhandledError`. */
let told: unknown[] = [];
beforeEach(() => {
  told = [];
  config.onUnhandledError = (error) => told.push(error);
});
afterEach(async () => {
  await reported();
  config.onUnhandledError = null;
});

/** Resolves once RxJS has reported everything so far: its timers without delay fire in order, before this one. */
const reported = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const start = (options: Partial<StatisticsClientOptions> = {}): Rig => startRig({ poll: { interval: 1000, maxInterval: 1000 }, ...options });

/** Rejects with a value that is no error, as a careless transport may. */
const rejecting = (reason: unknown): PromiseLike<never> => ({ then: (_, reject) => Promise.resolve(reject?.(reason) as never) });
const mine = (): never => {
  throw new Error('mine');
};

describe('F84: an observer that throws', () => {
  const observers: [string, (client: StatisticsClient) => unknown][] = [
    ['in next', ({ statistic$ }) => statistic$('a', sales).subscribe({ next: mine })],
    ['in next of a set', ({ subscription$ }) => subscription$([a]).subscribe({ next: mine })],
    ['in next of a state', ({ statisticState$ }) => statisticState$('a', sales).subscribe({ next: mine })],
    ['in complete', ({ statistic$ }) => statistic$('a', sales).subscribe({ complete: mine })],
    ['in complete of a set', ({ subscription$ }) => subscription$([a]).subscribe({ complete: mine })],
    ['in next of health$', ({ health$ }) => health$.subscribe({ next: mine })],
    ['in next of events$', ({ events$ }) => events$.subscribe({ next: mine })],
    ['in complete of events$', ({ events$ }) => events$.subscribe({ complete: mine })],
    ['in its teardown', ({ statistic$ }) => statistic$('a', sales).pipe(finalize(mine)).subscribe()],
    ['in the teardown of a set', ({ subscription$ }) => subscription$([a]).pipe(finalize(mine)).subscribe()],
    ['in the teardown of a state', ({ statisticState$ }) => statisticState$('a', sales).pipe(finalize(mine)).subscribe()],
    ['in the teardown of health$', ({ health$ }) => health$.pipe(finalize(mine)).subscribe()],
    ['in the teardown of events$', ({ events$ }) => events$.pipe(finalize(mine)).subscribe()],
  ];

  it.each(observers)('%s harms no other observer, and does not disturb close()', async (_, observe) => {
    const rig = start();
    const { clock, server, client } = rig;
    observe(client);
    const others = [record(client.statistic$('a', sales)), record(client.statistic$('b', sales)), record(client.subscription$([a])), record(client.subscription$([b]))];
    const health = record(client.health$);
    const events = record(client.events$);
    await clock.advance(5000);
    server.value = 1;
    await clock.advance(5000);
    expect(others.map(({ values }) => values.length)).toEqual([2, 2, 2, 2]);
    await closeRig(rig);
    expect([...others, health, events].every(({ completed }) => completed)).toBe(true);
    await until('the host hears of it', () => told.length > 0);
    expect(told.every((error) => String(error).includes('mine'))).toBe(true);
  });

  it.each<[string, (client: StatisticsClient) => unknown]>([
    ['in error', ({ statistic$ }) => statistic$('a', sales).subscribe({ error: mine })],
    ['in error of a set', ({ subscription$ }) => subscription$([a]).subscribe({ error: mine })],
    ['in complete of a state', ({ statisticState$ }) => statisticState$('a', sales).subscribe({ complete: mine })],
    ['in its teardown', ({ statistic$ }) => statistic$('a', sales).pipe(finalize(mine)).subscribe({ error: () => undefined })],
    ['in the teardown of a set', ({ subscription$ }) => subscription$([a]).pipe(finalize(mine)).subscribe({ error: () => undefined })],
  ])('%s does not keep others from the refusal, nor good statistics from being live', async (_, observe) => {
    const rig = start();
    const { clock, server, client } = rig;
    server.fault = ({ method, body }) => (method === 'POST' && body?.includes('"name":"a"') === true ? reply(400) : undefined);
    observe(client);
    const refused = [record(client.statistic$('a', sales)), record(client.subscription$([a]))];
    const good = record(client.statistic$('b', sales));
    await clock.advance(5000);
    expect(refused.map(({ error }) => (error as Error).name)).toEqual(['StatisticRejectedError', 'StatisticRejectedError']);
    expect(good.values).toHaveLength(1);
    await closeRig(rig);
    await reported();
    expect(told.map((error) => String(error).includes('mine'))).toEqual([true]);
  });
});

describe('F94: a function of the program', () => {
  it('distinct that throws errors only its own stream', async () => {
    const rig = start();
    const { clock, server, client } = rig;
    const spoilt = [record(client.statistic$('a', sales, { distinct: mine })), record(client.subscription$([a], { distinct: mine }))];
    const others = [record(client.statistic$('a', sales)), record(client.subscription$([a]))];
    await clock.advance(5000);
    server.value = 1;
    await clock.advance(5000);
    expect(spoilt.map(({ error }) => (error as Error).message)).toEqual(['mine', 'mine']);
    expect(others.map(({ values, error }) => [values.length, error])).toEqual([[2, undefined], [2, undefined]]);
    await closeRig(rig);
  });

  it.each<[string, MonoTypeOperatorFunction<never>]>([
    ['a formula', kpi(mine) as never],
    ['an operator', map(mine)],
  ])('%s that throws errors only its own stream; the set stays live for other observers', async (_, operator) => {
    const rig = start();
    const { clock, server, client } = rig;
    const set$ = client.subscription$([a]);
    const spoilt = record(set$.pipe(operator as never));
    const other = record(set$);
    await clock.advance(5000);
    server.value = 1;
    await clock.advance(5000);
    expect((spoilt.error as Error).message).toBe('mine');
    expect(other.values).toHaveLength(2);
    expect(server.count('POST')).toBe(1);
    await closeRig(rig);
  });

  /** The transport misbehaves twice on opening and twice on polling, then works. */
  const transports: [string, () => unknown, says?: string][] = [
    ['throws', mine],
    ['rejects with a TypeError', () => Promise.reject(new TypeError('mine'))],
    ['rejects with nothing', () => rejecting(undefined)],
    ['rejects with a text', () => rejecting('mine')],
    ['never settles, and ignores its signal', () => new Promise(() => undefined)],
    ['gives nothing', () => Promise.resolve(undefined), 'no status, headers and body'],
    ['gives no promise', () => reply(200)],
    ['gives no body', () => Promise.resolve({ status: 200, headers: {} }), 'no status, headers and body'],
    ['gives a body that is no text', () => Promise.resolve({ status: 200, headers: {}, body: { status: { code: 0 } } }), 'no status, headers and body'],
    ['gives no headers', () => Promise.resolve({ status: 200, body: '{}' }), 'no status, headers and body'],
    ['gives no status', () => Promise.resolve({ headers: {}, body: '{}' }), 'no status, headers and body'],
    ['gives an unusable status', () => Promise.resolve({ status: NaN, headers: {}, body: '{}' }), 'no status, headers and body'],
  ];

  it.each(transports)('a transport that %s is a failure like any other: retried, reported, and nothing is lost', async (_, nonsense, says = '') => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    let left = 2;
    const transport: Transport = (request, signal) => (left-- > 0 ? (nonsense() as ReturnType<Transport>) : server.transport(request, signal));
    const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport, poll: { interval: 1000, maxInterval: 1000 } });
    const health = record(client.health$);
    const observer = record(client.statistic$('a', sales).pipe(numeric()));
    await clock.advance(40_000);
    expect(observer.values).toEqual([0]);
    left = 2;
    server.value = 1;
    await clock.advance(40_000);
    expect(observer.values).toEqual([0, 1]);
    expect(observer.error).toBeUndefined();
    expect(health.values.some(({ status, lastError }) => status === 'degraded' && lastError?.message.includes(says) === true)).toBe(true);
    await closeRig({ clock, server, client });
    expect(told).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['throws', mine],
    ['rejects', () => Promise.reject(new Error('mine'))],
    ['never settles', () => new Promise(() => undefined)],
    ['gives nothing', () => undefined],
    ['gives a line break', () => 'a\r\nx-admin: 1'],
    ['gives an empty text', () => ''],
  ])('a token function that %s causes no request, is reported, and is called again', async (_, nonsense) => {
    let well = false;
    const rig = start({ token: () => (well ? 'the-token-4711' : (nonsense() as string)) });
    const { clock, server, client } = rig;
    const health = record(client.health$);
    const observer = record(client.statistic$('a', sales));
    await clock.advance(25_000);
    expect(server.requests).toEqual([]);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { name: 'StatisticsNetworkError' } });
    well = true;
    await clock.advance(45_000);
    expect(observer.values).toHaveLength(1);
    await closeRig(rig);
  });
});
