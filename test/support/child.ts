/**
 * Runs programs in their own processes, which end with the test, to show what happens to a client when its process ends. Uses the
 * built package.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

export function start(args: readonly string[]): Child {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.resume();
  return { process: child, ended: once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null, stderr })) };
}

/** Starts a program with a `client` whose timings are short, and `queue`. */
export function program({ url }: Pick<Simulator, 'url'>, body: string, options = ''): Child {
  return start(['--input-type=module', '--eval', `
    import { createStatisticsClient } from 'genesys-statistics-rx';
    const client = createStatisticsClient({
      baseUrl: '${url}', poll: { interval: 50, maxInterval: 50 }, retry: { minTimeout: 10, maxTimeout: 50 }, request: { timeout: 5000 }, sharing: { linger: 100 }, ${options}
    });
    const queue = { objectId: 'Sales@SIP', objectType: 'Queue' };
    ${body}
  `]);
}
