/** F85: calls inside `next`: no observer loses or repeats a value, order is kept, and no observer is called during its own call (I14). */
import type { Observable, Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { numberOf, type StatisticsClient } from '../../src/index.js';
import { record, type Recording } from '../support/journey.js';
import { closeRig, startRig } from '../support/rig.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const a = { name: 'a', ...sales };
const b = { name: 'b', ...sales };
const interval = 1000;

/** The action of an observer at each notification. `self` is its own subscription. */
type Action = (client: StatisticsClient, self: () => Subscription | undefined, joined: Recording<unknown>[]) => void;

const actions: [string, Action][] = [
  ['refresh', (client) => client.refresh()],
  ['subscribe to the same', ({ statistic$ }, _, joined) => joined.push(record(statistic$('a', sales)))],
  ['subscribe to another statistic', ({ statistic$ }, _, joined) => joined.push(record(statistic$('c', sales)))],
  ['subscribe to a set that holds it', ({ subscription$ }, _, joined) => joined.push(record(subscription$([a, b])))],
  ['subscribe to the states of it', ({ statisticState$ }, _, joined) => joined.push(record(statisticState$('a', sales)))],
  ['subscribe and unsubscribe at once', ({ statistic$, subscription$ }) => {
    statistic$('a', sales).subscribe().unsubscribe();
    subscription$([a]).subscribe().unsubscribe();
  }],
  ['unsubscribe the observers that it added before', ({ statistic$ }, _, joined) => {
    joined.at(-1)?.unsubscribe();
    joined.push(record(statistic$('a', sales)));
  }],
  ['unsubscribe itself', (_client, self) => self()?.unsubscribe()],
  ['unsubscribe itself and subscribe again', ({ statistic$ }, self, joined) => {
    self()?.unsubscribe();
    joined.push(record(statistic$('a', sales)));
  }],
  ['peek', ({ peekAll$ }, _, joined) => joined.push(record(peekAll$([a])))],
  ['ask for health', ({ health$ }, _, joined) => joined.push(record(health$))],
];

const streams: [string, (client: StatisticsClient) => Observable<unknown>][] = [
  ['statistic$', ({ statistic$ }) => statistic$('a', sales)],
  ['subscription$', ({ subscription$ }) => subscription$([a, b])],
  ['statisticState$', ({ statisticState$ }) => statisticState$('a', sales)],
  ['health$', ({ health$ }) => health$],
  ['events$', ({ events$ }) => events$],
];

/** Other observers of the same statistic, which subscribed before and after, and the values they received. */
function bystanders({ statistic$, subscription$ }: StatisticsClient): () => (number | null)[][] {
  const one = record(statistic$('a', sales));
  const set = record(subscription$([a, b]));
  return () => [one.values.map(({ value }) => numberOf(value)), ...[0, 1].map((member) => set.values.map((snapshot) => numberOf(snapshot[member as 0].value)))];
}

describe.each(streams)('F85: inside next of %s', (name, stream$) => {
  it.each(actions)('%s', async (_, act) => {
    const rig = startRig({ poll: { interval, maxInterval: interval }, batch: { window: 0 } });
    const { clock, server, client } = rig;
    const before = bystanders(client);
    const self: { subscription?: Subscription } = {};
    let depth = 0;
    let deepest = 0;
    let told = 0;
    const joined: Recording<unknown>[] = [];
    // An action at an event, or a change of health, causes the next event, so it runs only once for each value.
    const endless = name === 'events$' || name === 'health$';
    let left = 1;
    self.subscription = stream$(client).subscribe(() => {
      told++;
      deepest = Math.max(deepest, ++depth);
      if (left > 0 || !endless) {
        left--;
        act(client, () => self.subscription, joined);
      }
      depth--;
    });
    const after = bystanders(client);
    await clock.advance(5 * interval);
    for (let value = 1; value <= 3; value++) {
      server.value = value;
      left = 1;
      await clock.advance(2 * interval);
    }
    expect(told).toBeGreaterThan(0);
    expect([before(), after()]).toEqual([before().map(() => [0, 1, 2, 3]), after().map(() => [0, 1, 2, 3])]);
    expect(deepest).toBe(1);
    expect(joined.every(({ error }) => error === undefined)).toBe(true);
    // The observer that joined last receives the present value, and only once.
    const last = joined.filter(({ completed }) => !completed).at(-1)?.values.map((value) => JSON.stringify(value)) ?? [];
    expect(new Set(last).size).toBe(last.length);
    await closeRig(rig);
  });

  it('unsubscribe the observer that would be notified next: it receives nothing more', async () => {
    const rig = startRig({ poll: { interval, maxInterval: interval } });
    const { clock, server, client } = rig;
    bystanders(client);
    const victims: Recording<unknown>[] = [];
    let armed = false;
    let told = 0;
    stream$(client).subscribe(() => {
      told++;
      if (armed) {
        victims.forEach(({ unsubscribe }) => unsubscribe());
      }
    });
    victims.push(record(stream$(client)));
    await clock.advance(5 * interval);
    const [before, heard] = [told, victims[0]?.values.length];
    armed = true;
    server.value = 1;
    // One more observer is a change of health.
    record(client.statistic$('a', sales));
    await clock.advance(5 * interval);
    expect(told).toBeGreaterThan(before);
    expect(heard).toBeGreaterThan(0);
    expect(victims[0]?.values).toHaveLength(heard ?? NaN);
    await closeRig(rig);
  });

  it('close(): nothing more is emitted, all observers complete once, and everything is deleted', async () => {
    const rig = startRig({ poll: { interval, maxInterval: interval } });
    const { clock, server, client } = rig;
    const others = [record(client.statistic$('a', sales)), record(client.subscription$([a, b])), record(client.health$)];
    let told = 0;
    let completed = 0;
    let closing: Promise<void> | undefined;
    let again: Promise<void> | undefined;
    const late: Recording<unknown>[] = [];
    stream$(client).subscribe({
      next() {
        told++;
        closing ??= client.close();
      },
      complete() {
        completed++;
        // A subscribe inside `complete` comes too late, even if other observers have not completed yet.
        late.push(record(client.statistic$('a', sales)), record(client.statistic$('z', sales)), record(client.subscription$([b])), record(stream$(client)));
        again = client.close();
      },
    });
    await clock.advance(12_000);
    await closing;
    expect(closing).toBeDefined();
    expect(again).toBe(closing);
    expect(completed).toBe(1);
    // Events go on until all DELETEs are answered.
    expect(name === 'events$' || told === 1).toBe(true);
    expect(late.every((each) => each.completed && each.values.every((value) => (value as { status?: string }).status === 'closed'))).toBe(true);
    expect(others.every((other) => other.completed)).toBe(true);
    expect(server.opened.filter((id) => !server.deleted.includes(id))).toEqual([]);
    expect(clock.pending).toEqual([]);
  });
});

describe('I14: events and changes of health that happen during a notification follow it, in their order', () => {
  it('an eviction caused by an observer of events', async () => {
    const rig = startRig({ sharing: { linger: 60_000, maxIdle: 1 }, batch: { size: 1 } });
    const { clock, client } = rig;
    const all = ['a', 'b', 'c', 'd'].map((name) => record(client.subscription$([{ name, ...sales }])));
    await clock.advance(100);
    const orders: number[][] = [[], []];
    let depth = 0;
    let deepest = 0;
    let count = 0;
    for (const order of orders) {
      client.events$.subscribe(({ type }) => {
        if (type === 'evicted') {
          deepest = Math.max(deepest, ++depth);
          order.push(order === orders[0] ? ++count : count);
          all.shift()?.unsubscribe();
          depth--;
        }
      });
    }
    all.shift()?.unsubscribe();
    all.shift()?.unsubscribe();
    expect(orders).toEqual([[1, 2, 3], [1, 2, 3]]);
    expect(deepest).toBe(1);
    await closeRig(rig);
  });

  it('the end caused by an observer of health', async () => {
    const rig = startRig();
    const { clock, client } = rig;
    const order: string[] = [];
    let depth = 0;
    let deepest = 0;
    client.health$.subscribe({
      next({ status }) {
        deepest = Math.max(deepest, ++depth);
        order.push(status);
        if (status === 'live') {
          void client.close();
        }
        depth--;
      },
      complete: () => order.push('end'),
    });
    const other = record(client.health$);
    record(client.statistic$('a', sales));
    await clock.advance(20_000);
    expect(order.slice(-3)).toEqual(['live', 'closed', 'end']);
    expect(deepest).toBe(1);
    expect(other.values.map(({ status }) => status).slice(-2)).toEqual(['live', 'closed']);
    await closeRig(rig);
  });
});
