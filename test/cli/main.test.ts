/** The command as a user runs it: a process, its lines, its exit code, and nothing left open. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSimulator } from '../../src/simulator/index.js';
import { canary } from '../support/canary.js';
import { allDeleted, startSimulator, until } from '../support/journey.js';

const systemNode = '/usr/bin/node';

/** Whether there is a Node that is older than the package needs. */
function isOld(node: string): boolean {
  return existsSync(node) && Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 22;
}

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
    expect(lines.filter(({ type }) => type === 'kpi').map(({ name }) => name)).toContain('abandonRate');
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

  it.each([['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129], ['SIGQUIT', 131]] as const)('%s leaves nothing open either, and exits with %i', async (signal, expected) => {
    const simulator = await startSimulator();
    let sent = false;
    const { code, stderr } = await run(['demo', '--interval', '100', '--base-url', simulator.url], {
      onOutput(child, text) {
        if (!sent && text.includes('kpi')) {
          sent = true;
          child.kill(signal);
          // A closed terminal hangs up twice, and npm repeats what its terminal has sent.
          child.kill(signal);
        }
      },
    });
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
    expect(simulator.ledger.opened.length).toBeGreaterThan(0);
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
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

  it('a wrong key is one readable line, never shows the key, and exits with 1', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const { code, stdout, stderr } = await run(['demo', '--json', '--base-url', simulator.url], { env: { GENESYS_API_KEY: canary('wrong-key') } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^genesys-statistics: the server refuses every statistic: .* 403: .*\n$/);
    expect(changes(stdout).every(({ type }) => type === 'health')).toBe(true);
    expect(stdout + stderr).not.toContain(canary('wrong-key'));
    expect(simulator.ledger.requests.length).toBeLessThan(40);
  });

  it('a reader that goes away ends it, and nothing stays open', async () => {
    const simulator = await startSimulator({ clock: 'real', speed: 10 });
    const { code, stderr } = await run(['demo', '--interval', '100', '--base-url', simulator.url], {
      onOutput(child, text) {
        if (text.includes('kpi')) {
          child.stdout?.destroy();
        }
      },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(simulator.ledger.opened.length).toBeGreaterThan(0);
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
  });
});

/** Bytes that a terminal takes though nobody reads them, and some more. */
const buffered = 100_000;

// `script` gives a program a terminal.
describe.skipIf(!existsSync('/usr/bin/script'))('genesys-statistics demo on a terminal', () => {
  function onTerminal(url: string, env: NodeJS.ProcessEnv = {}) {
    const command = `stty columns 80 rows 24; echo pid $$; exec '${process.execPath}' '${main}' demo --interval 100 --base-url '${url}'`;
    const child = spawn('/usr/bin/script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const state = { text: '' };
    child.stdout.on('data', (chunk: Buffer) => (state.text += chunk.toString()));
    const pid = (): number => Number(/pid (\d+)/.exec(state.text)?.[1]);
    return { child, state, pid, ended: once(child, 'close').then(([code]) => code as number | null) };
  }

  it('a terminal that is closed leaves nothing open', async () => {
    const simulator = await startSimulator();
    const { child, state } = onTerminal(simulator.url);
    await until('it is live', () => state.text.includes('live'));
    child.kill('SIGKILL');
    await allDeleted(simulator);
  });

  it('Ctrl-Z gives the terminal back, and continuing draws again', async () => {
    const simulator = await startSimulator();
    const { child, state, pid, ended } = onTerminal(simulator.url);
    await until('it is live', () => state.text.includes('live'));
    process.kill(pid(), 'SIGTSTP');
    // `script` stops with its program, as a shell's job does, and continues it.
    await until('both are stopped', () => [pid(), child.pid].every((id) => readFileSync(`/proc/${id}/stat`, 'utf8').includes(') T ')));
    child.kill('SIGCONT');
    const restored = '\u001b[?7h\u001b[?25h\u001b[?1049l';
    const again = (): string => state.text.split(restored)[1] ?? '';
    await until('all is drawn again', () => /\u001b\[\?1049h\u001b\[\?25l.*\u001b\[2J.*Sales@SIP/s.test(again()));
    process.kill(pid(), 'SIGTERM');
    expect(await ended).toBe(143);
    expect(state.text.split(restored)).toHaveLength(3);
    await allDeleted(simulator);
  });

  it('a terminal that takes nothing more does not slow the polls', async () => {
    const simulator = await startSimulator({ clock: 'real', speed: 10 });
    const { child, state, pid, ended } = onTerminal(simulator.url);
    await until('it is live', () => state.text.includes('live'));
    const frame = state.text.length;
    child.kill('SIGSTOP');
    // Whatever was continued draws its whole screen: more than any terminal's buffer holds.
    const polls = (): number => simulator.ledger.requests.filter(({ operation }) => operation === 'read').length;
    for (let drawn = 0; drawn < buffered; drawn += Math.max(frame, 1000)) {
      const before = polls();
      process.kill(pid(), 'SIGCONT');
      await until('it goes on', () => polls() > before);
    }
    const before = polls();
    await until('it polls as before', () => polls() > before + 10);
    child.kill('SIGCONT');
    process.kill(pid(), 'SIGTERM');
    expect(await ended).toBe(143);
    await allDeleted(simulator);
  });

  it('a wrong key is one readable note there too, and exits with 1', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const { state, ended } = onTerminal(simulator.url, { GENESYS_API_KEY: canary('wrong-key') });
    expect(await ended).toBe(1);
    // Lines end between words.
    expect(state.text.replaceAll('\r\n', ' ')).toMatch(/genesys-statistics: the server refuses every statistic: POST \/subscriptions answered 403: .* finds which\. $/);
  });
});

describe('genesys-statistics', () => {
  it('wrong usage is one line on standard error, and exits with 2', async () => {
    const { code, stdout, stderr } = await run(['demo', '--intervall', '5s']);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: 'genesys-statistics: demo has no --intervall; did you mean --interval?\nSee genesys-statistics demo --help.\n' });
  });

  it.skipIf(!existsSync('/dev/full'))('--help on a full disk is one line', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [main, '--help'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'genesys-statistics: ENOSPC: no space left on device, write\n' });
  });

  it.skipIf(!isOld(systemNode))('F152: a Node that is too old is told so before anything else', async () => {
    const child = spawn(systemNode, [main, 'demo']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^genesys-statistics: needs Node 22\.12 or later; this is Node \d+\.\d+\.\d+\n$/) });
  });

  it('--help and --version answer on standard output', async () => {
    expect((await run(['--help'])).stdout).toContain('Usage: genesys-statistics COMMAND');
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
