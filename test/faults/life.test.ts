/** F87, F89, F90, F91: evicted upstreams, readers that do not read, arguments that change later, two copies of the library. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { merge } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { numberOf, type StatisticRejectedError, type StatisticValue } from '../../src/index.js';
import { toReadable, type BackPressure } from '../../src/node/index.js';
import { createPool, type Share } from '../../src/sharing/pool.js';
import { eventsOf, record, startSimulator } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { closeRig, expectNothingLeft, startRig } from '../support/rig.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

describe('F87: eviction', () => {
  it('never ends an upstream in use, ends every other one once and in time, and keeps at most maxIdle idle ones', async () => {
    const step = fc.record({ share: fc.nat(7), act: fc.constantFrom('use', 'release', 'release at once', 'drop', 'wait') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(3), fc.constantFrom(0, 1000), async (steps, maxIdle, linger) => {
        const clock = createVirtualClock();
        const pool = createPool({ linger, maxIdle }, clock, () => undefined);
        const shares = Array.from({ length: 8 }, () => ({ users: 1, ends: 0, dropped: false, share: undefined as Share | undefined }));
        const alive = (): typeof shares => shares.filter(({ ends, dropped }) => ends === 0 && !dropped);
        for (const one of shares) {
          one.share = pool.add(1, () => {
            expect(one.users).toBe(0);
            one.ends++;
          });
          one.share.use();
        }
        for (const { share: index, act } of steps) {
          const one = shares[index];
          if (act === 'wait') {
            await clock.advance(600);
          } else if (one === undefined || !alive().includes(one)) {
            continue;
          } else if (act === 'use') {
            one.users++;
            one.share?.use();
          } else if (act === 'drop') {
            one.dropped = true;
            one.share?.drop();
          } else if (one.users > 0) {
            one.users--;
            one.share?.release(act === 'release' ? 'linger' : 'at once');
          }
          expect(alive().filter(({ users }) => users === 0).length).toBeLessThanOrEqual(linger === 0 ? 0 : maxIdle);
        }
        for (const one of alive()) {
          while (one.users > 0) {
            one.users--;
            one.share?.release();
          }
        }
        await clock.advance(5000);
        expect(shares.every(({ ends, dropped }) => ends === (dropped ? 0 : 1))).toBe(true);
        expect(clock.pending).toEqual([]);
      }),
    );
  });

  it('of an upstream whose observer comes back meanwhile: a new upstream is polled, and the old one never again', async () => {
    const rig = startRig({ sharing: { linger: 60_000, maxIdle: 1 }, poll: { interval: 1000, maxInterval: 1000 }, batch: { size: 1 }, latency: 50 });
    const { clock, server, client } = rig;
    const evicted = eventsOf(client, 'evicted');
    const [a, b] = ['a', 'b'].map((name) => client.subscription$([{ name, ...sales }]));
    if (a === undefined || b === undefined) {
      throw new Error('two sets');
    }
    const watched = record(client.subscription$([{ name: 'watched', ...sales }]));
    const first = [record(a), record(b)];
    await clock.advance(500);
    const [old] = server.opened.slice(1);
    first.forEach(({ unsubscribe }) => unsubscribe());
    expect(evicted).toHaveLength(1);
    // Its DELETE is on the way. When it loses its observer again, it evicts the other one.
    const again = record(a);
    await clock.advance(5000);
    server.value = 1;
    await clock.advance(5000);
    expect(again.values).toHaveLength(2);
    expect(watched.values).toHaveLength(2);
    again.unsubscribe();
    await clock.advance(1000);
    expect(evicted).toHaveLength(2);
    const end = server.requests.findIndex(({ method, path }) => method === 'DELETE' && path.includes(old ?? '-'));
    expect(end).toBeGreaterThan(0);
    expect(server.requests.slice(end + 1).some(({ path }) => path.includes(old ?? '-'))).toBe(false);
    expect(server.opened).toHaveLength(4);
    await closeRig(rig);
  });

  it('loses no observer that joins in reaction to it', async () => {
    const rig = startRig({ sharing: { linger: 60_000, maxIdle: 1 }, batch: { size: 1 } });
    const { clock, client } = rig;
    const joined: ReturnType<typeof record<unknown>>[] = [];
    const sets = ['a', 'b'].map((name) => record(client.subscription$([{ name, ...sales }])));
    await clock.advance(100);
    client.events$.subscribe(({ type }) => {
      if (type === 'evicted') {
        joined.push(record<unknown>(client.subscription$([{ name: 'a', ...sales }])), record<unknown>(client.statistic$('c', sales)));
      }
    });
    sets.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(100);
    expect(joined.map(({ values }) => values.length)).toEqual([1, 1]);
    await closeRig(rig);
  });
});

describe('F89: a Readable that nobody reads for an hour', () => {
  const names = Array.from({ length: 10 }, (_, index) => `statistic ${index}`);
  const changes = 3600;

  it.each<[BackPressure, number, (changes: number) => number]>([
    ['latest', names.length, (last) => last],
    [{ buffer: 25 }, 25, (last) => last - 2],
    ['all', names.length * (changes + 1), () => 0],
  ])('under %j holds %i values besides the requested one, the newest last, and polls go on', async (backPressure, held, oldest) => {
    const rig = startRig({ poll: { interval: 1000, maxInterval: 1000 } });
    const { clock, server, client } = rig;
    server.fault = ({ method }) => {
      server.value += method === 'GET' ? 1 : 0;
      return undefined;
    };
    const readable = toReadable(merge(...names.map((name) => client.statistic$(name, sales))), { backPressure });
    expect(readable.read()).toBeNull();
    await clock.advance(1000 * changes);
    expect(server.count('GET')).toBe(changes);
    expect(readable.readableLength).toBe(1);
    const read: StatisticValue[] = [];
    for (let value = readable.read() as StatisticValue | null; value !== null; value = readable.read() as StatisticValue | null) {
      read.push(value);
    }
    // The Readable requested one value an hour ago, which came at once.
    expect(numberOf(read[0]?.value)).toBe(0);
    const waited = backPressure === 'all' ? read : read.slice(1);
    expect(waited).toHaveLength(held);
    expect(numberOf(waited[0]?.value)).toBe(oldest(server.value));
    const newest = waited.slice(-names.length).map(({ name, value }) => [name, numberOf(value)]);
    expect(newest.sort()).toEqual(names.map((name) => [name, server.value]));
    readable.destroy();
    await clock.advance(5000);
    expectNothingLeft(rig);
  });
});

describe('F90: arguments and values', () => {
  it('later changes of inline definitions, sets and options have no effect', async () => {
    const rig = startRig({ poll: { interval: 1000, maxInterval: 1000 } });
    const { clock, server, client } = rig;
    const inline = { category: 'CurrentNumber', subject: 'DNAction', nested: { masks: ['CallWait'] } };
    const members = [{ name: 'a', ...sales }];
    const options = { distinct: (): boolean => false };
    const [one$, set$, each$] = [client.statistic$(inline, sales), client.subscription$(members), client.statistic$('b', sales, options)];
    inline.nested.masks.push('CallRing');
    Object.assign(inline, { category: 'TotalNumber' });
    members.push({ name: 'z', ...sales });
    options.distinct = () => true;
    const bodies: string[] = [];
    server.fault = ({ body }) => void bodies.push(body ?? '');
    const [one, set, each] = [record(one$), record(set$), record(each$)];
    await clock.advance(5000);
    expect(one.values).toHaveLength(1);
    expect(set.values[0]).toHaveLength(1);
    expect(each.values.length).toBeGreaterThan(3);
    const sent = bodies.flatMap((body) => (body === '' ? [] : (JSON.parse(body) as { data: { statistics: { name?: string; definition?: unknown }[] } }).data.statistics));
    expect(new Set(sent.map(({ name, definition }) => definition ?? name))).toEqual(new Set<unknown>(['a', 'b', { category: 'CurrentNumber', subject: 'DNAction', nested: { masks: ['CallWait'] } }]));
    await closeRig(rig);
  });

  it('emitted values are deeply frozen, so no observer can change the values of others', async () => {
    const rig = startRig({ poll: { interval: 1000, maxInterval: 1000 } });
    const { clock, server, client } = rig;
    const deep = { list: [{ x: 1 }], intValue: 1 };
    server.fault = ({ method, body }) => {
      const id = /"statisticId":"([^"]+)"/.exec(body ?? '')?.[1];
      return method === 'POST' ? reply(200, { status: { code: 0 }, data: { statistics: [{ statisticId: id, value: deep }] } }) : undefined;
    };
    const tried: boolean[] = [];
    const spoil = (value: unknown): void => {
      tried.push(Reflect.set(value as object, 'value', 0), Reflect.set((value as { value: typeof deep }).value.list[0] as object, 'x', 2), Reflect.deleteProperty((value as { value: typeof deep }).value, 'list'));
    };
    client.statistic$('a', sales).subscribe(spoil);
    client.subscription$({ a: { name: 'a', ...sales } }).subscribe((snapshot) => {
      tried.push(Reflect.set(snapshot, 'a', 0));
      spoil(snapshot.a);
    });
    client.subscription$([{ name: 'a', ...sales }]).subscribe((snapshot) => {
      tried.push(Reflect.set(snapshot, 0, 0));
    });
    const [one, set] = [record(client.statistic$('a', sales)), record(client.subscription$({ a: { name: 'a', ...sales } }))];
    await clock.advance(500);
    expect(tried).toEqual(Array.from({ length: 8 }, () => false));
    expect([one.values[0]?.value, set.values[0]?.a.value]).toEqual([deep, deep]);
  });

  it('an inline definition in an error is deeply frozen too', async () => {
    const rig = startRig();
    const { clock, server, client } = rig;
    server.fault = ({ method }) => (method === 'POST' ? reply(400) : undefined);
    const one = record(client.statistic$({ category: 'CurrentNumber', subject: 'DNAction', nested: { masks: ['CallWait'] } }, sales));
    await clock.advance(500);
    const { definitions } = one.error as StatisticRejectedError;
    const [refused] = definitions;
    expect([Reflect.set(definitions, 0, 'x'), Reflect.set(refused ?? {}, 'objectId', 'x')]).toEqual([false, false]);
    const definition = refused?.definition as unknown as { nested: { masks: string[] } };
    expect([Reflect.set(definition, 'category', 'x'), Reflect.set(definition.nested, 'masks', []), Reflect.set(definition.nested.masks, 0, 'x')]).toEqual([false, false, false]);
    await closeRig(rig);
  });
});

describe('F91: two copies of the library in one process', () => {
  it('are independent, and leave nothing on the global object or the process', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const copies = await mkdtemp(join(tmpdir(), 'copies-'));
    onTestFinished(() => rm(copies, { recursive: true }));
    await symlink(join(root, 'node_modules'), join(copies, 'node_modules'), 'dir');
    for (const copy of ['one', 'two']) {
      await cp(join(root, 'dist'), join(copies, copy, 'dist'), { recursive: true });
      await cp(join(root, 'package.json'), join(copies, copy, 'package.json'));
    }
    const simulator = await startSimulator();
    const program = `
      const globals = () => JSON.stringify([Object.getOwnPropertyNames(globalThis).sort(), Object.getOwnPropertySymbols(globalThis).map(String), process.eventNames().map(String).sort()]);
      await fetch('${simulator.url}').catch(() => undefined);
      const before = globals();
      const [one, two] = await Promise.all(['one', 'two'].map((copy) => import('${new URL(`file://${copies}`).href}/' + copy + '/dist/index.js')));
      const clients = [one, two].map(({ createStatisticsClient }) => createStatisticsClient({ baseUrl: '${simulator.url}', poll: { interval: 20, maxInterval: 20 } }));
      const seen = [0, 0];
      const over = [false, false];
      clients.forEach(({ statistic$ }, index) => statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }, { distinct: () => false }).subscribe({ next: () => seen[index]++, complete: () => (over[index] = true) }));
      const until = async (condition) => { while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1)); };
      await until(() => seen.every((count) => count > 2));
      await clients[0].close();
      const then = seen[1];
      await until(() => seen[1] > then + 2);
      const alone = [...over];
      await clients[1].close();
      console.log(JSON.stringify({ distinct: one.StatisticsError !== two.StatisticsError, alone, over, clean: globals() === before }));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    expect(JSON.parse(output)).toEqual({ distinct: true, alone: [true, false], over: [true, true], clean: true });
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
    expect(simulator.ledger.opened).toHaveLength(2);
  });
});
