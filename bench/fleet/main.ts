/**
 * The numbers of docs/guides/fleet.md, measured on a Redis and a simulator on 127.0.0.1: `npm run bench:fleet`.
 * Takes about a minute. `-- --kills N` sets how often a leader is killed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const kills = Number(process.argv[process.argv.indexOf('--kills') + 1] ?? 15) || 15;
const port = 20_000 + (process.pid % 20_000);
const folder = mkdtempSync(join(tmpdir(), 'redis-'));
const redis = spawn('/usr/bin/redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' });
const url = `redis://127.0.0.1:${port}`;
const simulator = await createSimulator({ clock: 'manual', queues: 1000 });
const target = { name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' } as const;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const children = new Set<ChildProcess>();

interface Member {
  readonly child: ChildProcess;
  value: number;
  at: number;
  count: number;
}

/** A process that observes `count` statistics and the target, and writes the target's values with the time. */
function member(count: number): Member {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `
    import { numeric } from 'genesys-statistics-rx';
    import { createFleetClient } from 'genesys-statistics-rx/fleet';
    import { redisBus } from 'genesys-statistics-rx/redis';
    const client = createFleetClient({ baseUrl: '${simulator.url}', bus: redisBus({ url: '${url}', prefix: 'bench' }), lease: 1000, poll: { interval: 20, maxInterval: 20 } });
    client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(numeric()).subscribe((value) => console.log(value, Date.now(), count));
    let count = 0;
    for (let at = 1; at <= ${count}; at++) client.statistic$('Current_In_Queue', { objectId: 'Queue' + String(at).padStart(4, '0') + '@SIP', objectType: 'Queue' }).subscribe(() => count++);
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const state: Member = { child, value: -1, at: 0, count: 0 };
  child.stdout.on('data', (chunk: Buffer) => {
    const [value, at, seen] = (chunk.toString().trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    Object.assign(state, { value, at, count: seen });
  });
  return state;
}

async function all(members: readonly Member[], value: number): Promise<void> {
  simulator.set(target, { stringValue: String(value), intValue: value });
  while (!members.every((each) => each.value === value)) {
    await pause(1);
  }
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
}

try {
  await pause(300);
  const observed = 200;
  let members = [member(observed)];
  await all(members, 1);
  members.push(member(observed), member(observed));
  let value = 1;
  await all(members, ++value);
  await pause(2000);

  const delays: number[] = [];
  for (let round = 0; round < 100; round++) {
    await all(members, ++value);
    const [leader, ...followers] = members.map(({ at }) => at);
    delays.push(...followers.map((at) => at - (leader ?? 0)));
    await pause(30);
  }
  print(`from the leader's observer to another process's: p50 ${quantile(delays, 0.5)} ms, p99 ${quantile(delays, 0.99)} ms (${delays.length} values)`);

  const took: number[] = [];
  for (let round = 0; round < kills; round++) {
    const [leader, ...others] = members;
    leader?.child.kill('SIGKILL');
    const from = Date.now();
    await all(others, ++value);
    took.push(Math.max(...others.map(({ at }) => at)) - from);
    // Leadership goes to either of the others: all but one are replaced, so that the one that is killed next leads.
    others[1]?.child.kill('SIGTERM');
    const rest = [others[0] as Member];
    await pause(1500);
    await all(rest, ++value);
    rest.push(member(observed), member(observed));
    members = rest;
    await all(members, ++value);
  }
  print(`next value everywhere after a leader is killed (lease 1000 ms): p50 ${quantile(took, 0.5)} ms, most ${Math.max(...took)} ms (${took.length} kills); left open: ${simulator.ledger.open.length - 1}`);

  const client = createClient({ url });
  await client.connect();
  const keys = await client.keys('*values');
  const bytes = Number(await client.sendCommand(['MEMORY', 'USAGE', keys[0] ?? '', 'SAMPLES', '0']));
  print(`${bytes} bytes on the bus for ${(await client.hLen(keys[0] ?? '')) - 1} statistics: ${Math.round(bytes / observed)} each`);
  client.destroy();
} finally {
  children.forEach((child) => child.kill('SIGKILL'));
  redis.kill('SIGKILL');
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
}
