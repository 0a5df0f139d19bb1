/**
 * The numbers of docs/guides/fleet.md, measured on a Redis and a server on 127.0.0.1: `npm run bench:fleet -- latency kills crowd cpu
 * outage tabs`, or some of them; all without one. Each line says how busy the machine was.
 */
import { createClient } from 'redis';
import { createSimulator, type Simulator } from 'genesys-statistics-rx/simulator';
import { startRedisServer, type OwnedRedisServer } from '../../test/support/redis-server.ts';
import type { Job } from './member.ts';
import { endMembers, openWay, pause, print, quantile, startMember, until, type Member } from './rig.ts';
import { startServer } from './server.ts';
import { measureTabs } from './tabs.ts';

const lease = 1000;
const [redis, simulator] = [await startRedisServer(), await createSimulator({ clock: 'manual', queues: 1000 })];
const quick = { poll: { interval: 20, maxInterval: 20, staleAfter: 10_000 }, retry: { minTimeout: 20, maxTimeout: 200 }, request: { timeout: 5000 }, sharing: { linger: 100 } } as const;
const queue = (at: number): string => `Queue${String(at + 1).padStart(4, '0')}@SIP`;
let value = 0;

/**
 * Gives these queues the next number, and a later timestamp: of two values with one timestamp no client can know the older. Members
 * count a smaller number than the last one as older, so every queue goes through here.
 */
function set(objectIds: readonly string[] = ['Sales@SIP']): number {
  value++;
  simulator.advance(1);
  objectIds.forEach((objectId) => simulator.set({ name: 'Current_In_Queue', objectId, objectType: 'Queue' }, { intValue: value, stringValue: String(value) }));
  return value;
}

const job = (queues: readonly string[] = [], more: Partial<Job> = {}): Job => ({ baseUrl: simulator.url, redis: `redis://127.0.0.1:${redis.port}`, lease, options: quick, queues: ['Sales@SIP', ...queues], ...more });

/** Waits until every member has seen the number, and returns when each did. */
async function all(members: readonly Member[], goal: number, limit?: number): Promise<number[]> {
  const at = members.map(() => 0);
  await until(`all see ${goal}`, async () => {
    for (const [index, member] of members.entries()) {
      if (at[index] === 0) {
        const { seen } = await member.report();
        at[index] = seen.find(([number]) => number >= goal)?.[1] ?? 0;
      }
    }
    return at.every((each) => each > 0);
  }, limit);
  return at;
}

/** Counts of emissions that no member may see. */
async function mistakes(members: readonly Member[]): Promise<Record<'errors' | 'older' | 'equal' | 'mixed', number>> {
  const totals = { errors: 0, older: 0, equal: 0, mixed: 0 };
  for (const member of members) {
    const report = await member.report();
    (Object.keys(totals) as (keyof typeof totals)[]).forEach((name) => (totals[name] += report[name]));
  }
  return totals;
}

async function end(members: readonly Member[]): Promise<void> {
  members.forEach((member) => member.tell('end'));
  await until('all have ended', () => members.every(({ hasEnded }) => hasEnded));
}

const measurements: Record<string, () => Promise<void>> = {
  async latency() {
    const members = [startMember(job())];
    await all(members, set());
    members.push(startMember(job()), startMember(job()));
    await all(members, set());
    await pause(2000);
    const delays: number[] = [];
    const first = value + 1;
    for (let round = 0; round < 200; round++) {
      set();
      await pause(50);
    }
    const [leader, ...followers] = await Promise.all(members.map(async (member) => new Map((await member.report()).seen)));
    for (let number = first; number <= value; number++) {
      delays.push(...followers.map((seen) => (seen.get(number) ?? NaN) - (leader?.get(number) ?? NaN)).filter(Number.isFinite));
    }
    print(`latency: from the leader's observer to one in another process: p50 ${quantile(delays, 0.5).toFixed(1)} ms, p99 ${quantile(delays, 0.99).toFixed(1)} ms, of ${delays.length} values`);
    const client = createClient({ url: `redis://127.0.0.1:${redis.port}` });
    await client.connect();
    const floor: number[] = [];
    for (let round = 0; round < 200; round++) {
      const from = performance.now();
      await client.ping();
      floor.push(performance.now() - from);
      await pause(50);
    }
    client.destroy();
    print(`latency: a PING of the same Redis, for comparison: p50 ${quantile(floor, 0.5).toFixed(1)} ms, p99 ${quantile(floor, 0.99).toFixed(1)} ms`);
    await end(members);
  },

  async kills() {
    const members = [startMember(job()), startMember(job()), startMember(job())];
    await all(members, set());
    const took: number[] = [];
    while (took.length < 50) {
      await pause(200);
      await Promise.all(members.map((member) => member.report()));
      await pause(100);
      const polling = (await Promise.all(members.map((member) => member.report()))).findIndex(({ leads }) => leads);
      const [leader] = members.splice(Math.max(0, polling), 1);
      leader?.signal('SIGKILL');
      const from = Date.now();
      took.push(Math.max(...(await all(members, set()))) - from);
      const seen = await mistakes(members);
      if (Object.values(seen).some((count) => count > 0)) {
        throw new Error(`a member noticed: ${JSON.stringify(seen)}`);
      }
      members.push(startMember(job()));
      await all(members.slice(-1), value);
    }
    print(`kills: the next value everywhere after the leader is killed (lease ${lease} ms): p50 ${Math.round(quantile(took, 0.5))} ms, p99 ${Math.round(quantile(took, 0.99))} ms, of ${took.length}`);
    await end(members);
    print(`kills: left open: ${simulator.ledger.open.length}`);
  },

  async crowd() {
    const [count, each, statistics] = [100, 200, 1000];
    const options = { ...quick, poll: { interval: 1000, maxInterval: 1000, staleAfter: 120_000 } };
    const observed = ['Sales@SIP', ...Array.from({ length: statistics - 1 }, (_, at) => queue(at))];
    set(observed);
    const members: Member[] = [];
    for (let at = 0; at < count; at++) {
      const queues = Array.from({ length: each - 1 }, (_, place) => queue((at * 97 + place * 5) % (statistics - 1)));
      members.push(startMember(job([...new Set(queues)], { options, lease: 3000, pair: ['Sales@SIP', queue(1)] })));
      await pause(100);
    }
    let answered = 0;
    const from = performance.now();
    await until('all are answered', async () => {
      answered = 0;
      for (const member of members) {
        answered += (await member.report()).answered;
      }
      return answered === count * each;
    }, 300_000);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    for (let round = 0; round < 20; round++) {
      // The pair, and a tenth of the others.
      set(observed.filter((objectId, at) => objectId === 'Sales@SIP' || objectId === queue(1) || at % 10 === round % 10));
      await pause(500);
    }
    await all(members, value, 120_000);
    const totals = await mistakes(members);
    const upstreams = (): number => simulator.ledger.open.length;
    await until('upstreams are merged', () => upstreams() <= Math.ceil((statistics + 1) / 500), 120_000).catch(() => undefined);
    print(`crowd: ${count} processes with ${each} of ${statistics} statistics each: all had their first values ${seconds} s after the last one was started; ${JSON.stringify(totals)}; ${upstreams()} upstreams at rest`);
    await end(members);
    print(`crowd: left open: ${simulator.ledger.open.length}`);
  },

  async cpu() {
    const [statistics, count, ms] = [10_000, 20, 20_000];
    const server = await startServer(0.1);
    const queues = Array.from({ length: statistics }, (_, at) => queue(at));
    const options = { ...quick, poll: { interval: 1000, maxInterval: 1000, staleAfter: 120_000 } };
    const measure = async (member: Member): Promise<number> => {
      await member.report();
      const polls = server.polls;
      await pause(ms);
      const { cpu } = await member.report();
      return cpu / ((server.polls - polls) / 20);
    };
    const observed = async (member: Member): Promise<void> => until('all are answered', async () => (await member.report()).answered === statistics, 300_000);
    const { redis: _, lease: __, ...ordinary } = job();
    const alone = startMember({ ...ordinary, baseUrl: server.url, options, queues });
    await observed(alone);
    await pause(5000);
    const ofAlone = await measure(alone);
    await end([alone]);
    const members = [startMember(job([], { baseUrl: server.url, options, queues, lease: 10_000 }))];
    await observed(members[0] as Member);
    while (members.length <= count) {
      members.push(startMember(job([], { baseUrl: server.url, options, queues, lease: 10_000 })));
      await observed(members.at(-1) as Member);
    }
    await pause(5000);
    const [ofLeader, ofFollower] = await Promise.all([measure(members[0] as Member), measure(members[1] as Member)]);
    print(`cpu: ${statistics} statistics, 10 % change a poll, ${count} followers: for each round of polls ${ofAlone.toFixed(0)} ms alone; leader ${ofLeader.toFixed(0)} ms (${(ofLeader / ofAlone).toFixed(2)}x), follower ${ofFollower.toFixed(0)} ms (${(ofFollower / ofAlone).toFixed(2)}x)`);
    endMembers();
    await server.end();
  },

  async outage() {
    const way = await openWay(redis.port);
    const members = [1, 2, 3].map(() => startMember(job([], { redis: `redis://127.0.0.1:${way.port}` })));
    await all(members, set());
    await redis.kill();
    await pause(60_000);
    set();
    await redis.start();
    const from = Date.now();
    const at = await all(members, value);
    print(`outage: Redis away for 60 s: the next value everywhere ${Math.round(Math.max(...at) - from)} ms after it is back (lease ${lease} ms); ${JSON.stringify(await mistakes(members))}`);
    await end(members);
    way.end();
  },

  tabs: () => measureTabs(simulator, set),
};

async function measureAll(names: readonly string[], over: OwnedRedisServer, of: Simulator): Promise<void> {
  set();
  try {
    for (const name of names) {
      const measure = measurements[name];
      if (measure === undefined) {
        throw new Error(`there is no measurement ${name}, only ${Object.keys(measurements).join(', ')}`);
      }
      await measure();
    }
  } finally {
    endMembers();
    await over.end();
    await of.close();
  }
}

const wanted = process.argv.slice(2);
await measureAll(wanted.length > 0 ? wanted : Object.keys(measurements), redis, simulator);
