/** Faults of Redis, and of the ways between processes, with a fleet of real processes. The simulator's ledger is the oracle. */
import { createClient } from 'redis';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { startSimulator, allDeleted, numberValue, sales, until } from '../support/journey.js';
import { all, end, fleet, lease, member, type Member } from '../support/fleet-processes.js';
import { describeOnRedis, startRedis, type RedisServer } from '../support/redis.js';
import { openWay, type Way } from '../support/way.js';

// Each starts several processes, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 });

const health = `client.health$.subscribe(({ status, lastError }) => say('health: ' + status + ': ' + (lastError?.message ?? '') + ': ' + (lastError?.cause?.message ?? '')));`;
const urlOf = (port: number): { readonly url: string } => ({ url: `redis://127.0.0.1:${port}` });
const saw = ({ seen }: Member, text: string): boolean => seen.some((each) => String(each).includes(text));
const errors = (members: readonly Member[]): unknown[] => members.flatMap(({ seen }) => seen).filter((each) => String(each).startsWith('error'));

/** A hand on the server, which nobody of the fleet knows. */
async function handOn(url: string): Promise<(...command: string[]) => Promise<unknown>> {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return (...command) => client.sendCommand(command);
}

/** A leader whose way to Redis is in the test's hand, and followers that reach it directly. */
async function withWay(followers: number): Promise<{ simulator: Simulator; redis: RedisServer; way: Way; members: Member[] }> {
  const [simulator, redis] = [await startSimulator(), await startRedis()];
  const way = await openWay(redis.port);
  simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(1));
  const members = [member(simulator, urlOf(way.port), '', health)];
  await all(simulator, members, 1);
  while (members.length <= followers) {
    members.push(member(simulator, redis, '', health));
  }
  await all(simulator, members, 1);
  return { simulator, redis, way, members };
}

describeOnRedis('faults of Redis', () => {
  it('F240: Redis is full: values stay, health says why, and all heals when there is room again', async () => {
    const [simulator, redis] = [await startSimulator(), await startRedis()];
    simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(1));
    const members = [member(simulator, redis, '', health)];
    await all(simulator, members, 1);
    members.push(member(simulator, redis, '', health));
    await all(simulator, members, 1);
    const command = await handOn(redis.url);
    await command('CONFIG', 'SET', 'maxmemory', '1');
    simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(2));
    await until('the leader says that it is not heard', () => saw(members[0] as Member, 'the bus does not take what the leader publishes: OOM'));
    await until('the follower says that it hears nobody', () => saw(members[1] as Member, `no leader has been heard of for ${2 * lease} ms`));
    await command('CONFIG', 'SET', 'maxmemory', '0');
    await all(simulator, members, 3);
    const [ofLeader, ofFollower] = members.map(({ numbers }) => numbers());
    expect(ofLeader, 'the leader goes on to lead').toEqual([1, 2, 3]);
    expect([[1, 3], [1, 2, 3]], 'the follower hears of 2 only if the leader gets it out before 3').toContainEqual(ofFollower);
    expect(errors(members)).toEqual([]);
    await until('all are live', () => members.every(({ seen }) => String(seen.filter((each) => String(each).startsWith('health')).at(-1)).startsWith('health: live: :')));
    end(members);
    await allDeleted(simulator);
  });

  it('F241: Redis answers late: leadership stays, and values are late', async () => {
    const { simulator, way, members } = await withWay(2);
    way.delay = 100;
    await all(simulator, members, 2);
    const opened = simulator.ledger.opened.length;
    await all(simulator, members, 3);
    await all(simulator, members, 4);
    expect(simulator.ledger.opened).toHaveLength(opened);
    expect(members.map(({ numbers }) => numbers())).toEqual(members.map(() => [1, 2, 3, 4]));
    end(members);
    await allDeleted(simulator);
  });

  it('F242: Redis fails over to a replica: values go on', async () => {
    const [simulator, primary] = [await startSimulator(), await startRedis()];
    const replica = await startRedis(onTestFinished, ['--replicaof', '127.0.0.1', String(primary.port), '--repl-diskless-sync-delay', '0']);
    const [way, command] = [await openWay(primary.port), await handOn(replica.url)];
    let replication = '';
    const look = (): void => void command('INFO', 'replication').then((text) => (replication = String(text)));
    await until('the replica follows', () => (look(), replication.includes('master_link_status:up')));
    const members = [member(simulator, urlOf(way.port)), member(simulator, urlOf(way.port))];
    await all(simulator, members, 1);
    await primary.kill();
    await command('REPLICAOF', 'NO', 'ONE');
    way.target = replica.port;
    await all(simulator, members, 2);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    expect(members.map(({ numbers }) => numbers())).toEqual([[1, 2], [1, 2]]);
    expect(errors(members)).toEqual([]);
    end(members);
    await allDeleted(simulator);
  });

  it('F243: the leader alone is cut off from Redis: another leads, and the former one follows later', async () => {
    const { simulator, way, members } = await withWay(2);
    const [leader, ...others] = members as [Member, ...Member[]];
    const [left = ''] = simulator.ledger.open;
    way.cut();
    await all(simulator, others, 2);
    await until('what it had open is deleted', () => simulator.ledger.deleted.includes(left));
    await all(simulator, others, 3);
    expect(leader.numbers().at(-1)).toBeLessThanOrEqual(2);
    await until('it says why', () => saw(leader, 'the bus is away: Redis has not answered'));
    way.heal();
    await all(simulator, members, 4);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    for (const { numbers } of members) {
      expect(numbers()).toEqual([...new Set(numbers())].sort((a, b) => a - b));
    }
    expect(errors(members)).toEqual([]);
    end(members);
    await allDeleted(simulator);
  });

  it('F244: the leader alone is cut off from the server: another leads once all values are stale', async () => {
    const [simulator, redis] = [await startSimulator(), await startRedis()];
    const cuttable = `transport: async ({ url, method, headers, body }, signal) => {
      if (globalThis.isCut) throw new Error('no way to the server');
      const response = await fetch(url, { method, headers, body, signal });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    }, `;
    const members = [member(simulator, redis, cuttable, `process.on('SIGUSR2', () => (globalThis.isCut = !globalThis.isCut));`)];
    await all(simulator, members, 1);
    members.push(member(simulator, redis));
    await all(simulator, members, 1);
    members[0]?.signal('SIGUSR2');
    // Only then is the leader surely cut off. It could still read the next number before.
    await until('every value is stale', () => members.every(({ seen }) => seen.includes('stale')));
    await all(simulator, members, 2);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    expect(members.map(({ numbers }) => numbers())).toEqual([[1, 2], [1, 2]]);
    members[0]?.signal('SIGUSR2');
    end(members);
    await allDeleted(simulator);
  });

  it('F245: somebody else writes to Redis whatever they like: no member ends, and made-up terms are not believed', async () => {
    const { simulator, redis, members } = await fleet(2);
    const command = await handOn(redis.url);
    const [values = ''] = (await command('KEYS', '*values')) as string[];
    const base = values.slice(0, -'values'.length);
    const key = '["Current_In_Queue","Sales@SIP","Queue"]';
    const made = `[0,1,[[1,{"intValue":666,"stringValue":"666"}]]]`;
    for (const message of ['', 'x', 'vacant', '9007199254740991 1', `9007199254740991 1\n${key}\n${made}`, `1 1\n${key}\n${made}`, '\u0000'.repeat(100_000), '[['.repeat(50_000)]) {
      await command('PUBLISH', `${base}news`, message);
      await command('PUBLISH', `${base}asked`, message);
    }
    await command('PUBLISH', `${base}asked`, `ghost 1\n${key}\n{"__proto__":{"polluted":1}}`);
    await command('HSET', `${base}values`, key, 'not a line', 'leader', '{}');
    await command('HSET', `${base}demand:ghost`, '', '2', key, '[-1,7]', 'junk', 'junk');
    await command('SADD', `${base}journal`, '../admin', '?', 'x'.repeat(10_000));
    await all(simulator, members, 2);
    await all(simulator, members, 3);
    expect(members.map(({ numbers }) => numbers())).toEqual([[1, 2, 3], [1, 2, 3]]);
    expect(simulator.ledger.count('other')).toBe(0);
    end(members);
    expect(await Promise.all(members.map(({ ended }) => ended))).toEqual(members.map(() => ({ code: 0, signal: null, stderr: '' })));
    await allDeleted(simulator);
  });
});
