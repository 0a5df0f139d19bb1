/** The laws of a Bus, run against every implementation: Redis, tabs, and the one in memory. */
import { afterAll, expect, it, describe, onTestFinished } from 'vitest';
import { memoryBus, type Bus, type BusHooks, type BusMember, type News } from '../../src/fleet/index.js';
import { redisBus } from '../../src/redis/index.js';
import { tabsBus } from '../../src/tabs/index.js';
import { until } from '../support/journey.js';
import { describeOnRedis, startRedis, type RedisServer } from '../support/redis.js';

/** The length of a lease that nobody renews: it ends within the test. */
const brief = 400;
/** The length of any other: no busy machine lets it end. */
const long = 60_000;
let rooms = 0;

interface Seat {
  readonly member: BusMember;
  readonly calls: { up: number; vacant: number; readonly news: News[]; readonly demand: unknown[]; readonly asked: string[] };
}

async function sit(bus: Bus, room: string): Promise<Seat> {
  const calls: Seat['calls'] = { up: 0, vacant: 0, news: [], demand: [], asked: [] };
  const hooks: BusHooks = {
    up: () => calls.up++,
    down: () => undefined,
    news: (news) => calls.news.push(news),
    demand: (...demand) => calls.demand.push(demand),
    asked: (text) => calls.asked.push(text),
    vacant: () => calls.vacant++,
    yield: () => undefined,
  };
  const member = bus.join(room, hooks);
  onTestFinished(() => member.leave());
  await until('it is up', () => calls.up > 0);
  return { member, calls };
}

/** Takes the lease as soon as the bus gives it. */
async function lead(member: BusMember, above = 0, lease = long): Promise<number> {
  for (const end = performance.now() + 50_000; performance.now() < end; ) {
    const { leads, fence, remaining } = await member.elect(lease, above);
    if (leads) {
      return fence;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(20, remaining)));
  }
  throw new Error('waited in vain: the lease');
}

/** Takes over from a leader that has a brief lease, and keeps the lead. */
async function takeOver(member: BusMember, above: number): Promise<number> {
  await lead(member, above, brief);
  return lead(member, above);
}

function laws(name: string, describeHere: (name: string, tests: () => void) => void, start: () => Promise<Bus> | Bus): void {
  describeHere(name, () => {
    const table = async (count = 2): Promise<Seat[]> => {
      const [bus, room] = [await start(), `https://host/{room}/${++rooms}`];
      const seats: Seat[] = [];
      for (let at = 0; at < count; at++) {
        seats.push(await sit(bus, room));
      }
      return seats;
    };

    it('has one leader at a time, whose number stays while it renews', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      const fence = await lead(first.member);
      expect(await second.member.elect(long, 0)).toMatchObject({ leads: false, fence });
      expect(await first.member.elect(long, 0)).toMatchObject({ leads: true, fence });
    });

    it('a lease that is given up goes to another, under a higher number, and the others are told', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      const fence = await lead(first.member);
      await first.member.resign(fence);
      await until('it is vacant', () => second.calls.vacant > 0);
      expect(await lead(second.member)).toBeGreaterThan(fence);
    });

    it('G15: a lease that is not renewed goes to another, under a number above any that is known', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      const fence = await lead(first.member, 0, brief);
      const next = await takeOver(second.member, fence + 5);
      expect(next).toBeGreaterThan(fence + 5);
      expect((await first.member.elect(long, 0)).leads).toBe(false);
    });

    it('what is published is heard by the others, in order, and remembered', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      const fence = await lead(first.member);
      // Whoever has not asked who leads believes no message.
      await second.member.elect(long, 0);
      const news: News[] = [1, 2].map((sequence) => ({ fence, sequence, changes: ['["a"]', `[${sequence}]`, '["ü \u2028"]', '{"__proto__":1}'] }));
      for (const each of news) {
        expect(await first.member.publish(each, 10_000)).toBe(true);
      }
      await until('both are heard', () => second.calls.news.length === 2);
      expect(second.calls.news).toEqual(news);
      expect(first.calls.news).toEqual([]);
      expect(await second.member.recall(['["a"]', '["b"]', '["ü \u2028"]'])).toEqual([
        { fence, sequence: 2, text: '[2]' }, undefined, { fence, sequence: 2, text: '{"__proto__":1}' },
      ]);
    });

    it('an empty text is remembered no more', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      const fence = await lead(first.member);
      await second.member.elect(long, 0);
      await first.member.publish({ fence, sequence: 1, changes: ['a', '1', 'b', '2'] }, 10_000);
      await first.member.publish({ fence, sequence: 2, changes: ['a', ''] }, 10_000);
      await until('both are heard', () => second.calls.news.length === 2);
      expect((await second.member.recall(['a', 'b'])).map((found) => found?.text)).toEqual([undefined, '2']);
    });

    it('G16: a former leader publishes nothing', async () => {
      const [first, second, third] = (await table(3)) as [Seat, Seat, Seat];
      const fence = await lead(first.member, 0, brief);
      const next = await takeOver(second.member, fence);
      await third.member.elect(long, 0);
      expect(await second.member.publish({ fence: next, sequence: 1, changes: ['a', 'new'] }, 10_000)).toBe(true);
      expect(await first.member.publish({ fence, sequence: 9, changes: ['a', 'late'] }, 10_000)).toBe(false);
      await until('the new one is heard', () => third.calls.news.length > 0);
      expect(third.calls.news.map(({ changes }) => changes)).toEqual([['a', 'new']]);
      expect((await third.member.recall(['a']))[0]?.text).toBe('new');
    });

    it('the leader hears demand, and can read the whole of it', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      await lead(first.member);
      await second.member.demand(2, ['a', '[1]', 'b', '[2]'], 5_000, true);
      await second.member.demand(3, ['a', '', 'c', '[3]'], 5_000, false);
      const { id } = second.member;
      await until('both are heard', () => first.calls.demand.length >= 2);
      expect(first.calls.demand.slice(-2)).toEqual([[id, 2, ['a', '[1]', 'b', '[2]']], [id, 3, ['a', '', 'c', '[3]']]]);
      expect((await first.member.census()).get(id)).toBe(3);
      expect(await first.member.demandOf(id)).toMatchObject({ revision: 3, wishes: new Map([['b', '[2]'], ['c', '[3]']]) });
      expect(await second.member.touch(3, 5_000)).toBe(true);
      expect(await second.member.touch(4, 5_000)).toBe(false);
    });

    it('G17: demand that is not kept up ends with its lease', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      await lead(first.member);
      await second.member.demand(2, ['a', '[1]'], long, true);
      const { id } = second.member;
      await until('it is counted', async () => (await first.member.census()).has(id));
      // Between tabs it is the reader's own lease that counts.
      await first.member.elect(brief, 0);
      expect(await second.member.touch(2, brief)).toBe(true);
      await until('it is counted no more', async () => !(await first.member.census()).has(id));
      // Redis may keep it a millisecond longer.
      await until('it is gone', async () => (await first.member.demandOf(id)) === undefined);
    });

    it('a member that leaves takes its demand along, and gives the lease up', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      await lead(first.member);
      await second.member.demand(2, ['a', '[1]'], 60_000, true);
      await until('it is heard', () => first.calls.demand.length > 0);
      const { id } = second.member;
      await second.member.leave();
      await until('its end is heard', () => JSON.stringify(first.calls.demand.at(-1)) === JSON.stringify([id, null, []]));
      expect((await first.member.census()).has(id)).toBe(false);
    });

    it('what is asked reaches the leader alone', async () => {
      const [first, second, third] = (await table(3)) as [Seat, Seat, Seat];
      await lead(first.member);
      await second.member.ask('refresh');
      await until('it is asked', () => first.calls.asked.length > 0);
      expect([first.calls.asked, third.calls.asked]).toEqual([['refresh'], []]);
    });

    it('the journal outlives its writer', async () => {
      const [first, second] = (await table()) as [Seat, Seat];
      await first.member.journal.add('?one');
      await first.member.journal.add('two');
      await first.member.journal.remove('?one');
      await first.member.leave();
      expect(await second.member.journal.entries()).toEqual(['two']);
    });
  });
}

laws('memory', describe, () => memoryBus());
laws('tabs', describe, () => tabsBus({ name: 'laws' }));

// One for all tests, each of which has a room of its own.
let redis: Promise<RedisServer> | undefined;
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
});
laws('Redis', describeOnRedis, async () => redisBus({ url: (await (redis ??= startRedis((end) => ends.push(end)))).url, prefix: 'laws' }));
