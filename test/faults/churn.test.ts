/** F86: ten thousand random joins and leaves over 500 keys by this library, and the first of them by the textbook recipe, in one run over real HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { startSimulator, until } from '../support/journey.js';

const program = fileURLToPath(new URL('../support/churn-program.ts', import.meta.url));
/** Milliseconds that a request needs: long enough that observers often leave during a request, as in real programs. */
const latency = 5;
const megabytes = 1024 * 1024;

const lost = ({ ledger }: Simulator): number => ledger.opened.length - new Set(ledger.deleted).size;

it('F86: no subscription is lost, and no timer, object or memory is left; the textbook recipe loses subscriptions', async ({ annotate }) => {
  const [ours, theirs] = [await startSimulator({ queues: 500, latency }), await startSimulator({ queues: 500, latency })];
  const child = spawn(process.execPath, ['--expose-gc', '--no-warnings', program, ours.url, theirs.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  const library = JSON.parse(output) as { grownBy: number; timers: number; heldMeanwhile: number; held: number; health: unknown };
  // The server may still be processing requests of a process that has ended.
  await until('the server has seen to all', () => theirs.ledger.sockets === 0 && ours.ledger.sockets === 0);
  await annotate(
    `in 10,000 joins and leaves, and 3,000 before, this library opened ${ours.ledger.opened.length} subscriptions and lost ${lost(ours)}; ` +
      `in the first 3,000 of the 10,000 the recipe opened ${theirs.ledger.opened.length} and lost ${lost(theirs)}; the heap grew in the 10,000 by ${(library.grownBy / megabytes).toFixed(2)} MB`,
  );
  expect(ours.ledger.opened.length).toBeGreaterThan(1000);
  expect(lost(ours)).toBe(0);
  expect(ours.ledger.open).toEqual([]);
  // Timers of sockets that were kept from the warm-up may end meanwhile.
  expect(library.timers).toBeLessThanOrEqual(0);
  expect(library).toMatchObject({ held: 0, health: { status: 'idle', upstreams: 0, statistics: 0, observers: 0 } });
  expect(library.heldMeanwhile).toBeGreaterThan(10);
  expect(Math.abs(library.grownBy)).toBeLessThan(2 * megabytes);
  expect(lost(theirs), 'or this run shows nothing').toBeGreaterThan(10);
}, 180_000);
