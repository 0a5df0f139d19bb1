/** A fleet in virtual time: who leads, what is opened, and what observers of other processes see of it. */
import { filter } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Bus, BusHooks, BusMember } from '../../src/fleet/index.js';
import { numeric, StatisticRejectedError, type Health, type StatisticsClient, type Transport } from '../../src/index.js';
import { record, sales, type Recording } from '../support/journey.js';
import { reply, askedFor } from '../support/memory-server.js';
import { lease, silent, startFleet, type FleetRig } from '../support/fleet.js';

const waiting = (client: StatisticsClient): Recording<number | null> => record(client.statistic$('Waiting', sales).pipe(numeric()));
const pair = { a: { name: 'A', ...sales }, b: { name: 'B', ...sales } };
const left = ({ server }: FleetRig): string[] => server.opened.filter((id) => !server.deleted.includes(id));

/** The same bus, up all the while, but out of memory for one kind of request. */
function refusing(bus: Bus, kind: 'elect' | 'publish'): Bus & { isFull: boolean } {
  const full = {
    isFull: true,
    join(room: string, hooks: BusHooks): BusMember {
      const member = bus.join(room, hooks);
      const refuse = (): Promise<never> => Promise.reject(new Error('OOM'));
      return {
        ...member,
        elect: (...given) => (full.isFull && kind === 'elect' ? refuse() : member.elect(...given)),
        publish: (...given) => (full.isFull && kind === 'publish' ? refuse() : member.publish(...given)),
      };
    },
  };
  return full;
}

async function change({ server, clock }: FleetRig, value: number): Promise<void> {
  server.value = value;
  await clock.advance(300);
}

describe('G14: one upstream for all', () => {
  it('three members observe the same: one subscription, the same values', async () => {
    const rig = startFleet();
    const seen = [rig.join(), rig.join(), rig.join()].map(waiting);
    await rig.clock.advance(50);
    await change(rig, 1);
    await change(rig, 2);
    expect(seen.map(({ values }) => values)).toEqual([[0, 1, 2], [0, 1, 2], [0, 1, 2]]);
    expect(rig.server.opened).toHaveLength(1);
  });

  it('members observe different statistics: one subscription in the end', async () => {
    const rig = startFleet();
    ['A', 'B', 'C', 'D'].forEach((name) => record(rig.join().statistic$(name, sales)));
    await rig.clock.advance(15_000);
    expect(rig.server.sizes()).toEqual([4]);
  });

  it.each([
    [undefined, 1000],
    [{ linger: 2000 }, 2000],
  ])('lingers like any client, with sharing: %o for %i ms, but no longer than a lease', async (sharing, linger) => {
    const deletedAfter = async (term: number): Promise<number> => {
      const { clock, server, join } = startFleet();
      const observer = join({ lease: term, ...(sharing === undefined ? {} : { sharing }) }).statistic$('Waiting', sales).subscribe();
      await clock.advance(300);
      observer.unsubscribe();
      const from = clock.monotonic();
      await clock.advance(10_000);
      return Math.round((server.requests.find(({ method }) => method === 'DELETE')?.at ?? NaN) - from);
    };
    expect(await deletedAfter(5000)).toBe(linger);
    expect(await deletedAfter(500)).toBe(500);
  });

  it('a late joiner gets the current value, and asks the server for nothing', async () => {
    const rig = startFleet();
    waiting(rig.join());
    await change(rig, 7);
    const requests = rig.server.opened.length;
    const late = waiting(rig.join());
    await rig.clock.advance(1);
    expect(late.values).toEqual([7]);
    expect(rig.server.opened).toHaveLength(requests);
  });

  it('a set of another member is whole, in the order and by the keys of its own', async () => {
    const rig = startFleet();
    record(rig.join().subscription$(pair));
    await rig.clock.advance(200);
    const other = record(rig.join().subscription$({ second: pair.b, first: pair.a }));
    rig.server.values.set('A', 5).set('B', 6);
    await rig.clock.advance(300);
    const shown = other.values.map(({ first, second }) => [first.value, second.value]);
    expect(shown).toEqual([[{ intValue: 0 }, { intValue: 0 }], [{ intValue: 5 }, { intValue: 6 }]]);
    expect(Object.keys(other.values[0] ?? {})).toEqual(['second', 'first']);
    expect(rig.server.opened).toHaveLength(1);
  });

  it('news that are lost are made up for', async () => {
    const rig = startFleet();
    waiting(rig.join());
    const other = waiting(rig.join());
    await rig.clock.advance(100);
    rig.bus.loses = (member) => member === rig.ids[1];
    await change(rig, 1);
    expect(other.values).toEqual([0]);
    rig.bus.loses = () => false;
    await rig.clock.advance(lease);
    expect(other.values).toEqual([0, 1]);
  });
});

describe('G15: another leads', () => {
  it('a leader that ends hands over: nobody sees an error, nothing is repeated, nothing is left', async () => {
    const rig = startFleet();
    const [first, second] = [rig.join(), rig.join()];
    waiting(first);
    const other = waiting(second);
    await rig.clock.advance(50);
    await change(rig, 1);
    const closed = first.close();
    await change(rig, 2);
    await closed;
    expect(other.values).toEqual([0, 1, 2]);
    expect(other.error).toBeUndefined();
    await rig.clock.advance(500);
    expect(left(rig)).toHaveLength(1);
    void second.close();
    await rig.clock.advance(500);
    expect(left(rig)).toEqual([]);
  });

  it('a leader that is cut off is replaced within a lease, and closes what it had open', async () => {
    const rig = startFleet();
    const [first, second] = [rig.join(), rig.join()].map(waiting);
    await rig.clock.advance(50);
    await change(rig, 1);
    rig.bus.cut(new Error('partition'), rig.ids[0]);
    await rig.clock.advance(lease + 100);
    await change(rig, 2);
    expect(second?.values).toEqual([0, 1, 2]);
    expect(first?.values).toEqual([0, 1]);
    expect(left(rig)).toHaveLength(1);
    rig.bus.cut(undefined, rig.ids[0]);
    await rig.clock.advance(lease);
    expect(first?.values).toEqual([0, 1, 2]);
    expect(left(rig)).toHaveLength(1);
  });

  it('a leader that is cut off closes what it has open, even if its timers fire a little early', async () => {
    const rig = startFleet(0.5);
    waiting(rig.join());
    await rig.clock.advance(50);
    rig.bus.cut(new Error('partition'));
    await rig.clock.advance(lease + 100);
    expect(left(rig)).toEqual([]);
  });
});

describe('G15, G16: a lease that the bus confirms too late', () => {
  it('begins no second term under the same number, so the others hear what is new', async () => {
    const rig = startFleet();
    let late = 0;
    const { clock } = rig;
    const slow: Bus = {
      join(room, hooks) {
        const member = rig.bus.join(room, hooks);
        const elect: BusMember['elect'] = async (...given) => {
          const election = await member.elect(...given);
          await new Promise<void>((resolve) => (late === 0 ? resolve() : void clock.after(late, resolve)));
          return election;
        };
        return { ...member, elect };
      },
    };
    const [first, second] = [rig.join({ bus: slow }), rig.join()].map(waiting);
    await clock.advance(50);
    const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const number of numbers) {
      await change(rig, number);
    }
    late = 0.9 * lease;
    await clock.advance(2 * lease);
    late = 0;
    await clock.advance(lease);
    await change(rig, 21);
    expect([first?.values, second?.values]).toEqual([[0, ...numbers, 21], [0, ...numbers, 21]]);
  });
});

describe('health$', () => {
  it('is idle again once the last observer has left a leader', async () => {
    const rig = startFleet();
    const client = rig.join();
    const health = record(client.health$);
    const one = waiting(client);
    await change(rig, 1);
    expect(health.values.at(-1)?.status).toBe('live');
    one.unsubscribe();
    await rig.clock.advance(2 * lease);
    expect(health.values.at(-1)?.status).toBe('idle');
  });
});

describe('F244: the leader alone cannot reach the server', () => {
  const cut = (isCut: () => boolean, { server }: FleetRig): Transport => (request, signal) => (isCut() ? Promise.reject(new Error('no way to the server')) : server.transport(request, signal));
  const poll = { interval: 100, maxInterval: 100, staleAfter: 2000 };

  it('another leads once all values are stale, and they live again', async () => {
    const rig = startFleet();
    let isCut = false;
    const first = rig.join({ poll, transport: cut(() => isCut, rig) });
    const all = [record(first.statisticState$('Waiting', sales)), record(rig.join({ poll }).statisticState$('Waiting', sales))];
    await rig.clock.advance(500);
    isCut = true;
    rig.server.value = 1;
    await rig.clock.advance(2 * poll.staleAfter);
    const shown = all.map(({ values }) => values.map(({ status, value }) => [status, value?.value]));
    expect(shown).toEqual(all.map(() => [['pending', undefined], ['live', { intValue: 0 }], ['stale', { intValue: 0 }], ['live', { intValue: 1 }]]));
    await rig.clock.advance(10 * lease);
    expect(left(rig), 'the successor has deleted what the first one left').toHaveLength(1);
  });

  it('the lead goes round while nobody reaches it, no faster than values turn stale; a lone member keeps it', async () => {
    const rig = startFleet();
    const published = new Set<number>();
    const counting: Bus = { join: (room, hooks) => rig.bus.join(room, {
      ...hooks,
      news(news) {
        published.add(news.fence);
        hooks.news(news);
      },
    }) };
    const all = [rig.join({ poll, bus: counting }), rig.join({ poll, bus: counting })].map(waiting);
    await rig.clock.advance(500);
    const terms = published.size;
    rig.server.fault = () => reply(503);
    await rig.clock.advance(10 * poll.staleAfter);
    expect(published.size - terms).toBeGreaterThan(1);
    expect(published.size - terms).toBeLessThanOrEqual(10);
    all[1]?.unsubscribe();
    await rig.clock.advance(3 * poll.staleAfter);
    const alone = published.size;
    await rig.clock.advance(5 * poll.staleAfter);
    expect(published.size).toBe(alone);
    rig.server.fault = undefined;
    rig.server.value = 1;
    await rig.clock.advance(60_000);
    expect(all[0]?.values).toEqual([0, 1]);
  });
});

it('F246: a subscription that the leader has given up is deleted once the server answers again', async () => {
  const rig = startFleet();
  const transport: Transport = (request, signal) => (isCut && request.method === 'DELETE' ? Promise.reject(new Error('no way to the server')) : rig.server.transport(request, signal));
  let isCut = true;
  const client = rig.join({ transport, batch: { size: 1 }, retry: { minTimeout: 10, maxTimeout: 20 } });
  const orphaned = record(client.events$.pipe(filter(({ type }) => type === 'orphaned')));
  waiting(client);
  const other = record(client.statistic$('Other', sales));
  await rig.clock.advance(500);
  other.unsubscribe();
  await rig.clock.advance(10_000);
  expect(orphaned.values).toHaveLength(1);
  expect(left(rig)).toHaveLength(2);
  isCut = false;
  await rig.clock.advance(30_000);
  expect(left(rig)).toHaveLength(1);
  const member = rig.bus.join('https://host/statistics/v3', silent);
  expect(await member.journal.entries()).toEqual(left(rig));
  await member.leave();
  void client.close();
  await rig.clock.advance(10_000);
  expect(rig.clock.pending).toEqual([]);
});

describe('refusals', () => {
  it('a refusal reaches observers of every member, as the same error, and can be asked for anew', async () => {
    const rig = startFleet();
    rig.server.fault = (request) => (askedFor(request).some(({ name }) => name === 'Nope') ? reply(400, { status: { code: 4, detail: 'unknown' } }) : undefined);
    waiting(rig.join());
    const member = rig.join();
    const refused = record(member.statistic$('Nope', sales));
    const states = record(member.statisticState$('Nope', sales));
    await rig.clock.advance(3000);
    expect(refused.error).toBeInstanceOf(StatisticRejectedError);
    expect((refused.error as StatisticRejectedError).definitions).toEqual([{ name: 'Nope', ...sales }]);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'failed']);
    expect(states.completed).toBe(true);
    rig.server.fault = undefined;
    const again = record(member.statistic$('Nope', sales));
    await rig.clock.advance(3000);
    expect(again.values).toHaveLength(1);
  });
});

describe('G17: demand ends with its process', () => {
  it('the last observer anywhere leaves: everything is deleted within two leases', async () => {
    const rig = startFleet();
    waiting(rig.join({ batch: { size: 1 } }));
    const other = record(rig.join().statistic$('Other', sales));
    await rig.clock.advance(500);
    other.unsubscribe();
    await rig.clock.advance(2 * lease);
    expect(rig.server.sizes()).toEqual([1]);
  });

  it('a member that vanishes: what it alone demanded is deleted within two leases', async () => {
    const rig = startFleet();
    waiting(rig.join({ batch: { size: 1 } }));
    record(rig.join({ batch: { size: 1 } }).statistic$('Other', sales));
    await rig.clock.advance(500);
    expect(rig.server.sizes()).toEqual([1, 1]);
    rig.bus.cut(new Error('killed'), rig.ids[1]);
    await rig.clock.advance(2 * lease);
    expect(rig.server.sizes()).toEqual([1]);
  });

  it('nobody observes any more: every member leaves, and no timer is left', async () => {
    const rig = startFleet();
    const all = [rig.join(), rig.join()].map(waiting);
    await rig.clock.advance(500);
    all.forEach((each) => each.unsubscribe());
    await rig.clock.advance(3 * lease);
    expect(left(rig)).toEqual([]);
    expect(rig.clock.pending).toEqual([]);
  });
});

describe('G18: the bus is away', () => {
  it('values stay, turn stale in time, and health says why; everything heals', async () => {
    const rig = startFleet();
    const client = rig.join({ poll: { interval: 100, maxInterval: 100, staleAfter: 5000 } });
    const states = record(client.statisticState$('Waiting', sales));
    const health: Health[] = [];
    client.health$.subscribe((each) => health.push(each));
    await rig.clock.advance(500);
    rig.bus.cut(new Error('no bus'));
    await rig.clock.advance(1500);
    expect(health.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: 'the bus is away', cause: { message: 'no bus' } } });
    expect(left(rig), 'a leader without a lease has nothing open').toEqual([]);
    await rig.clock.advance(6000);
    expect(states.values.map(({ status, value }) => [status, value?.value])).toEqual([
      ['pending', undefined], ['live', { intValue: 0 }], ['stale', { intValue: 0 }],
    ]);
    rig.bus.wipe();
    rig.bus.cut(undefined);
    await rig.clock.advance(lease);
    expect(states.values.at(-1)?.status).toBe('live');
    expect(health.at(-1)?.status).toBe('live');
  });

  it('a bus that is up and refuses elections: health says why nobody leads', async () => {
    const rig = startFleet();
    const full = refusing(rig.bus, 'elect');
    const client = rig.join({ bus: full });
    const health = record(client.health$);
    waiting(client);
    await rig.clock.advance(4 * lease);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: `no leader has been heard of for ${2 * lease} ms`, cause: { message: 'OOM' } } });
    full.isFull = false;
    await rig.clock.advance(2 * lease);
    expect(health.values.at(-1)?.status).toBe('live');
    expect(health.values.at(-1)).not.toHaveProperty('lastError');
  });

  it('a bus that is up and refuses publications: the health of the leader says so until it takes one', async () => {
    const rig = startFleet();
    const full = refusing(rig.bus, 'publish');
    const client = rig.join({ bus: full });
    const health = record(client.health$);
    const { values } = waiting(client);
    await rig.clock.advance(2 * lease);
    expect(values).toEqual([0]);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: 'the bus does not take what the leader publishes', cause: { message: 'OOM' } } });
    full.isFull = false;
    await rig.clock.advance(lease);
    expect(health.values.at(-1)?.status).toBe('live');
    expect(health.values.at(-1)).not.toHaveProperty('lastError');
  });

  it('F241: a bus whose answers take just under half a lease costs no leadership', async () => {
    const rig = startFleet();
    const slow: Bus = {
      join(room, hooks) {
        const member = rig.bus.join(room, hooks);
        const late = (): Promise<void> => new Promise((resolve) => rig.clock.after(0.22 * lease, resolve));
        return { ...member, elect: (...given) => late().then(() => member.elect(...given)).finally(late) };
      },
    };
    const all = [rig.join({ bus: slow }), rig.join({ bus: slow })].map(waiting);
    await rig.clock.advance(lease);
    await rig.clock.advance(10 * lease);
    await change(rig, 1);
    expect(all.map(({ values }) => values)).toEqual([[0, 1], [0, 1]]);
    expect(rig.server.opened).toHaveLength(1);
  });

  it('a bus that comes back and still refuses publications: health goes on to say so', async () => {
    const rig = startFleet();
    const client = rig.join({ bus: refusing(rig.bus, 'publish') });
    const health = record(client.health$);
    waiting(client);
    await rig.clock.advance(lease);
    rig.bus.cut(new Error('no bus'));
    await rig.clock.advance(lease / 2);
    expect(health.values.at(-1)?.lastError?.message).toBe('the bus is away');
    rig.bus.cut(undefined);
    await rig.clock.advance(lease / 2);
    expect(health.values.at(-1)?.lastError?.message).toBe('the bus does not take what the leader publishes');
  });

  it('a leader that stops leading no longer says that it is not heard', async () => {
    const rig = startFleet();
    const client = rig.join({ bus: refusing(rig.bus, 'publish') });
    const health = record(client.health$);
    waiting(client);
    const other = waiting(rig.join());
    await rig.clock.advance(lease / 2);
    rig.bus.cut(new Error('partition'), rig.ids[0]);
    await rig.clock.advance(2 * lease);
    expect(other.values).toEqual([0]);
    rig.bus.cut(undefined, rig.ids[0]);
    await rig.clock.advance(lease);
    expect(health.values.at(-1)).not.toHaveProperty('lastError');
  });

  it("withoutBus: 'direct' lets each member poll for itself, until the bus is back", async () => {
    const rig = startFleet();
    const all = [rig.join({ withoutBus: 'direct' }), rig.join({ withoutBus: 'direct' })].map(waiting);
    await rig.clock.advance(500);
    rig.bus.cut(new Error('no bus'));
    await rig.clock.advance(2 * lease);
    await change(rig, 1);
    expect(all.map(({ values }) => values)).toEqual([[0, 1], [0, 1]]);
    expect(left(rig)).toHaveLength(2);
    rig.bus.cut(undefined);
    await rig.clock.advance(lease);
    await change(rig, 2);
    expect(all.map(({ values }) => values)).toEqual([[0, 1, 2], [0, 1, 2]]);
    expect(left(rig)).toHaveLength(1);
  });

  it('a bus that is restarted empty within the lease costs no opening', async () => {
    const rig = startFleet();
    const all = [rig.join(), rig.join()].map(waiting);
    await rig.clock.advance(500);
    rig.bus.wipe();
    await rig.clock.advance(2 * lease);
    await change(rig, 1);
    expect(all.map(({ values }) => values)).toEqual([[0, 1], [0, 1]]);
    expect(left(rig)).toHaveLength(1);
  });
});

it('F186: a wall clock that jumps moves no leadership, and no value turns stale', async () => {
  const rig = startFleet();
  const all = [rig.join(), rig.join()].map((client) => record(client.statisticState$('Waiting', sales)));
  await rig.clock.advance(500);
  for (const jump of [86_400_000, -2 * 86_400_000]) {
    rig.clock.jump(jump);
    await rig.clock.advance(3 * lease);
  }
  expect(all.map(({ values }) => values.map(({ status }) => status))).toEqual([['pending', 'live'], ['pending', 'live']]);
  expect(rig.server.opened).toHaveLength(1);
});
