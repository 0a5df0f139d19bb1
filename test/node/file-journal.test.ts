/** Whose turn it is to read which file of a directory, and what is left alone. Processes that have ended are real ones. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StatisticsOptionError } from '../../src/index.js';
import { fileJournal } from '../../src/node/index.js';
import { isRunning, thisProcess } from '../../src/node/running.js';
import { filesIn, makeDirectory } from '../support/directory.js';
import { until } from '../support/journey.js';

const baseUrl = 'https://host/statistics/v3';

const host = vi.hoisted(() => ({ name: 'one' }));
vi.mock('node:os', async (original) => ({ ...(await original<object>()), hostname: () => host.name }));

/** The number of a process that has ended. */
const ended = spawnSync(process.execPath, ['--version']).pid;

/** A file as another process would have left it: named as ours, but for who it was. */
function leave(directory: string, text: string, { pid = ended, began = '', of = baseUrl } = {}): string {
  const sample = makeDirectory();
  fileJournal(sample).add('x', of);
  const [name = ''] = readdirSync(sample);
  const path = join(directory, name.replace(/-\d+-\d*-/, `-${pid}-${began}-`));
  writeFileSync(path, text);
  return path;
}

const left = (directory: string, of = baseUrl): string[] => [...(fileJournal(directory).pending(of) as Iterable<string>)];

describe('F82: what is left', () => {
  it('by a process that has ended is given, and is ours from then on', () => {
    const directory = makeDirectory();
    const theirs = leave(directory, '+a\n+?b\n+c\n-c\n');
    const journal = fileJournal(directory);
    expect(journal.pending(baseUrl)).toEqual(['a', '?b']);
    const [ours = '', ...more] = filesIn(directory);
    expect(more).toEqual([]);
    expect(ours).not.toBe(theirs);
    expect(readFileSync(ours, 'utf8')).toBe('+a\n+?b\n');
    expect(left(directory), 'by no other that runs').toEqual([]);
    journal.remove('a', baseUrl);
    journal.remove('?b', baseUrl);
    expect(filesIn(directory)).toEqual([]);
  });

  it('by several is given together; a file that says nothing is removed', () => {
    const directory = makeDirectory();
    leave(directory, '+a\n');
    leave(directory, '+b\n');
    leave(directory, '+c\n-c\n');
    leave(directory, '+d');
    expect(left(directory).sort()).toEqual(['a', 'b']);
    expect(filesIn(directory)).toHaveLength(1);
  });

  it('at another server is not', () => {
    const directory = makeDirectory();
    const path = leave(directory, '+a\n', { of: `${baseUrl}/other` });
    expect(left(directory)).toEqual([]);
    expect(filesIn(directory)).toEqual([path]);
    expect(left(directory, `${baseUrl}/other`)).toEqual(['a']);
  });

  it('by one that runs is not, be it another or a journal of this one', () => {
    const directory = makeDirectory();
    const path = leave(directory, '+a\n', { pid: process.ppid });
    const other = fileJournal(directory);
    other.add('b', baseUrl);
    expect(left(directory)).toEqual([]);
    expect(filesIn(directory)).toContain(path);
    expect(filesIn(directory)).toHaveLength(2);
  });

  it.runIf(process.platform === 'linux')('by one whose number is now this process\'s, or another\'s, is: a container gives the same at each start', () => {
    const directory = makeDirectory();
    leave(directory, '+a\n', { pid: process.pid, began: '1' });
    leave(directory, '+b\n', { pid: process.ppid, began: '1' });
    expect(left(directory).sort()).toEqual(['a', 'b']);
  });

  it('on another host is not: its numbers are of other processes', () => {
    const directory = makeDirectory();
    const path = leave(directory, '+a\n');
    onTestFinished(() => void (host.name = 'one'));
    host.name = 'other';
    expect(left(directory)).toEqual([]);
    expect(filesIn(directory)).toEqual([path]);
  });

  it('is no more than ten thousand of a file, and no file of more than 8 MiB; what is beyond waits for another start', () => {
    const many = makeDirectory();
    Array.from({ length: 3 }, (_, file) => leave(many, Array.from({ length: 6000 }, (__, index) => `+${file}-${index}\n`).join('')));
    expect(left(many)).toHaveLength(12_000);
    expect(left(many)).toHaveLength(6000);
    expect(left(many)).toEqual([]);
    const directory = makeDirectory();
    leave(directory, Array.from({ length: 20_000 }, (_, index) => `+${index}\n`).join(''));
    expect(left(directory)).toHaveLength(10_000);
    const large = makeDirectory();
    const path = leave(large, '+a\n');
    truncateSync(path, 8 * 1024 * 1024 + 1);
    expect(left(large)).toEqual([]);
    expect(filesIn(large)).toEqual([path]);
  });

  it('is nothing that is not a file, nor one by another name', () => {
    const directory = makeDirectory();
    const name = leave(directory, '').slice(directory.length + 1);
    left(directory);
    const elsewhere = join(makeDirectory(), 'elsewhere');
    writeFileSync(elsewhere, '+a\n');
    symlinkSync(elsewhere, join(directory, name));
    mkdirSync(join(directory, name.replace(/[0-9a-f]{12}\.journal$/, '000000000000.journal')));
    spawnSync('sh', ['-c', 'mkfifo "$0"', join(directory, name.replace(/[0-9a-f]{12}\.journal$/, '111111111111.journal'))]);
    for (const other of [`${name}~`, `x${name}`, name.replace('.journal', '/../x.journal').replaceAll('/', '_'), 'a.journal', '.journal']) {
      writeFileSync(join(directory, other), '+a\n');
    }
    const before = readdirSync(directory);
    expect(left(directory)).toEqual([]);
    expect(readdirSync(directory)).toEqual(before);
    expect(readFileSync(elsewhere, 'utf8')).toBe('+a\n');
  });
});

describe('F82: a directory', () => {
  it('is made, for its owner alone; a file: URL will do', () => {
    const directory = join(makeDirectory(), 'a', 'b');
    fileJournal(pathToFileURL(directory)).add('a', baseUrl);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(filesIn(directory).map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
  });

  it.each([undefined, null, '', 5, {}, new URL('https://host/x')])('%s is none', (given) => {
    expect(() => fileJournal(given as never)).toThrow(StatisticsOptionError);
    expect(() => fileJournal(given as never)).toThrow('directory must be a path or a file: URL');
  });

  it('is made where a link leads to one that is there', () => {
    const [target, link] = [makeDirectory(), join(makeDirectory(), 'link')];
    symlinkSync(target, link);
    fileJournal(join(link, 'a', 'b')).add('a', baseUrl);
    expect(filesIn(join(target, 'a', 'b'))).toHaveLength(1);
  });

  // `mkdir` says ENOENT in /proc, whose parent exists; Node's own recursive mkdir never returns from that.
  it.runIf(process.platform === 'linux').each(['/proc/x', '/proc/x/y/z', '/proc/self/x'])('%s is none, and that is said at once', (given) => {
    expect(() => fileJournal(given)).toThrow('directory must be one that can be made, read and written (ENOENT), got');
  });

  it.each([[], ['below'], ['far', 'below']])('a link that leads nowhere is none, nor is what would lie below it: %j %j', (...below) => {
    const link = join(makeDirectory(), 'link');
    symlinkSync(join(makeDirectory(), 'nowhere', 'at', 'all'), link);
    expect(() => fileJournal(join(link, ...below))).toThrow(/^directory must be one that can be made, read and written \((ENOENT|EEXIST)\), got/);
  });

  it.each(['\u0000', import.meta.filename, `${import.meta.filename}/x`])('%j can be none', (given) => {
    expect(() => fileJournal(given)).toThrow(StatisticsOptionError);
    expect(() => fileJournal(given)).toThrow('directory must be one that can be made, read and written');
  });
});

describe('F82: a process', () => {
  it('of a running process counts as running, of an ended one does not; in doubt it does', () => {
    expect(isRunning(thisProcess())).toBe(true);
    expect(isRunning({ pid: process.pid, began: '' })).toBe(true);
    expect(isRunning({ pid: ended, began: '' })).toBe(false);
    expect(isRunning({ pid: 9_999_999_999, began: '' })).toBe(true);
  });

  it.runIf(process.platform === 'linux')('that has ended does not, though its parent has not noticed', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 10'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    const fields = (): string[] => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    const began = fields()[19] ?? '';
    expect(isRunning({ pid, began })).toBe(true);
    await until('it has ended', () => fields()[0] === 'Z');
    expect(isRunning({ pid, began })).toBe(false);
  });

  it('is the same in its workers', async () => {
    const worker = new Worker(`
      import { parentPort } from 'node:worker_threads';
      const { thisProcess } = await import(${JSON.stringify(new URL('../../dist/node/running.js', import.meta.url).href)});
      parentPort.postMessage(thisProcess());
    `, { eval: true });
    const [message] = (await once(worker, 'message')) as unknown[];
    await worker.terminate();
    expect(message).toEqual(thisProcess());
  });
});
