/** A leader hands over its lead, when it counts as cut off from the server (F244), and its journal. In virtual time. */
import { describe, expect, it } from 'vitest';
import { numeric, peekFallback, type StatisticsClient, type Transport } from '../../src/index.js';
import type { Bus } from '../../src/fleet/index.js';
import { lease, silent, startFleet, type FleetRig } from '../support/fleet.js';
import { record, sales, type Recording } from '../support/journey.js';
import { reply } from '../support/memory-server.js';

const poll = { interval: 100, maxInterval: 100, staleAfter: 2000 };
const waiting = (client: StatisticsClient): Recording<number | null> => record(client.statistic$('Waiting', sales).pipe(numeric()));

/** The same bus, which also counts the terms of leaders that a member hears, and answers elections late. */
function observed({ bus, clock }: FleetRig, late = 0): Bus & { readonly terms: Set<number> } {
  const terms = new Set<number>();
  const wait = (): Promise<void> => new Promise((resolve) => (late === 0 ? resolve() : void clock.after(late, resolve)));
  return {
    terms,
    join(room, hooks) {
      const member = bus.join(room, {
        ...hooks,
        news(news) {
          terms.add(news.fence);
          hooks.news(news);
        },
      });
      return { ...member, elect: (...given) => wait().then(() => member.elect(...given)).finally(wait) };
    },
  };
}

describe('F244: a leader that the server answers keeps the lead', () => {
  it('although every subscription is refused and all its values come from peeks', async () => {
    const rig = startFleet();
    const bus = observed(rig);
    rig.server.fault = ({ method, url }) => (method === 'POST' && url.includes('/subscriptions') ? reply(403) : undefined);
    const options = { poll, bus, fallback: peekFallback(), retry: { minTimeout: 500, maxTimeout: 30_000 } };
    const all = [rig.join(options), rig.join(options)].map(waiting);
    await rig.clock.advance(30_000);
    const terms = bus.terms.size;
    rig.server.value = 1;
    await rig.clock.advance(20 * poll.staleAfter);
    expect(all.map(({ values }) => values)).toEqual([[0, 1], [0, 1]]);
    expect(bus.terms.size).toBe(terms);
  });
});

it('F248: the bus is full when an opening is answered, and the leader is killed then: its successor deletes what it left', async () => {
  const rig = startFleet();
  let isKilled = false;
  const full: Bus = {
    join(room, hooks) {
      const member = rig.bus.join(room, hooks);
      // A Redis without room takes no new entry, and goes on to remove old ones.
      return { ...member, journal: { ...member.journal, add: (entry) => (entry.startsWith('?') ? member.journal.add(entry) : Promise.reject(new Error('OOM'))) } };
    },
  };
  const transport: Transport = (request, signal) => (isKilled ? new Promise(() => undefined) : rig.server.transport(request, signal));
  waiting(rig.join({ bus: full, transport }));
  await rig.clock.advance(500);
  const other = waiting(rig.join());
  await rig.clock.advance(500);
  const [left = ''] = rig.server.opened;
  isKilled = true;
  rig.bus.cut(new Error('killed'), rig.ids[0]);
  rig.server.value = 1;
  await rig.clock.advance(2 * lease);
  expect(other.values).toEqual([0, 1]);
  // An id in doubt waits until its opening can no longer be on the way.
  await rig.clock.advance(10_000);
  expect(rig.server.deleted).toContain(left);
  expect(rig.server.sizes()).toHaveLength(1);
});

it('F252: the bus takes no entry until it has room again: the leader writes it then, so that a successor finds it', async () => {
  const rig = startFleet();
  let isFull = true;
  const full: Bus = {
    join(room, hooks) {
      const member = rig.bus.join(room, hooks);
      return { ...member, journal: { ...member.journal, add: (entry) => (isFull ? Promise.reject(new Error('OOM')) : member.journal.add(entry)) } };
    },
  };
  waiting(rig.join({ bus: full }));
  await rig.clock.advance(2 * lease);
  const member = rig.bus.join('https://host/statistics/v3', silent);
  expect(await member.journal.entries()).toEqual([]);
  isFull = false;
  await rig.clock.advance(lease);
  expect(await member.journal.entries()).toEqual(expect.arrayContaining(rig.server.opened));
  await member.leave();
});

describe('F241, F244: a leader that the server does not answer', () => {
  it('yields the lead on a slow bus as well, to a member that reaches the server', async () => {
    const rig = startFleet();
    // More than a third of a lease for each answer: the leader renews its lease as soon as an answer is there.
    const slow = observed(rig, 0.2 * lease);
    let isCut = false;
    const transport: Transport = (request, signal) => (isCut ? Promise.reject(new Error('no way to the server')) : rig.server.transport(request, signal));
    const all = [waiting(rig.join({ poll, bus: slow, transport })), waiting(rig.join({ poll, bus: slow }))];
    await rig.clock.advance(2 * lease);
    isCut = true;
    rig.server.value = 1;
    await rig.clock.advance(2 * poll.staleAfter + 2 * lease);
    expect(all.map(({ values }) => values)).toEqual([[0, 1], [0, 1]]);
  });
});
