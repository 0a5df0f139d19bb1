/** Fleets of real processes over Redis, whose members observe the calls waiting in Sales and print them. Uses the built package. */
import type { Simulator } from '../../src/simulator/index.js';
import { start, type Child } from './child.js';
import { numberValue, sales, startSimulator, until } from './journey.js';
import { startRedis, type RedisServer } from './redis.js';

export const lease = 1000;

export interface Member extends Child {
  /** Everything that the member has seen: numbers, states and errors. */
  readonly seen: unknown[];
  readonly numbers: () => number[];
  signal(signal: NodeJS.Signals): void;
}

/** Starts a process that observes the calls waiting in Sales, and prints them. */
export function member({ url }: Simulator, redis: Pick<RedisServer, 'url'>, options = '', body = ''): Member {
  const child = start(['--input-type=module', '--eval', `
    import { numeric } from 'genesys-statistics-rx';
    import { createFleetClient } from 'genesys-statistics-rx/fleet';
    import { redisBus } from 'genesys-statistics-rx/redis';
    const client = createFleetClient({
      baseUrl: '${url}', bus: redisBus({ url: '${redis.url}', prefix: 'test' }), lease: ${lease},
      poll: { interval: 20, maxInterval: 20, staleAfter: 3000 }, retry: { minTimeout: 10, maxTimeout: 50 }, request: { timeout: 500 }, sharing: { linger: 100 }, ${options}
    });
    const queue = { objectId: 'Sales@SIP', objectType: 'Queue' };
    const say = (value) => console.log(JSON.stringify(value));
    const observed = client.statistic$('Current_In_Queue', queue).pipe(numeric()).subscribe({ next: say, error: (error) => say('error ' + error.message) });
    client.statisticState$('Current_In_Queue', queue).subscribe(({ status }) => say(status));
    process.once('SIGTERM', () => client.close());
    ${body}
  `]);
  const seen: unknown[] = [];
  let rest = '';
  child.process.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    seen.push(...lines.map((line) => JSON.parse(line) as unknown));
  });
  return { ...child, seen, numbers: () => seen.filter((each) => typeof each === 'number'), signal: (signal) => process.kill(child.process.pid ?? 0, signal) };
}

/** Sets the number of calls, and waits until every member has seen it. */
export async function all(simulator: Simulator, members: readonly Member[], value: number): Promise<void> {
  simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(value));
  await until(`all see ${value}`, () => members.every(({ numbers }) => numbers().at(-1) === value));
}

/** Starts a fleet: first the leader, then the followers. */
export async function fleet(count: number, options = ''): Promise<{ simulator: Simulator; redis: RedisServer; members: Member[] }> {
  const [simulator, redis] = [await startSimulator(), await startRedis()];
  simulator.set({ name: 'Current_In_Queue', ...sales }, numberValue(1));
  const members = [member(simulator, redis, options)];
  await all(simulator, members, 1);
  while (members.length < count) {
    members.push(member(simulator, redis, options));
  }
  await all(simulator, members, 1);
  return { simulator, redis, members };
}

export function end(members: readonly Member[]): void {
  members.forEach(({ signal }) => signal('SIGTERM'));
}
