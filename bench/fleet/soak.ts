/**
 * A fleet under random faults, with the simulator's ledger as the oracle: `node bench/fleet/soak.ts MINUTES SEED`. Members are
 * killed, stopped, ended, cut off from Redis and from the server; Redis is restarted empty. After every few faults, all of them end.
 * Then every member must see the newest number, and one upstream must be left. No member may have seen an error, or an older, equal
 * or mixed value. Exits with 1 if any check fails.
 */
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { createChance } from '../../soak/chance.ts';
import { startRedisServer } from '../../test/support/redis-server.ts';
import { endMembers, openWay, pause, print, quantile, startMember, until, type Member, type Way } from './rig.ts';

const [minutes = 10, seed = 1, size = 5] = process.argv.slice(2).map(Number);
const lease = 1000;
/** Milliseconds after the last fault within which everything must heal: two leases, a request, and a reserve for a busy machine. */
const healsWithin = 20_000;

const chance = createChance(seed);

interface Seat {
  readonly member: Member;
  readonly way: Way;
  isStopped: boolean;
}

const [redis, simulator] = [await startRedisServer(), await createSimulator({ clock: 'manual', queues: 20 })];
const seats: Seat[] = [];
const counts: Record<string, number> = {};
const healing: number[] = [];
const wrong: string[] = [];
let value = 0;

/**
 * All queues change at once, so that every snapshot of one answer agrees. Time passes as well: of two values with one timestamp
 * no client can know the older.
 */
function change(): void {
  value++;
  simulator.advance(1);
  for (const objectId of ['Sales@SIP', 'Support@SIP']) {
    simulator.set({ name: 'Current_In_Queue', objectId, objectType: 'Queue' }, { intValue: value, stringValue: String(value) });
  }
}

async function seat(): Promise<void> {
  const way = await openWay(redis.port);
  const member = startMember({
    baseUrl: simulator.url, redis: `redis://127.0.0.1:${way.port}`, lease, cuttable: true,
    options: { poll: { interval: 50, maxInterval: 50, staleAfter: 60_000 }, retry: { minTimeout: 20, maxTimeout: 200 }, request: { timeout: 1000 }, sharing: { linger: 100 } },
    queues: ['Sales@SIP'],
    pair: ['Sales@SIP', 'Support@SIP'],
  });
  const taken = { member, way, isStopped: false };
  seats.push(taken);
  // A process needs longer to start than a fleet to heal.
  await until('a member has started', async () => (await check(taken)) >= 0);
}

/** Replaces a member by a new one. */
async function replace(given: Seat): Promise<void> {
  seats.splice(seats.indexOf(given), 1);
  given.way.end();
  await seat();
}

const any = (): Seat => chance.oneOf(seats);

const faults: Record<string, () => Promise<void>> = {
  async kill() {
    const one = any();
    one.member.signal('SIGKILL');
    await replace(one);
  },
  async end() {
    const one = any();
    await check(one);
    one.member.tell('end');
    await until('a member that ends has ended', () => one.member.hasEnded, healsWithin);
    await replace(one);
  },
  async stop() {
    const one = any();
    one.member.signal('SIGSTOP');
    await pause(chance.below(3 * lease));
    one.member.signal('SIGCONT');
  },
  async partition() {
    const one = any();
    one.way.cut();
    await pause(chance.below(3 * lease));
    one.way.heal();
  },
  async serverless() {
    const one = any();
    one.member.tell('cut');
    await pause(chance.below(3 * lease));
    one.member.tell('heal');
  },
  async restart() {
    await redis.kill();
    await pause(chance.below(2 * lease));
    await redis.start();
  },
};

/** Checks the values and mistakes that a member has seen since the last check. */
async function check({ member }: Seat): Promise<number> {
  const { seen, errors, older, equal, mixed } = await member.report();
  if (errors + older + equal + mixed > 0) {
    wrong.push(`errors ${errors}, older ${older}, equal ${equal}, mixed ${mixed}`);
  }
  return seen.at(-1)?.[0] ?? -1;
}

async function healed(): Promise<number> {
  const from = performance.now();
  const newest = new Map<Seat, number>();
  change();
  const goal = value;
  await until('every member sees the newest number', async () => {
    for (const each of seats) {
      newest.set(each, Math.max(newest.get(each) ?? -1, await check(each)));
    }
    return seats.every((each) => (newest.get(each) ?? -1) >= goal);
  }, healsWithin);
  await until('one upstream is left', () => simulator.ledger.open.length === 1, healsWithin);
  return performance.now() - from;
}

try {
  change();
  while (seats.length < size) {
    await seat();
  }
  const changing = setInterval(change, 100);
  const end = performance.now() + minutes * 60_000;
  let rounds = 0;
  while (performance.now() < end && wrong.length === 0) {
    // Of several simultaneous faults, only one may remove Redis or a member.
    const chosen = [chance.oneOf(Object.keys(faults)), ...Array.from({ length: chance.below(3) }, () => chance.oneOf(['stop', 'partition', 'serverless']))];
    chosen.forEach((name) => (counts[name] = (counts[name] ?? 0) + 1));
    await Promise.all(chosen.map((name) => (faults[name] as () => Promise<void>)()));
    healing.push(await healed());
    if ((healing.at(-1) ?? 0) > 3 * lease) {
      print(`healed within ${Math.round(healing.at(-1) ?? 0)} ms: ${chosen.join(', ')}`);
    }
    if (++rounds % 20 === 0) {
      print(`${rounds} rounds: ${JSON.stringify(counts)}; healed within p50 ${Math.round(quantile(healing, 0.5))} ms, most ${Math.round(Math.max(...healing))} ms`);
    }
  }
  clearInterval(changing);
  seats.forEach(({ member }) => member.tell('end'));
  await until('all have ended', () => seats.every(({ member }) => member.hasEnded), healsWithin);
  print(`seed ${seed}: ${rounds} rounds, ${JSON.stringify(counts)}; opened ${simulator.ledger.opened.length}, left open ${simulator.ledger.open.length}; healed within p50 ${Math.round(quantile(healing, 0.5))} ms, most ${Math.round(Math.max(...healing))} ms; wrong: ${wrong.join('; ') || 'nothing'}`);
  process.exitCode = wrong.length + simulator.ledger.open.length > 0 ? 1 : 0;
} catch (error) {
  print(`seed ${seed}: ${(error as Error).message}; ${JSON.stringify(counts)}; open ${simulator.ledger.open.length}`);
  process.exitCode = 1;
} finally {
  endMembers();
  seats.forEach(({ way }) => way.end());
  await redis.end();
  await simulator.close();
}
// Sockets of a cut connection would keep the process alive.
process.exit();
