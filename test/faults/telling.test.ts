/** F157: the reports of `health$` and `events$` while several upstreams fail. */
import { describe, expect, it } from 'vitest';
import { eventsOf, record, sales } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';

const poll = { interval: 1000, maxInterval: 1000 };

describe('F157: while no request gets through, and four upstreams fail', () => {
  it.each([
    ['at once, one after the other', () => Promise.reject(new Error('down'))],
    ['by timeout, several together', () => 'silent' as const],
  ])('%s: retryAt is never in the past, and the next attempt comes at the reported time', async (_, fault) => {
    const rig = startRig({ poll, batch: { size: 1 }, seed: 3, request: { timeout: 2000 } });
    const { clock, server, client } = rig;
    ['a', 'b', 'c', 'd'].forEach((name) => record(client.statistic$(name, sales)));
    await clock.advance(1500);
    server.fault = fault;
    const past: number[] = [];
    client.health$.subscribe(({ retryAt = clock.now() }) => retryAt < clock.now() && past.push(clock.now() - retryAt));
    const told: { readonly at: number; readonly delay: number }[] = [];
    client.events$.subscribe((event) => event.type === 'retrying' && told.push({ at: clock.monotonic(), delay: event.delay }));
    await clock.advance(120_000);
    expect(past).toEqual([]);
    // After three failures one upstream tries for all, so each later failure reports the time of that attempt. Timers are whole milliseconds.
    const due = told.slice(4).map(({ at, delay }) => at + delay).filter((time) => time < 119_000);
    expect(due.length).toBeGreaterThan(5);
    expect(due.filter((time) => !server.requests.some(({ at }) => at >= time && at < time + 2))).toEqual([]);
    server.fault = undefined;
    await closeRig(rig);
  });

  it('each event names its subscription, and counts the attempts of that request alone', async () => {
    const rig = startRig({ poll, batch: { size: 1 } });
    const { clock, server, client } = rig;
    const both = ['a', 'b'].map((name) => record(client.statistic$(name, sales)));
    await clock.advance(1500);
    const retrying = eventsOf(client, 'retrying');
    const [first = ''] = server.opened;
    server.fault = ({ method, url }) => (method === 'GET' && url.includes(first) ? reply(429) : undefined);
    await clock.advance(15_000);
    server.fault = undefined;
    await clock.advance(30_000);
    server.fault = ({ method }) => (method === 'DELETE' ? reply(500) : undefined);
    both.forEach((one) => one.unsubscribe());
    await clock.advance(200_000);
    const polls = retrying.filter(({ operation }) => operation === 'poll');
    expect(polls.map(({ attempt, subscriptionId }) => [attempt, subscriptionId])).toEqual(polls.map((_, index) => [index + 1, first]));
    const deletions = retrying.filter(({ operation }) => operation === 'delete');
    expect(new Set(deletions.map(({ subscriptionId }) => subscriptionId))).toEqual(new Set(server.opened));
    expect(deletions.filter(({ subscriptionId }) => subscriptionId === first).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });
});

describe('F157: after everything was refused', () => {
  it('health$ is idle and keeps the last error, until something is live', async () => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    const health = record(client.health$);
    server.fault = ({ method }) => (method === 'POST' ? reply(400, { status: { code: 5, message: 'who are you' } }) : undefined);
    const refused = record(client.statistic$('a', sales));
    await clock.advance(1000);
    expect(refused.error).toBeDefined();
    expect(health.values.at(-1)).toMatchObject({ status: 'idle', lastError: { message: 'POST /subscriptions answered 400: who are you' } });
    server.fault = undefined;
    record(client.statistic$('b', sales));
    await clock.advance(1000);
    expect(health.values.at(-1)?.status).toBe('live');
    expect(health.values.at(-1)).not.toHaveProperty('lastError');
    await closeRig(rig);
  });
});
