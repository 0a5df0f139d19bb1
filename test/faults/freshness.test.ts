/** F154: answers arrive, but hold no newer value: the shown value must not stay live. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { eventsOf, record, sales } from '../support/journey.js';
import { createMemoryServer } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const poll = { interval: 1000, maxInterval: 1000, staleAfter: 5000 };
const hour = 3_600_000;
const [a, b] = [{ name: 'a', ...sales }, { name: 'b', ...sales }];

function start() {
  const rig = startRig({ poll });
  const { client } = rig;
  const [stateOfA, stateOfB, stateOfSet] = [record(client.statisticState$('a', sales)), record(client.statisticState$('b', sales)), record(client.subscriptionState$({ a, b }))];
  const health = record(client.health$);
  const lag = eventsOf(client, 'stale');
  const numberOfA = (): unknown => (stateOfA.values.at(-1)?.value?.value as { intValue: number } | undefined)?.intValue;
  const statuses = (): unknown[] => [stateOfA, stateOfB, stateOfSet].map(({ values }) => values.at(-1)?.status);
  return { ...rig, stateOfA, stateOfB, stateOfSet, health, lag, numberOfA, statuses };
}

describe("F154: the server's clock is set back by an hour", () => {
  it('after staleAfter the values are stale, the subscription is opened anew, and its values are emitted', async () => {
    const rig = start();
    const { clock, server, client } = rig;
    const reopened = eventsOf(client, 'reopened');
    ['a', 'b'].forEach((name) => server.times.set(name, clock.now()));
    await clock.advance(3000);
    ['a', 'b'].forEach((name) => server.times.set(name, clock.now() - hour));
    server.value = 7;
    await clock.advance(4000);
    expect([rig.numberOfA(), rig.statuses(), reopened.length]).toEqual([0, ['live', 'live', 'live'], 0]);
    await clock.advance(4000);
    expect([rig.numberOfA(), rig.statuses(), reopened.length]).toEqual([7, ['live', 'live', 'live'], 1]);
    expect(rig.stateOfA.values.map(({ status }) => status)).toEqual(['pending', 'live', 'stale', 'live']);
    expect(rig.stateOfA.values[2]?.error?.message).toBe("a of Queue Sales@SIP: the server's values are older than the last one, so its clock may have been set back");
    expect(rig.lag).toMatchObject([{ definitions: [a, b] }]);
    expect(server.count('POST')).toBe(2);
    await closeRig(rig);
  });
});

describe('F154: a timestamp in the future by our clock', () => {
  it.each([
    ['of the only statistic', ['a', 'b']],
    ['of one member of a set', ['b']],
  ])('%s suppresses no later value', async (_, ahead) => {
    const rig = start();
    const { clock, server } = rig;
    ['a', 'b'].forEach((name) => server.times.set(name, clock.now()));
    await clock.advance(1500);
    ahead.forEach((name) => server.times.set(name, clock.now() + hour));
    server.value = 1;
    await clock.advance(1000);
    ['a', 'b'].forEach((name) => server.times.set(name, clock.now()));
    server.value = 2;
    await clock.advance(1000);
    expect([rig.numberOfA(), rig.statuses()]).toEqual([2, ['live', 'live', 'live']]);
    expect(rig.stateOfSet.values.at(-1)).toMatchObject({ value: { a: { value: { intValue: 2 } }, b: { value: { intValue: 2 } } } });
    expect([server.count('POST'), rig.lag.length]).toEqual([1, 0]);
    await closeRig(rig);
  });

  it('is accepted if the whole server is ahead of our clock: an older value is not emitted', async () => {
    const rig = start();
    const { clock, server } = rig;
    // The server's clock is an hour ahead of ours, and its timestamps are consistent with it.
    const [at, later] = [clock.now() + hour, clock.now() + hour + 2000];
    ['a', 'b'].forEach((name) => server.times.set(name, later));
    await clock.advance(1500);
    ['a', 'b'].forEach((name) => server.times.set(name, at));
    server.value = 5;
    await clock.advance(2000);
    expect(rig.numberOfA(), 'an older value is not shown').toBe(0);
    await closeRig(rig);
  });
});

describe('F154: a timestamp later than the Date of its answer', () => {
  it('does not suppress later values, even if our own clock is behind', async () => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const serverTime = (): number => clock.now() + hour;
    const client = createClientOn(clock, {
      baseUrl: 'https://host/statistics/v3',
      poll,
      transport: async (request, signal) => ({ ...(await server.transport(request, signal)), headers: { date: new Date(serverTime()).toUTCString() } }),
    });
    const one = record(client.statistic$('a', sales));
    server.times.set('a', serverTime());
    await clock.advance(1500);
    server.times.set('a', serverTime() + 2 * hour);
    server.value = 1;
    await clock.advance(1000);
    server.times.set('a', serverTime());
    server.value = 2;
    await clock.advance(1000);
    expect(one.values.map(({ value }) => value)).toEqual([{ intValue: 0 }, { intValue: 1 }, { intValue: 2 }]);
    await closeRig({ clock, server, client });
  });
});

describe('F154: a statistic that answers do not hold any more', () => {
  it('is stale after staleAfter, like the set that holds it; others stay live; it is reported once, and live when it is back', async () => {
    const rig = start();
    const { clock, server } = rig;
    await clock.advance(3000);
    server.omitted.add('b');
    server.value = 1;
    await clock.advance(4000);
    expect(rig.statuses()).toEqual(['live', 'live', 'live']);
    await clock.advance(4000);
    expect([rig.numberOfA(), rig.statuses()]).toEqual([1, ['live', 'stale', 'stale']]);
    const message = 'b of Queue Sales@SIP: the server answers without it';
    expect([rig.stateOfB, rig.stateOfSet].map(({ values }) => values.at(-1)?.error?.message)).toEqual([message, message]);
    expect(rig.health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message } });
    expect(rig.lag).toMatchObject([{ definitions: [b], error: { message } }]);
    await clock.advance(20_000);
    expect([server.count('POST'), rig.lag.length]).toEqual([1, 1]);
    server.omitted.clear();
    await clock.advance(2000);
    expect(rig.statuses()).toEqual(['live', 'live', 'live']);
    expect(rig.health.values.at(-1)).toMatchObject({ status: 'live' });
    expect(rig.stateOfSet.values.at(-1)).toMatchObject({ value: { b: { value: { intValue: 1 } } } });
    await closeRig(rig);
  });

  it('is also stale for a later observer, before there is any value', async () => {
    const rig = startRig({ poll, sharing: { linger: 60_000 } });
    const { clock, server, client } = rig;
    const keeper = record(client.subscription$([a, b]));
    await clock.advance(2000);
    server.omitted.add('b');
    await clock.advance(1000);
    const late = record(client.statisticState$('b', sales));
    await clock.advance(8000);
    expect(late.values.at(-1)).toMatchObject({ status: 'stale', error: { message: 'b of Queue Sales@SIP: the server answers without it' } });
    expect(keeper.error).toBeUndefined();
    await closeRig(rig);
  });
});
