/** A fleet of real processes over Redis: killed, stopped, cut off. The simulator's ledger is the oracle. Uses what is built. */
import { expect, it } from 'vitest';
import { all, end, fleet, lease, member, type Member } from '../support/fleet-processes.js';
import { allDeleted, until } from '../support/journey.js';
import { describeOnRedis } from '../support/redis.js';

describeOnRedis('a fleet of processes', () => {
  it('G14: three processes have one upstream, and see the same', async () => {
    const { simulator, members } = await fleet(3);
    await all(simulator, members, 2);
    expect(simulator.ledger.opened).toHaveLength(1);
    expect(members.map(({ numbers }) => numbers())).toEqual([[1, 2], [1, 2], [1, 2]]);
    end(members);
    expect(await Promise.all(members.map(({ ended }) => ended))).toEqual(members.map(() => ({ code: 0, signal: null, stderr: '' })));
    await allDeleted(simulator);
  });

  it('F92, F180: a leader that is killed is replaced within a lease, and what it had open is deleted', async () => {
    const { simulator, members } = await fleet(3);
    const [leader, ...others] = members as [Member, ...Member[]];
    const [left] = simulator.ledger.open;
    leader.signal('SIGKILL');
    const from = performance.now();
    await all(simulator, others, 2);
    expect(performance.now() - from, 'a lease, a round trip, and what a busy machine adds').toBeLessThan(lease + 6000);
    await until('what it left is deleted', () => simulator.ledger.deleted.includes(left ?? ''));
    expect(simulator.ledger.open).toHaveLength(1);
    expect(others.map(({ numbers }) => numbers())).toEqual([[1, 2], [1, 2]]);
    expect(others.flatMap(({ seen }) => seen).filter((each) => typeof each === 'string' && !['pending', 'live'].includes(each))).toEqual([]);
    end(others);
    await allDeleted(simulator);
  });

  it('F181: G16: a leader that is stopped for longer than the lease comes back as a follower', async () => {
    const { simulator, members } = await fleet(3);
    const [leader, ...others] = members as [Member, ...Member[]];
    leader.signal('SIGSTOP');
    await all(simulator, others, 2);
    await all(simulator, others, 3);
    leader.signal('SIGCONT');
    await all(simulator, members, 3);
    await all(simulator, members, 4);
    expect(others.map(({ numbers }) => numbers())).toEqual([[1, 2, 3, 4], [1, 2, 3, 4]]);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    end(members);
    await allDeleted(simulator);
  });

  it('F182: Redis is killed and restarted empty: values stay, and everything heals', async () => {
    const { simulator, redis, members } = await fleet(2);
    await redis.kill();
    await until('a leader without a lease deletes what it has open', () => simulator.ledger.open.length === 0);
    await redis.start();
    await all(simulator, members, 2);
    expect(members.flatMap(({ seen }) => seen).filter((each) => String(each).startsWith('error'))).toEqual([]);
    expect(members.map(({ numbers }) => numbers())).toEqual([[1, 2], [1, 2]]);
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    end(members);
    await allDeleted(simulator);
  });

  it("F183: G18: withoutBus 'direct': each process polls for itself while Redis is away", async () => {
    const { simulator, redis, members } = await fleet(2, `withoutBus: 'direct',`);
    await redis.kill();
    await until('each has its own', () => simulator.ledger.open.length === 2);
    await all(simulator, members, 2);
    await redis.start();
    await until('one upstream is left', () => simulator.ledger.open.length === 1);
    await all(simulator, members, 3);
    end(members);
    await allDeleted(simulator);
  });

  it('F184: Redis hangs: values turn stale in time, and live again', async () => {
    const { simulator, redis, members } = await fleet(2);
    redis.signal('SIGSTOP');
    await until('values are stale', () => members.every(({ seen }) => seen.at(-1) === 'stale'));
    redis.signal('SIGCONT');
    await all(simulator, members, 2);
    end(members);
    await allDeleted(simulator);
  });

  it('G17: a process that is killed: what it alone observed is deleted within two leases', async () => {
    const { simulator, redis, members } = await fleet(1, 'batch: { size: 1 },');
    const other = member(simulator, redis, 'batch: { size: 1 },', `client.statistic$('Total_Answered', queue).subscribe(() => say('other'));`);
    await until('it sees its own', () => other.seen.includes('other'));
    await until('two are open', () => simulator.ledger.open.length === 2);
    other.signal('SIGKILL');
    const from = performance.now();
    await until('one is deleted', () => simulator.ledger.open.length === 1);
    expect(performance.now() - from).toBeLessThan(2 * lease + 1000);
    end(members);
    await allDeleted(simulator);
  });
});
