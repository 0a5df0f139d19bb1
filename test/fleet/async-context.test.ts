/** F162 on a fleet client: its loops run in the context that it was made in, each observer in that of its subscribe. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Observable } from 'rxjs';
import { expect, it } from 'vitest';
import type { StatisticsClient } from '../../src/index.js';
import { startFleet } from '../support/fleet.js';
import { record, sales } from '../support/journey.js';
import { reply } from '../support/memory-server.js';

const storage = new AsyncLocalStorage<string>();
const here = (): string => storage.getStore() ?? 'none';

/** A stream of each kind; `seen` is called by the one that takes a function of the program. */
function streamsOf(client: StatisticsClient, seen: () => void): readonly (() => Observable<unknown>)[] {
  return [
    () => client.statistic$('a', sales, { distinct: (a, b) => (seen(), a.value === b.value) }),
    () => client.subscription$([{ name: 'a', ...sales }]),
    () => client.statisticState$('a', sales),
    () => client.subscriptionState$([{ name: 'a', ...sales }]),
    () => client.health$,
    () => client.events$,
  ];
}

it.each(['leader', 'follower'])('F162: the observers of a %s are notified in their own contexts', async (role) => {
  const rig = startFleet();
  const [leader, follower] = ['the leader', 'the follower'].map((name) => storage.run(name, () => rig.join())) as [StatisticsClient, StatisticsClient];
  record(leader.statistic$('other', sales));
  await rig.clock.advance(50);
  const client = role === 'leader' ? leader : follower;
  const heard: string[] = [];
  const seen = (what: string) => (): void => void heard.push(`${what}: ${here()}`);
  streamsOf(client, seen('0 distinct')).forEach((stream, index) => storage.run(`request ${index}`, () => stream().subscribe({ next: seen(`${index} next`), complete: seen(`${index} end`) })));
  await rig.clock.advance(500);
  rig.server.value = 1;
  await rig.clock.advance(500);
  storage.run('whoever closes', () => void client.close());
  await rig.clock.advance(1000);
  streamsOf(client, () => undefined).forEach((_, index) => {
    expect(heard.filter((each) => each.startsWith(`${index} `) && !each.endsWith(`: request ${index}`))).toEqual([]);
    // A follower asks the server for nothing, so it has no events.
    expect(heard.includes(`${index} next: request ${index}`)).toBe(index !== 5 || role === 'leader');
    expect(heard).toContain(`${index} end: request ${index}`);
  });
  expect(heard).toContain('0 distinct: request 0');
});

it('F162: a refusal reaches an observer in its own context', async () => {
  const rig = startFleet();
  rig.server.fault = () => reply(400);
  const heard: string[] = [];
  storage.run('one', () => rig.join().statistic$('a', sales).subscribe({ error: () => heard.push(here()) }));
  await rig.clock.advance(3000);
  expect(heard).toEqual(['one']);
});

it('F162: requests are sent, and the token is asked, in the context that the client was made in', async () => {
  const rig = startFleet();
  const contexts = new Set<string>();
  rig.server.fault = () => (contexts.add(here()), undefined);
  const client = storage.run('the client', () => rig.join({ token: () => (contexts.add(here()), 'token') }));
  const one = storage.run('one', () => record(client.statistic$('a', sales)));
  await rig.clock.advance(500);
  storage.run('two', () => record(client.statistic$('b', sales)));
  storage.run('three', () => client.refresh());
  await rig.clock.advance(500);
  storage.run('four', one.unsubscribe);
  await rig.clock.advance(2000);
  storage.run('five', () => void client.close());
  await rig.clock.advance(1000);
  expect([...contexts]).toEqual(['the client']);
});
