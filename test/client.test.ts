/** What is the whole client's, in virtual time: being closed, being refreshed, and what no other floor hands on. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from './support/client-on.js';
import { numberOf, type StatisticsClientOptions } from '../src/index.js';
import { record } from './support/journey.js';
import { reply } from './support/memory-server.js';
import { closeRig, startRig } from './support/rig.js';
import { createVirtualClock, settle } from './support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

/** Both kinds of peek, on their way to a server that answers nothing, and the methods of the requests that were aborted. */
async function peekUnanswered() {
  const clock = createVirtualClock();
  const aborted: string[] = [];
  const client = createClientOn(clock, {
    baseUrl: 'https://host/statistics/v3',
    transport: ({ method }, signal) => new Promise(() => signal.addEventListener('abort', () => aborted.push(method))),
  });
  const peeks = [record(client.peek$('a', sales)), record(client.peekAll$([{ name: 'a', ...sales }]))];
  await settle();
  return { clock, client, aborted, peeks };
}

describe('a client that is closed', () => {
  it('sends no more requests: its endpoints reject, and its streams complete', async () => {
    const rig = startRig();
    const { server, client } = rig;
    const set$ = client.subscription$([{ name: 'a', ...sales }]);
    await client.close();
    const calls = [
      client.api.openSubscription('1', []), client.api.readSubscription('1'), client.api.closeSubscription('1'),
      client.api.getStatistic('a', sales), client.api.getStatistics([{ name: 'a', ...sales }]),
    ];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && String(outcome.reason))).toEqual(Array.from({ length: 5 }, () => 'StatisticsError: the client is closed'));
    const streams = [record(set$), record(client.statistic$('a', sales)), record(client.peek$('a', sales)), record(client.peekAll$([{ name: 'a', ...sales }]))];
    expect(streams.map(({ values, completed, error }) => [values.length, completed, error])).toEqual(streams.map(() => [0, true, undefined]));
    expect(server.requests).toEqual([]);
    await closeRig(rig);
  });

  it('ends the peeks under way: they complete, and their requests are aborted', async () => {
    const { clock, client, aborted, peeks } = await peekUnanswered();
    await client.close();
    await settle();
    expect(aborted).toEqual(['GET', 'POST']);
    expect(peeks.map(({ completed, error }) => [completed, error])).toEqual([[true, undefined], [true, undefined]]);
    expect(clock.pending).toEqual([]);
  });

  it('G13, I4: leaves no timer once it is closed, not even that of its own deadline', async () => {
    const { clock, server, client } = startRig({ batch: { size: 1 } });
    record(client.statistic$('a', sales));
    record(client.subscription$([{ name: 'b', ...sales }]));
    await clock.advance(100);
    await client.close();
    expect(new Set(server.deleted)).toEqual(new Set(server.opened));
    expect(server.opened).toHaveLength(2);
    expect(clock.pending).toEqual([]);
  });
});

it('G12: the endpoints cannot be replaced', async () => {
  const rig = startRig();
  expect(Reflect.set(rig.client.api, 'closeSubscription', () => undefined)).toBe(false);
  await closeRig(rig);
});

describe('a peek', () => {
  it('is aborted at once if its observer leaves, and emits nothing more', async () => {
    const { clock, aborted, peeks } = await peekUnanswered();
    peeks.forEach(({ unsubscribe }) => unsubscribe());
    expect(aborted).toEqual(['GET', 'POST']);
    await settle();
    expect(peeks.map(({ values, completed, error }) => [values.length, completed, error])).toEqual(peeks.map(() => [0, false, undefined]));
    expect(clock.pending).toEqual([]);
  });
});

describe('refresh()', () => {
  it('polls every upstream now', async () => {
    const rig = startRig({ batch: { size: 2 } });
    const { clock, server, client } = rig;
    const one = record(client.statistic$('a', sales));
    const set = record(client.subscription$([{ name: 'b', ...sales }, { name: 'c', ...sales }]));
    await clock.advance(100);
    server.value = 1;
    client.refresh();
    await settle();
    expect([one.values.length, set.values.length, server.count('GET')]).toEqual([2, 2, 2]);
    await closeRig(rig);
  });
});

describe('distinct of a set', () => {
  it('is called with the last emitted snapshot, not with the first or a skipped one', async () => {
    const rig = startRig({ poll: { interval: 1000, maxInterval: 1000 } });
    const { clock, server, client } = rig;
    const set$ = client.subscription$([{ name: 'a', ...sales }], { distinct: ([a], [b]) => Math.abs((numberOf(b.value) ?? 0) - (numberOf(a.value) ?? 0)) < 10 });
    const set = record(set$);
    await clock.advance(100);
    for (const value of [6, 12, 18, 4, 1]) {
      server.value = value;
      await clock.advance(1000);
    }
    expect(set.values.map(([{ value }]) => numberOf(value))).toEqual([0, 12, 1]);
    await closeRig(rig);
  });

  it('G5: is not called for an observer that another one has unsubscribed during the same answer', async () => {
    const rig = startRig({ poll: { interval: 1000, maxInterval: 1000 } });
    const { clock, server, client } = rig;
    const requests = [{ name: 'a', ...sales }] as const;
    let asked = 0;
    client.subscription$(requests).subscribe(([a]) => numberOf(a.value) === 1 && second.unsubscribe());
    const second = record(client.subscription$(requests, { distinct: () => asked++ < 0 }));
    await clock.advance(100);
    server.value = 1;
    await clock.advance(1000);
    expect([second.values.length, asked]).toEqual([1, 0]);
    await closeRig(rig);
  });
});

describe('the token', () => {
  it('G10: is reported by health when it is refused, and when another one is accepted, even if nothing is subscribed', async () => {
    let token = 'token-number-1';
    const rig = startRig({ token: () => token } satisfies Partial<StatisticsClientOptions>);
    const { server, client } = rig;
    const health = record(client.health$);
    server.fault = ({ url, headers }) => {
      const statistic = { value: 1 };
      return !url.includes('/statistic-values/') ? undefined : headers['authorization'] === 'Bearer token-number-2' ? reply(200, { status: { code: 0 }, data: { statistic } }) : reply(401);
    };
    const refused = record(client.peek$('a', sales));
    await settle();
    expect(refused.error).toMatchObject({ httpStatus: 401 });
    expect(health.values.map(({ status }) => status)).toEqual(['idle', 'unauthorized']);
    token = 'token-number-2';
    const peeked = record(client.peek$('a', sales));
    await settle();
    expect(peeked.values).toHaveLength(1);
    expect(health.values.map(({ status }) => status)).toEqual(['idle', 'unauthorized', 'idle']);
    await closeRig(rig);
  });
});
