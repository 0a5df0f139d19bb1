/** `peekFallback()`: if no subscription can be opened, peeks keep configured statistics live until one can. */
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { numberOf, numeric, peekFallback, StatisticRejectedError, type StatisticsClient, type StatisticsClientOptions } from '../../src/index.js';
import type { Simulator } from '../../src/simulator/index.js';
import { allDeleted, answered, eventsOf, numberValue, record, sales, startClient, startSimulator, support, until } from '../support/journey.js';

const inQueue = { name: 'Current_In_Queue', ...sales };
const inline = { category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait' };

function startDegrading(simulator: Simulator, options: Partial<StatisticsClientOptions> = {}): StatisticsClient {
  return startClient(simulator.url, { fallback: peekFallback(), ...options });
}

/** Refuses every POST /subscriptions, until the returned function is called. */
const bar = (simulator: Simulator, status = 403): (() => void) => simulator.fault({ kind: 'status', operation: 'open', status, times: Infinity });
/** Makes the server forget every subscription before its first poll. */
const kill = (simulator: Simulator): (() => void) => simulator.fault({ kind: 'forget', operation: 'read', times: Infinity });
const peeks = ({ ledger }: Simulator): number => ledger.requests.filter(({ operation, status }) => operation === 'peekAll' && status === 200).length;

/** Sets a value, and waits until the observer has it. */
async function change(simulator: Simulator, one: { values: (number | null)[] }, value: number): Promise<void> {
  simulator.set(inQueue, numberValue(value));
  await until(`value ${value}`, () => one.values.at(-1) === value);
}

describe('subscriptions are refused altogether', () => {
  it.each([403, 404, 405])('a %i on every open: values come by peeks, health reports the reason, and no stream errors', async (status) => {
    const simulator = await startSimulator();
    bar(simulator, status);
    const client = startDegrading(simulator, { batch: { size: 2 } });
    const health = record(client.health$);
    const degraded = eventsOf(client, 'fallbackStarted');
    const told = record(client.events$);
    simulator.set(inQueue, numberValue(1));
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const set = record(client.subscription$({ answered: { name: 'Total_Answered', ...support }, waiting: { name: 'Current_In_Queue', ...support } }));
    simulator.set({ name: 'Current_In_Queue', ...support }, numberValue(1));
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    await change(simulator, one, 2);
    simulator.set({ name: 'Current_In_Queue', ...support }, numberValue(2));
    await until('the set has the change', () => set.values.length === 2 && degraded.length === 2);
    await until('health says so', () => health.values.at(-1)?.status === 'degraded');
    expect(one.values).toEqual([1, 2]);
    expect(health.values.at(-1)).toMatchObject({ statistics: 3, lastError: { name: 'StatisticsApiError', operation: 'POST /subscriptions', httpStatus: status } });
    expect(health.values.at(-1)?.lastSuccessAt).toBeGreaterThan(0);
    expect(degraded.sort((a, b) => a.statistics - b.statistics)).toMatchObject([{ statistics: 1, error: { httpStatus: status } }, { statistics: 2, error: { httpStatus: status } }]);
    expect([one.error, set.error]).toEqual([undefined, undefined]);
    expect(simulator.ledger.opened).toEqual([]);
    expect(new Set(told.values.map(({ type }) => type))).toEqual(new Set(['fallbackStarted', 'peeked']));
    one.unsubscribe();
    set.unsubscribe();
    await until('nothing is peeked at any more', () => health.values.at(-1)?.status === 'idle');
    await client.close();
    expect(simulator.ledger.count('close')).toBe(0);
  });

  it('peeks are timed like polls, one at a time, and a subscription is tried less and less often', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    const client = startDegrading(simulator, { retry: { minTimeout: 10, maxTimeout: 600_000, factor: 8 } });
    record(client.statistic$('Current_In_Queue', sales));
    await until('twenty peeks', () => peeks(simulator) >= 20);
    const all = simulator.ledger.requests.filter(({ operation }) => operation === 'peekAll');
    const gaps = all.slice(1).map(({ at }, index) => at - (all[index]?.answeredAt ?? at));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15);
    // Full jitter up to 10, 80, 640, 5120, 40960 ms: even five attempts in half a second are nearly impossible.
    expect(simulator.ledger.count('open')).toBeLessThanOrEqual(1 + 5);
  });

  it('goes back to a subscription once one is healthy, with no error, no repeat and no gap', async () => {
    const simulator = await startSimulator();
    const heal = bar(simulator);
    const client = startDegrading(simulator);
    const health = record(client.health$);
    const [degraded, restored] = [eventsOf(client, 'fallbackStarted'), eventsOf(client, 'fallbackEnded')];
    simulator.set(inQueue, numberValue(1));
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const states = record(client.statisticState$('Current_In_Queue', sales));
    await until('a value', () => one.values.length === 1);
    await change(simulator, one, 2);
    heal();
    await until('it is restored', () => restored.length === 1);
    const before = simulator.ledger.count('peekAll');
    await change(simulator, one, 3);
    await answered(simulator, 'read', 2);
    expect(simulator.ledger.count('peekAll')).toBe(before);
    expect(one.values).toEqual([1, 2, 3]);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'live', 'live', 'live']);
    expect([degraded.length, restored.length]).toEqual([1, 1]);
    await until('health is live', () => health.values.at(-1)?.status === 'live');
    expect(health.values.at(-1)).not.toHaveProperty('lastError');
    expect(health.values.at(-1)).toMatchObject({ upstreams: 1, statistics: 1 });
    expect(simulator.ledger.opened).toHaveLength(1);
    one.unsubscribe();
    states.unsubscribe();
    await allDeleted(simulator);
  });

  it('a subscription that lived is refused after the server forgot it: peeks continue its values', async () => {
    const simulator = await startSimulator();
    const client = startDegrading(simulator);
    const degraded = eventsOf(client, 'fallbackStarted');
    simulator.set(inQueue, numberValue(1));
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const set = record(client.subscription$([inQueue]));
    await answered(simulator, 'read', 4);
    bar(simulator);
    simulator.forget();
    await until('both live by peeks', () => degraded.length === 1);
    await change(simulator, one, 2);
    await until('the set, too', () => set.values.length === 2);
    expect(one.values).toEqual([1, 2]);
    expect([one.error, set.error]).toEqual([undefined, undefined]);
  });

  it('observers may join and leave during the fallback', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    const client = startDegrading(simulator, { batch: { window: 2, size: 3 } });
    const names = ['Total_Answered', 'Total_Abandoned', 'Current_In_Queue', 'ServiceLevel', 'AverageWaitingTime'];
    const observers = [];
    for (const name of names) {
      const observer = record(client.statistic$(name, sales));
      observers.push(observer);
      await until(`${name} has a value`, () => observer.values.length >= 1);
    }
    observers.slice(1).forEach((observer) => observer.unsubscribe());
    const before = peeks(simulator);
    await until('peeks of the one that is left', () =>
      peeks(simulator) > before && simulator.ledger.requests.at(-1)?.operation === 'peekAll' && JSON.parse(simulator.ledger.requests.at(-1)?.body ?? '{"data":{"statistics":[]}}').data.statistics.length === 1);
    expect(observers.every(({ error }) => error === undefined)).toBe(true);
    await client.close();
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('close() aborts a peek in flight, and a late answer is ignored', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    simulator.fault({ kind: 'hang', operation: 'peekAll', times: Infinity });
    const client = startDegrading(simulator, { request: { timeout: 60_000 } });
    const one = record(client.statistic$('Current_In_Queue', sales));
    await until('it is on its way', () => simulator.ledger.count('peekAll') === 1);
    await client.close();
    expect(one).toMatchObject({ values: [], error: undefined, completed: true });
  });
});

describe('subscriptions that die as soon as they are open', () => {
  it('after four consecutive losses values come by peeks; a healthy poll ends the fallback; no subscription is left open', async () => {
    const simulator = await startSimulator();
    const heal = kill(simulator);
    const client = startDegrading(simulator);
    const health = record(client.health$);
    const [degraded, restored] = [eventsOf(client, 'fallbackStarted'), eventsOf(client, 'fallbackEnded')];
    simulator.set(inQueue, numberValue(1));
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('it lives by peeks', () => degraded.length === 1);
    expect(simulator.ledger.opened.length).toBe(5);
    expect(degraded[0]?.error.message).toBe('4 consecutive subscriptions were lost as soon as they were open');
    await change(simulator, one, 2);
    await until('health says why', () => health.values.at(-1)?.lastError === degraded[0]?.error);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', statistics: 1 });
    heal();
    await until('it is restored', () => restored.length === 1);
    await change(simulator, one, 3);
    expect(one.values).toEqual([1, 2, 3]);
    expect(degraded).toHaveLength(1);
    await until('health is live', () => health.values.at(-1)?.status === 'live');
    one.unsubscribe();
    // Subscriptions that the server forgot do not appear among the deleted ones.
    await until('each has had its DELETE', () => simulator.ledger.opened.every((id) => simulator.ledger.requests.some(({ operation, subscriptionId }) => operation === 'close' && subscriptionId === id)));
    expect(simulator.ledger.open).toEqual([]);
  });

  it.each([['refused', bar], ['lost', kill]])('subscriptions come and go, %s half of the time: every value is newer than the one before', async (_, breakIt) => {
    const simulator = await startSimulator();
    const client = startDegrading(simulator, { poll: { interval: 3, maxInterval: 3, staleAfter: 500 }, retry: { minTimeout: 2, maxTimeout: 8 } });
    const changes = [eventsOf(client, 'fallbackStarted'), eventsOf(client, 'fallbackEnded')];
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    const set = record(client.subscription$([inQueue]).pipe(map(([{ value }]) => numberOf(value))));
    let value = 0;
    const next = (): void => {
      simulator.advance(1000);
      simulator.set(inQueue, numberValue(++value));
    };
    for (let round = 1; round <= 6; round++) {
      const heal = breakIt(simulator);
      simulator.forget();
      await until('both have degraded', () => (next(), (changes[0]?.length ?? 0) >= round));
      heal();
      await until('both are restored', () => (next(), (changes[1]?.length ?? 0) >= round));
    }
    for (const { values, error } of [one, set]) {
      expect(error).toBeUndefined();
      expect(values.length).toBeGreaterThanOrEqual(12);
      expect(values.every((each, index) => index === 0 || (each ?? 0) > (values[index - 1] ?? 0))).toBe(true);
    }
    expect(changes.map(({ length }) => length)).toEqual([6, 6]);
  });

  it('three losses, and then a subscription that lives, cause no fallback', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'forget', operation: 'read', times: 3 });
    const client = startDegrading(simulator);
    const one = record(client.statistic$('Current_In_Queue', sales));
    await answered(simulator, 'read', 6);
    expect(one.error).toBeUndefined();
    expect([simulator.ledger.count('open'), simulator.ledger.count('peekAll')]).toEqual([4, 0]);
  });

  it('one that holds an inline definition is opened again and again, as without a fallback', async () => {
    const simulator = await startSimulator();
    kill(simulator);
    const client = startDegrading(simulator);
    const [named, defined] = [record(client.statistic$('Current_In_Queue', sales)), record(client.statistic$(inline, sales))];
    await until('six opens', () => simulator.ledger.count('open') >= 6);
    expect([named.error, defined.error]).toEqual([undefined, undefined]);
    expect([named.values.length, defined.values.length]).toEqual([1, 1]);
    expect(simulator.ledger.count('peekAll')).toBe(0);
  });
});

describe('limits of peeks', () => {
  it('inline definitions are refused, configured ones beside them are live; a mixed set is refused', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    const client = startDegrading(simulator);
    const degraded = eventsOf(client, 'fallbackStarted');
    const names = ['Total_Answered', 'Total_Abandoned', 'Current_In_Queue', 'ServiceLevel'];
    const defined = [1, 2, 3, 4, 5].map((insensitivity) => record(client.statistic$({ ...inline, insensitivity }, sales)));
    const named = names.map((name) => record(client.statistic$(name, sales)));
    const mixed = record(client.subscription$({ a: { definition: inline, ...sales }, b: inQueue }));
    await until('all are decided', () => named.every(({ values }) => values.length === 1) && [...defined, mixed].every(({ error }) => error !== undefined));
    for (const { error } of [...defined, mixed]) {
      expect(error).toBeInstanceOf(StatisticRejectedError);
      expect(error).toMatchObject({ definitions: [{ objectId: 'Sales@SIP' }], cause: { httpStatus: 403 } });
    }
    expect(mixed.values).toEqual([]);
    expect(named.every(({ error }) => error === undefined)).toBe(true);
    expect(degraded).toMatchObject([{ statistics: 4 }]);
    expect(simulator.ledger.count('open')).toBeLessThanOrEqual(8);
  });

  it('a wrong key refuses peeks as well: every stream errors as without a fallback', async () => {
    const simulator = await startSimulator({ apiKey: 'the-right-key', agents: 50 });
    const client = startDegrading(simulator, { apiKey: 'the-wrong-key' });
    const degraded = eventsOf(client, 'fallbackStarted');
    const all = Array.from({ length: 50 }, (_, index) => record(client.statistic$('InboundCalls', { objectId: `agent${String(index + 1).padStart(4, '0')}`, objectType: 'Agent' })));
    const set = record(client.subscription$([inQueue]));
    await until('all have errored', () => [...all, set].every(({ error }) => error instanceof StatisticRejectedError));
    expect(all[0]?.error).toMatchObject({ cause: { operation: 'POST /subscriptions', httpStatus: 403 } });
    expect(degraded).toEqual([]);
    expect(simulator.ledger.count()).toBeLessThanOrEqual(2 * 21);
  });

  it('a bad name among good ones is found, and only its stream errors', async () => {
    const simulator = await startSimulator({ agents: 7 });
    bar(simulator);
    const client = startDegrading(simulator);
    const good = Array.from({ length: 7 }, (_, index) => record(client.statistic$('InboundCalls', { objectId: `agent000${index + 1}`, objectType: 'Agent' })));
    const bad = record(client.statistic$('NoSuchStatistic', sales));
    await until('all are decided', () => bad.error !== undefined && good.every(({ values }) => values.length === 1));
    expect(bad.error).toMatchObject({ name: 'StatisticRejectedError', definitions: [{ name: 'NoSuchStatistic' }] });
    expect(good.every(({ error }) => error === undefined)).toBe(true);
  });

  it('G8: while another subscription lives, a 403 is about the definitions', async () => {
    const simulator = await startSimulator();
    const client = startDegrading(simulator);
    const one = record(client.statistic$('Current_In_Queue', sales));
    await until('it lives', () => one.values.length === 1);
    simulator.fault({ kind: 'status', operation: 'open', status: 403, times: Infinity, match: ({ body }) => body?.includes('Total_Answered') === true });
    const bad = record(client.statistic$('Total_Answered', sales));
    await until('it is refused', () => bad.error !== undefined);
    expect(simulator.ledger.count('peekAll')).toBe(0);
    expect(one.error).toBeUndefined();
  });

  it('a key that is revoked while degraded errors its observers', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    const client = startDegrading(simulator);
    const one = record(client.statistic$('Current_In_Queue', sales));
    await until('it lives by peeks', () => one.values.length === 1);
    simulator.fault({ kind: 'status', operation: 'peekAll', status: 403, times: Infinity });
    await until('it errors', () => one.error !== undefined);
    expect(one.error).toMatchObject({ name: 'StatisticRejectedError', cause: { httpStatus: 403 } });
  });

  it('G7: transient failures do not reach observers during a fallback either', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    const client = startDegrading(simulator);
    const retrying = eventsOf(client, 'retrying');
    const one = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    simulator.fault({ kind: 'reset', operation: 'peekAll', times: 2 });
    await until('a value', () => one.values.length === 1);
    simulator.fault({ kind: 'status', operation: 'peekAll', status: 503, times: 6 });
    await until('six failures', () => retrying.length >= 8);
    await change(simulator, one, 77);
    expect(one.error).toBeUndefined();
    expect(new Set(retrying.map(({ operation }) => operation))).toEqual(new Set(['peek']));
  });

  it('is off by default', async () => {
    const simulator = await startSimulator();
    bar(simulator);
    const client = startClient(simulator.url);
    const one = record(client.statistic$('Current_In_Queue', sales));
    await until('it is refused', () => one.error !== undefined);
    expect(one.error).toBeInstanceOf(StatisticRejectedError);
    expect(simulator.ledger.count('peekAll')).toBe(0);
  });
});
