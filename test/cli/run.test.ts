/** Usage of the program, in this process: `main.test.ts` shows that a process of its own says the same. */
import { describe, expect, it, vi } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { run } from '../../src/cli/run.js';

/** Keeps what is written to a stream of the process, as if it had been written. */
function keep(stream: NodeJS.WriteStream): string[] {
  const written: string[] = [];
  vi.spyOn(stream, 'write').mockImplementation((text: string | Uint8Array, ...rest: unknown[]) => {
    written.push(String(text));
    (rest.at(-1) as (() => void) | undefined)?.();
    return true;
  });
  return written;
}

/** The program listens to its signals and outputs until it ends. Returns what removes those listeners. */
function listening(): () => void {
  const emitters: readonly NodeJS.EventEmitter[] = [process, process.stdout, process.stderr];
  const before = emitters.map((emitter) => new Map(emitter.eventNames().map((name) => [name, emitter.listeners(name)])));
  return () =>
    emitters.forEach((emitter, index) => {
      for (const name of emitter.eventNames()) {
        const added = emitter.listeners(name).filter((listener) => before[index]?.get(name)?.includes(listener) !== true);
        added.forEach((listener) => emitter.off(name, listener as () => void));
      }
    });
}

async function typed(argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const removeListeners = listening();
  const [stdout, stderr] = [keep(process.stdout), keep(process.stderr)];
  const code = await run(argv);
  vi.restoreAllMocks();
  removeListeners();
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

describe('genesys-statistics', () => {
  it.each([
    [[]],
    [['--nonsense']],
    [['wach']],
    [['demo', '--intervall', '5s']],
    [['demo', '--base-url', 'http://example.com/statistics/v3']],
    [['demo', '--base-url', 'not a url']],
    [['watch', 'Current_In_Queue', 'Queue/Sales@SIP']],
    [['watch', 'Current_In_Queue', 'Sales@SIP', '--demo']],
    [['peek', '--token', 'secret']],
    [['simulate', '--port', '65536']],
    [['record', '/', 'A', 'Queue/A', '--demo']],
  ])('%j says what is wrong, in one line, and exits with 2', async (argv) => {
    const { code, stdout, stderr } = await typed(argv);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^genesys-statistics: .*\nSee genesys-statistics (\w+ )?--help\.\n$/);
  });

  it.each(commands)('$name --help names every option and has examples', async ({ name, options, examples }) => {
    const { code, stdout } = await typed([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: genesys-statistics ${name}`);
    expect((await typed(['help', name])).stdout).toBe(stdout);
    expect(Object.keys(options).filter((option) => !stdout.includes(`--${option}`))).toEqual([]);
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.filter(({ line }) => !stdout.includes(`genesys-statistics ${line}\n`))).toEqual([]);
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});
