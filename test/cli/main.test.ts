/** The command as a user runs it: a process, its lines, its exit code, and nothing left open. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../src/simulator/index.js';
import { canary } from '../support/canary.js';
import { startSimulator, until } from '../support/journey.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], options: { env?: NodeJS.ProcessEnv; onOutput?: (child: ReturnType<typeof spawn>, text: string) => void } = {}): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...options.env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    options.onOutput?.(child, stdout);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const changes = (text: string): { type: string; name?: string; status?: string; error?: string }[] =>
  text.trim().split('\n').map((line) => JSON.parse(line) as { type: string });

describe('genesys-statistics demo', () => {
  it('piped, it prints a line of JSON per change, and ends by itself with 0', async () => {
    const { code, stdout, stderr } = await run(['demo', '--duration', '1500', '--interval', '200']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = changes(stdout);
    expect(lines.filter(({ type }) => type === 'kpi').map(({ name }) => name)).toEqual(expect.arrayContaining(['serviceLevel', 'abandonRate']));
    expect(lines.filter(({ type }) => type === 'statistic').length).toBeGreaterThan(50);
    expect(lines.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('leaves nothing open on the server it watches', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const { code } = await run(['demo', '--duration', '700', '--interval', '100', '--base-url', simulator.url], { env: { GENESYS_API_KEY: canary('right-key') } });
    expect(code).toBe(0);
    expect(simulator.ledger.opened.length).toBeGreaterThan(0);
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
  });

  it('interrupted, it leaves nothing open either, and exits with 130', async () => {
    const simulator = await startSimulator();
    let interrupted = false;
    const { code } = await run(['demo', '--interval', '100', '--base-url', simulator.url], {
      onOutput(child, text) {
        if (!interrupted && text.includes('kpi')) {
          interrupted = true;
          child.kill('SIGINT');
        }
      },
    });
    expect(code).toBe(130);
    await until('all is deleted', () => simulator.ledger.opened.every((id) => simulator.ledger.deleted.includes(id)));
  });

  it('a refused connection is one clear line per attempt, no stack trace, no hot loop, and exit code 1', async () => {
    const gone = await createSimulator();
    await gone.close();
    const { code, stdout, stderr } = await run(['demo', '--duration', '800', '--base-url', gone.url]);
    expect(code).toBe(1);
    expect(stderr).toBe('');
    const errors = changes(stdout).flatMap(({ error }) => error ?? []);
    expect(errors[0]).toMatch(/^POST \/subscriptions got no answer: ECONNREFUSED$/);
    expect(errors.length).toBeLessThan(60);
    expect(stdout).not.toContain(' at ');
  });

  it('a wrong key is reported, and never shown', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const { code, stdout, stderr } = await run(['demo', '--duration', '800', '--base-url', simulator.url], { env: { GENESYS_API_KEY: canary('wrong-key') } });
    expect(code).toBe(1);
    expect(stdout).toContain('403');
    expect(stdout + stderr).not.toContain(canary('wrong-key'));
    expect(simulator.ledger.requests.length).toBeLessThan(40);
  });

  it('a reader that goes away ends it', async () => {
    const { code, stderr } = await run(['demo', '--interval', '100'], { onOutput: (child) => child.stdout?.destroy() });
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

describe('genesys-statistics', () => {
  it.each([
    [['--nonsense'], 2],
    [['demo', '--base-url', 'http://example.com/statistics/v3'], 2],
    [['demo', '--base-url', 'not a url'], 2],
  ])('%j says what is wrong, in one line, and exits with %i', async (args, expected) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(expected);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^genesys-statistics: .*\nSee genesys-statistics --help\.\n$/);
  });

  it('--help and --version answer on standard output', async () => {
    expect((await run(['--help'])).stdout).toContain('Usage: genesys-statistics demo');
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
