/** Demand that arrives while a leader on Redis is only about to listen for it. On a real Redis, with the subscription in the test's hand. */
import { noop } from 'rxjs';
import { createClient } from 'redis';
import { expect, it, onTestFinished } from 'vitest';
import { createFleetClient, type BusHooks, type FleetClientOptions } from '../../src/fleet/index.js';
import { redisBus } from '../../src/redis/index.js';
import type { StatisticsClient } from '../../src/index.js';
import { record, sales, startSimulator, until } from '../support/journey.js';
import { describeOnRedis, startRedis } from '../support/redis.js';

type Subscribe = (channel: string, listener: (message: string) => void) => Promise<unknown>;

/** A client for `redisBus`, whose subscriptions to the demand of others go through `subscribe`. */
function clientWith(url: string, subscribe: (next: () => Promise<unknown>) => Promise<unknown>): object {
  const origin = createClient({ url });
  return {
    options: origin.options,
    select: noop,
    duplicate(overrides: object) {
      const copy = origin.duplicate(overrides);
      const direct = copy.subscribe.bind(copy) as Subscribe;
      const given: Subscribe = (channel, listener) => (channel.endsWith(':asked') ? subscribe(() => direct(channel, listener)) : direct(channel, listener));
      return Object.assign(copy, { subscribe: given });
    },
  };
}

describeOnRedis('the demand of other members', () => {
  it('is heard although the first attempt to listen for it has failed', async () => {
    const { url } = await startRedis();
    let attempts = 0;
    const heard: unknown[] = [];
    const hooks: BusHooks = { up: noop, down: noop, news: noop, demand: (...demand) => heard.push(demand), asked: noop, vacant: noop, yield: noop };
    const client = clientWith(url, (next) => (++attempts === 1 ? Promise.reject(new Error('lost')) : next()));
    const leader = redisBus({ client }).join('room', hooks);
    const other = redisBus({ url }).join('room', hooks);
    onTestFinished(async () => {
      await Promise.all([leader.leave(), other.leave()]);
    });
    await until('it leads', () => leader.elect(60_000, 0).then(({ leads }) => leads, () => false));
    await until('the other one is connected', () => other.demand(1, ['a', '[0,0]'], 60_000, true).then(() => true, () => false));
    await until('demand is heard', () => heard.length > 0);
    expect(heard[0]).toEqual([other.id, 1, ['a', '[0,0]']]);
    expect(attempts).toBe(2);
  });

  it('is served although it was stated between the election and the moment in which the leader listens', async () => {
    const [{ url }, simulator] = [await startRedis(), await startSimulator()];
    let listen = noop;
    const listening = new Promise<void>((resolve) => (listen = resolve));
    // Only a lost demand would wait for the next beat, which comes after an hour.
    const options: Omit<FleetClientOptions, 'bus'> = { baseUrl: simulator.url, lease: 3 * 3_600_000, sharing: { linger: 10 } };
    const join = (bus: FleetClientOptions['bus']): StatisticsClient => {
      const client = createFleetClient({ ...options, bus });
      onTestFinished(() => client.close());
      return client;
    };
    let isElected = false;
    const late = clientWith(url, async (next) => {
      isElected = true;
      await listening;
      return next();
    });
    record(join(redisBus({ client: late })).statistic$('Current_In_Queue', sales));
    await until('the first one is elected', () => isElected);
    const other = record(join(redisBus({ url })).statistic$('Total_Answered', sales));
    const hand = createClient({ url });
    await hand.connect();
    onTestFinished(() => hand.destroy());
    await until('the demand of the other one is kept', async () => (await hand.keys('*:demand:*')).length === 2);
    listen();
    await until('the other one has a value', () => other.values.length > 0);
  });
});
