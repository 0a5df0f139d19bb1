/** F162: AsyncLocalStorage. The client's loops run in the context it was created in, and each observer in the context of its subscribe. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { StatisticsClientOptions } from '../../src/index.js';
import { captureContext } from '../../src/time/platform/context.native.js';
import { eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { startRig, type Rig } from '../support/rig.js';

interface Store {
  readonly request: string;
}

const storage = new AsyncLocalStorage<Store>();
const here = (): string => storage.getStore()?.request ?? 'none';
const inRequest = <T>(request: string, work: () => T): T => storage.run({ request }, work);

/** A client created in its own context, and the contexts in which its requests are sent. */
function start(options: Partial<StatisticsClientOptions> = {}): { rig: Rig; sent: Set<string> } {
  const sent = new Set<string>();
  const rig = inRequest('the client', () => startRig(options));
  rig.server.fault = () => {
    sent.add(here());
    return undefined;
  };
  return { rig, sent };
}

describe('F162: an observer', () => {
  it('receives values, states, errors, health, events and completion in the context that it subscribed in', async () => {
    const { rig } = start({ batch: { size: 1 } });
    const { clock, server, client } = rig;
    const heard: string[] = [];
    const seen = (what: string) => (): void => void heard.push(`${what}: ${here()}`);
    const streams: (() => Observable<unknown>)[] = [
      () => client.statistic$('a', sales, { distinct: (a, b) => (seen('distinct')(), a.value === b.value) }),
      () => client.subscription$([{ name: 'a', ...sales }]),
      () => client.statisticState$('a', sales),
      () => client.subscriptionState$([{ name: 'a', ...sales }]),
      () => client.health$,
      () => client.events$,
    ];
    streams.forEach((stream, index) => inRequest(`request ${index}`, () => stream().subscribe({ next: seen(`${index} next`), complete: seen(`${index} end`) })));
    await clock.advance(100);
    server.value = 1;
    await clock.advance(6000);
    inRequest('whoever closes', () => void client.close());
    await clock.advance(1000);
    streams.forEach((_, index) => {
      expect(heard.filter((each) => each.startsWith(`${index} `) && !each.endsWith(`: request ${index}`))).toEqual([]);
      expect(heard).toContain(`${index} next: request ${index}`);
      expect(heard).toContain(`${index} end: request ${index}`);
    });
    expect(heard).toContain('distinct: request 0');
    expect(heard.filter((each) => each.startsWith('distinct') && !each.endsWith('request 0'))).toEqual([]);
  });

  it('that subscribed in the client’s own context hears everything there, whoever else subscribes, leaves or closes', async () => {
    const { clock, server, client } = startRig({ batch: { size: 1 } });
    const heard: string[] = [];
    const seen = (): void => void heard.push(here());
    const watch = (): { unsubscribe(): void } => client.statistic$('a', sales).subscribe({ next: seen, complete: seen });
    const first = watch();
    const second = inRequest('request 1', watch);
    watch();
    client.statisticState$('a', sales).subscribe({ next: seen, complete: seen });
    await clock.advance(100);
    expect(heard.filter((each) => each !== 'none')).toEqual(['request 1']);
    inRequest('request 2', () => first.unsubscribe());
    second.unsubscribe();
    server.value = 1;
    await clock.advance(6000);
    inRequest('whoever closes', () => void client.close());
    await clock.advance(1000);
    expect(heard.filter((each) => each !== 'none')).toEqual(['request 1']);
    expect(heard.length).toBeGreaterThanOrEqual(8);
  });

  it('receives a refusal, and the error of its distinct, in its own context', async () => {
    const { rig } = start();
    const heard: string[] = [];
    inRequest('one', () => rig.client.statistic$('a', sales, { distinct: () => { throw new Error('mine'); } }).subscribe({ error: () => heard.push(here()) }));
    await rig.clock.advance(100);
    rig.server.value = 1;
    await rig.clock.advance(6000);
    rig.server.fault = () => ({ status: 400, headers: {}, body: '{}' });
    inRequest('two', () => rig.client.statistic$('b', sales).subscribe({ error: () => heard.push(here()) }));
    await rig.clock.advance(1000);
    expect(heard).toEqual(['one', 'two']);
  });

  it('receives a peek in its own context, which also sends the request', async () => {
    const { rig, sent } = start();
    const heard: string[] = [];
    inRequest('one', () => rig.client.peekAll$([{ name: 'a', ...sales }]).subscribe(() => heard.push(here())));
    await rig.clock.advance(100);
    expect([heard, [...sent]]).toEqual([['one'], ['one']]);
  });
});

describe('F162: the loops of a client', () => {
  it('run in the context that it was created in, wherever subscribe, unsubscribe, refresh() or close() is called', async () => {
    const { rig, sent } = start({ batch: { size: 2 }, poll: { maxInterval: 5000 } });
    const { clock, server, client } = rig;
    const all = inRequest('one', () => ['a', 'b', 'c', 'd'].map((name) => record(client.statistic$(name, sales))));
    await clock.advance(6000);
    inRequest('two', () => record(client.subscription$([{ name: 'a', ...sales }, { name: 'c', ...sales }])));
    inRequest('three', () => client.refresh());
    await clock.advance(6000);
    const opened = server.opened.length;
    inRequest('four', () => all.forEach(({ unsubscribe }, index) => index % 2 === 1 && unsubscribe()));
    await clock.advance(60_000);
    expect(server.opened.length, 'those that are left were put together').toBeGreaterThan(opened);
    inRequest('five', () => void client.close());
    await clock.advance(1000);
    expect([...sent]).toEqual(['the client']);
  });

  it('include its token function, whichever caller needs the token first', async () => {
    const asked: string[] = [];
    const { rig } = start({ token: () => (asked.push(here()), 'token') });
    inRequest('one', () => record(rig.client.peekAll$([{ name: 'a', ...sales }])));
    await rig.clock.advance(100);
    expect(asked).toEqual(['the client']);
  });

  it('retain no context of an observer that has left', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const opened = eventsOf(client, 'opened');
    // This observer stays, so that the loops go on.
    const staying = record(client.statistic$('Total_Abandoned', sales));
    await until('it is open', () => opened.length > 0);
    const left = await (async () => {
      const store: Store = { request: 'one' };
      const one = storage.run(store, () => record(client.statistic$('Total_Answered', sales)));
      await until('it has a value', () => one.values.length > 0);
      one.unsubscribe();
      return new WeakRef(store);
    })();
    await until('the store is collected', () => {
      collect();
      return left.deref() === undefined;
    });
    expect(staying.error).toBeUndefined();
  });
});

describe('F162: a platform without async contexts', () => {
  it('calls callbacks directly', () => {
    const list = { items: [1] };
    const added = captureContext().runInAsyncScope(function (this: typeof list, item: number) {
      return this.items.push(item);
    }, list, 2);
    expect([added, list.items]).toEqual([2, [1, 2]]);
  });
});

