/** F244: when a leader counts as cut off from the server, and that its lead does go to another member. In virtual time. */
import { describe, expect, it } from 'vitest';
import { numeric, peekFallback, type StatisticsClient, type Transport } from '../../src/index.js';
import type { Bus } from '../../src/fleet/index.js';
import { lease, startFleet, type FleetRig } from '../support/fleet.js';
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
