/** F82, G13: the end of a process, and the subscriptions it leaves open; F70: a stopped process that goes on. Child processes, real HTTP. */
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { program, start, type Child } from '../support/child.js';
import { answered, record, sales, startClient, startSimulator, until } from '../support/journey.js';

const demo = ({ url }: Simulator, ...more: string[]): Child => start(['dist/cli/main.js', 'demo', '--interval', '50', '--base-url', url, ...more]);

/** Subscribes. `leave()` unsubscribes, from any handler of the program. */
const leaving = `const one = client.statistic$('Total_Answered', queue).subscribe(); globalThis.leave = () => one.unsubscribe();`;

describe('F82: a process ends by itself', () => {
  it.each<[string, string, string, ((simulator: Simulator) => unknown)?]>([
    ['after it only created a client', '', ''],
    ['after the last unsubscribe, from every kind of stream', `
      const all = [client.statistic$('Total_Answered', queue), client.subscription$([{ name: 'Total_Abandoned', ...queue }]), client.statisticState$('Total_Answered', queue)];
      const subscriptions = all.map((stream$) => stream$.subscribe());
      client.health$.subscribe();
      client.events$.subscribe(({ type }) => type === 'polled' && subscriptions.forEach((each) => each.unsubscribe()));
    `, ''],
    ['unsubscribed before anything was sent', `client.statistic$('Total_Answered', queue).subscribe().unsubscribe();`, ''],
    ['unsubscribed while the POST is on its way', `
      const { fetch } = globalThis;
      globalThis.fetch = (...request) => (setImmediate(() => leave()), fetch(...request));
      ${leaving}
    `, '', (simulator) => simulator.fault({ kind: 'delay', operation: 'open', ms: 150 })],
    ['after a peek', `client.peek$('Total_Answered', queue).subscribe();`, ''],
    ['after a refusal', `client.statistic$('NoSuchStatistic', queue).subscribe({ error: () => undefined });`, ''],
    ['after close()', `client.statistic$('Total_Answered', queue).subscribe(() => client.close());`, ''],
    ['even if a token never comes', leaving, 'token: () => (setImmediate(() => leave()), new Promise(() => undefined)),'],
    ['even if the only token is refused', `${leaving} client.health$.subscribe(({ status }) => status === 'unauthorized' && leave());`, `token: () => 'a-wrong-token',`, (simulator) =>
      simulator.fault({ kind: 'status', status: 401, times: Infinity })],
    ['even if the server is away', `${leaving} client.health$.subscribe(({ status }) => status === 'degraded' && leave());`, '', (simulator) =>
      simulator.fault({ kind: 'reset', times: Infinity })],
  ])('%s, with nothing left open', async (_, body, options, prepare) => {
    const simulator = await startSimulator();
    prepare?.(simulator);
    expect(await program(simulator, body, options).ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(simulator.ledger.open).toEqual([]);
    await until('no connection is left', () => simulator.ledger.sockets === 0);
  });

  it.each(['hang', 'reset'] as const)('even if no DELETE is answered (%s), after all allowed attempts', async (kind) => {
    const simulator = await startSimulator();
    simulator.fault({ kind, operation: 'close', times: Infinity });
    const leaves = `const one = client.statistic$('Total_Answered', queue).subscribe(() => queueMicrotask(() => one.unsubscribe()));`;
    const { code } = await program(simulator, leaves, 'request: { timeout: 500 },').ended;
    expect(code).toBe(0);
    const attempts = simulator.ledger.opened.map((id) => simulator.ledger.requests.filter(({ operation, subscriptionId }) => operation === 'close' && subscriptionId === id).length);
    expect(new Set(attempts)).toEqual(new Set([4]));
  });

  it('but not while an observer is subscribed, even if nothing else keeps it alive', async () => {
    const simulator = await startSimulator();
    const child = program(simulator, `client.statistic$('Total_Answered', queue).subscribe();`);
    await answered(simulator, 'read', 10);
    expect(child.process.exitCode).toBeNull();
  });
});

describe('F82: a process is ended', () => {
  const subscribed = `client.statistic$('Total_Answered', queue).subscribe();`;

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s: with a handler that closes the client, nothing is left open, and the process ends', async (signal) => {
    const simulator = await startSimulator();
    const child = program(simulator, `${subscribed} process.once('${signal}', () => client.close());`);
    await answered(simulator, 'read', 2);
    child.process.kill(signal);
    expect(await child.ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('by %s without a handler: it ends at once, and its subscriptions stay open until the server expires them', async (signal) => {
    const simulator = await startSimulator();
    const child = program(simulator, subscribed);
    await answered(simulator, 'read', 2);
    child.process.kill(signal);
    expect(await child.ended).toMatchObject({ code: null, signal });
    expect(simulator.ledger.open).toHaveLength(1);
  });

  it('by an error of its own observer: it ends at once, with that error', async () => {
    const simulator = await startSimulator();
    const { code, stderr } = await program(simulator, `client.statistic$('Total_Answered', queue).subscribe(() => { throw new Error('mine'); });`).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('Error: mine');
  });

  it('by an exception whose handler closes the client: nothing is left open', async () => {
    const simulator = await startSimulator();
    const { code } = await program(simulator, `
      process.on('uncaughtException', async () => { await client.close(); process.exit(70); });
      client.statistic$('Total_Answered', queue).subscribe(() => setImmediate(() => { throw new Error('mine'); }));
    `).ended;
    expect(code).toBe(70);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
    expect(simulator.ledger.opened).toHaveLength(1);
  });
});

describe('F82: genesys-statistics demo', () => {
  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('%s: deletes everything it opened, then exits with %i', async (signal, code) => {
    const simulator = await startSimulator();
    const child = demo(simulator);
    await answered(simulator, 'read', 5);
    simulator.fault({ kind: 'delay', operation: 'close', ms: 50, times: Infinity });
    child.process.kill(signal);
    expect(await child.ended).toEqual({ code, signal: null, stderr: '' });
    expect(simulator.ledger.opened.length).toBeGreaterThan(0);
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
    expect(simulator.ledger.open).toEqual([]);
  });

  it.each([['SIGINT', 'SIGINT', 130], ['SIGTERM', 'SIGTERM', 143], ['SIGINT', 'SIGTERM', 143]] as const)('%s, then %s: ends at once with %i, whatever the server does', async (first, second, code) => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'hang', operation: 'close', times: Infinity });
    const child = demo(simulator);
    await answered(simulator, 'read', 2);
    const signalled = performance.now();
    child.process.kill(first);
    await until('the DELETEs are on their way', () => simulator.ledger.count('close') > 0);
    expect(child.process.exitCode).toBeNull();
    // A second signal that follows at once counts as an echo of the first.
    const insisting = setInterval(() => child.process.kill(second), 100);
    expect(await child.ended).toMatchObject({ code, signal: null });
    clearInterval(insisting);
    // A clean end waits for `request.timeout`, ten seconds here.
    expect(performance.now() - signalled).toBeLessThan(10_000);
  });

  it('interrupted before its first answer: exits with 130, and deletes the subscription that was being opened', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'delay', operation: 'open', ms: 300, times: Infinity });
    const child = demo(simulator);
    await until('it opens', () => simulator.ledger.count('open') > 0);
    child.process.kill('SIGINT');
    expect((await child.ended).code).toBe(130);
    expect(simulator.ledger.opened.length).toBeGreaterThan(0);
    expect(simulator.ledger.open).toEqual([]);
  });
});

describe('F70: a process that is stopped and goes on', () => {
  it('polls each upstream once, and then at the usual interval', async () => {
    const simulator = await startSimulator();
    const names = ['Total_Answered', 'Total_Abandoned', 'Current_In_Queue'];
    const interval = 200;
    const child = program(simulator, `${JSON.stringify(names)}.forEach((name) => client.subscription$([{ name, ...queue }]).subscribe());`, `poll: { interval: ${interval}, maxInterval: ${interval} }, batch: { size: 1 },`);
    await answered(simulator, 'read', 6);
    child.process.kill('SIGSTOP');
    // A client of this process shows that at least ten intervals have passed.
    const other = await startSimulator();
    record(startClient(other.url, { poll: { interval, maxInterval: interval } }).statistic$('Total_Answered', sales));
    await answered(other, 'read', 10);
    const slept = 10 * interval;
    const before = simulator.ledger.requests.length;
    child.process.kill('SIGCONT');
    await answered(simulator, 'read', 12);
    const { requests } = simulator.ledger;
    expect(simulator.ledger.opened).toHaveLength(names.length);
    for (const id of simulator.ledger.opened) {
      const polls = requests.filter(({ operation, subscriptionId }) => operation === 'read' && subscriptionId === id);
      const waits = polls.slice(1).map(({ at }, index) => at - (polls[index]?.answeredAt ?? at));
      // Two milliseconds for the rounding of two clocks. If missed polls were made up for, they would follow each other at once.
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(interval - 2);
      expect(Math.max(...waits)).toBeGreaterThanOrEqual(slept / 2);
    }
    expect(requests.length - before).toBeGreaterThanOrEqual(12);
  });
});
