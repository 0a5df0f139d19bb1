/** F82: with a journal, the next start deletes the subscriptions that a killed process left open. Child processes over real HTTP. */
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.js';
import { program, type Child } from '../support/child.js';
import { filesIn, makeDirectory } from '../support/directory.js';
import { answered, startSimulator, until } from '../support/journey.js';

/** Statistics, each in its own upstream. */
const three = `['Total_Answered', 'Total_Abandoned', 'Current_In_Queue'].forEach((name) => client.subscription$([{ name, ...queue }]).subscribe());`;
const one = `client.statistic$('Total_Answered', queue).subscribe();`;

/** A program with a journal, which closes its client when it is asked to end. */
function journaled(simulator: Simulator, directory: string, body = one, options = ''): Child {
  const more = `import { fileJournal } from 'genesys-statistics-rx/node'; process.once('SIGTERM', () => client.close());`;
  return program(simulator, `${more} ${body}`, `journal: fileJournal(${JSON.stringify(directory)}), batch: { size: 1 }, ${options}`);
}

async function kill({ process: { pid }, ended }: Child): Promise<void> {
  process.kill(pid ?? 0, 'SIGKILL');
  expect(await ended).toEqual({ code: null, signal: 'SIGKILL', stderr: '' });
}

async function end({ process: { pid }, ended }: Child): Promise<void> {
  process.kill(pid ?? 0, 'SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null, stderr: '' });
}

async function deleted({ ledger }: Simulator, ids: readonly string[]): Promise<void> {
  await until(`${ids.length} that were left are deleted`, () => ids.length > 0 && ids.every((id) => ledger.deleted.includes(id)));
}

/** The ids of requests that may not have been processed. */
function operationIds({ ledger }: Simulator): string[] {
  return ledger.requests.flatMap(({ operation, body }) => (operation === 'open' ? [(JSON.parse(body ?? '') as { operationId: string }).operationId] : []));
}

/** A killed process, and the subscriptions that it left open. */
async function killedWith(simulator: Simulator, directory: string, body: string): Promise<string[]> {
  const child = journaled(simulator, directory, body);
  await answered(simulator, 'read', 6);
  await kill(child);
  return [...simulator.ledger.open];
}

describe('F82: a process that was killed', () => {
  it('with subscriptions open: its next start deletes them, and at its own end nothing is open and no file is left', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const left = await killedWith(simulator, directory, three);
    expect(left).toHaveLength(3);
    expect(filesIn(directory)).toHaveLength(1);
    const next = journaled(simulator, directory, three);
    await deleted(simulator, left);
    await answered(simulator, 'read', 6);
    expect(simulator.ledger.open).toHaveLength(3);
    await end(next);
    expect(simulator.ledger.open).toEqual([]);
    expect(simulator.ledger.count('close'), 'one DELETE each').toBe(6);
    expect(filesIn(directory)).toEqual([]);
  });

  it('while its POST is in flight: the subscription is deleted, even if it is opened after the next start', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    // Longer than a start takes, so that a DELETE sent at once would come before the opening.
    simulator.fault({ kind: 'delay', operation: 'open', ms: 1000 });
    const first = journaled(simulator, directory);
    await until('it opens', () => simulator.ledger.count('open') === 1);
    await kill(first);
    const next = journaled(simulator, directory, one, 'request: { timeout: 2500 },');
    const [inFlight = ''] = operationIds(simulator);
    await until('it is opened after all', () => simulator.ledger.opened.includes(inFlight));
    await deleted(simulator, [inFlight]);
    await end(next);
    expect(simulator.ledger.open).toEqual([]);
    expect(filesIn(directory)).toEqual([]);
  });

  it('while its DELETE is in flight: the next start sends another', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    simulator.fault({ kind: 'hang', operation: 'close' });
    const first = journaled(simulator, directory, `const one = client.statistic$('Total_Answered', queue).subscribe(() => queueMicrotask(() => one.unsubscribe()));`);
    await until('it deletes', () => simulator.ledger.count('close') === 1);
    await kill(first);
    const left = [...simulator.ledger.open];
    const next = journaled(simulator, directory);
    await deleted(simulator, left);
    await end(next);
    expect(simulator.ledger.open).toEqual([]);
  });

  it('again and again, right after each start: nothing is left open by any of them', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    simulator.fault({ kind: 'status', operation: 'close', status: 503, times: 12 });
    for (let times = 0; times < 3; times++) {
      await killedWith(simulator, directory, three);
    }
    const left = [...simulator.ledger.open];
    expect(left.length).toBeGreaterThanOrEqual(3);
    const last = journaled(simulator, directory);
    await deleted(simulator, left);
    await end(last);
    expect(simulator.ledger.open).toEqual([]);
    expect(filesIn(directory)).toEqual([]);
  });

  it('by an error of its own observer: nothing is left open after the next start', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const { code } = await journaled(simulator, directory, `client.statistic$('Total_Answered', queue).subscribe(() => { throw new Error('mine'); });`).ended;
    expect(code).toBe(1);
    const left = [...simulator.ledger.open];
    const next = journaled(simulator, directory);
    await deleted(simulator, left);
    await end(next);
    expect(simulator.ledger.open).toEqual([]);
  });

  it('before two starts at once: each subscription is deleted, and neither process fails', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const left = await killedWith(simulator, directory, three);
    const both = [journaled(simulator, directory), journaled(simulator, directory)];
    await deleted(simulator, left);
    await until('both live', () => simulator.ledger.open.length === 2);
    await Promise.all(both.map(end));
    expect(simulator.ledger.open).toEqual([]);
    expect(filesIn(directory)).toEqual([]);
  });
});

describe('F82: a journal', () => {
  it('keeps what was reported as orphaned, for the next start', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const heal = simulator.fault({ kind: 'status', operation: 'close', status: 500, times: Infinity });
    const first = journaled(simulator, directory, `const one = client.statistic$('Total_Answered', queue).subscribe(() => queueMicrotask(() => one.unsubscribe()));`);
    expect(await first.ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(simulator.ledger.count('close')).toBe(4);
    heal();
    const left = [...simulator.ledger.open];
    const next = journaled(simulator, directory);
    await deleted(simulator, left);
    await end(next);
    expect(filesIn(directory)).toEqual([]);
  });

  it('of two running processes: neither deletes subscriptions of the other', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const first = journaled(simulator, directory);
    await answered(simulator, 'read', 2);
    const [ofFirst = ''] = simulator.ledger.open;
    const second = journaled(simulator, directory);
    await until('both live', () => simulator.ledger.open.length === 2);
    const [, ofSecond = ''] = simulator.ledger.open;
    await answered(simulator, 'read', 8);
    expect(simulator.ledger.count('close')).toBe(0);
    await kill(first);
    const third = journaled(simulator, directory);
    await deleted(simulator, [ofFirst]);
    await answered(simulator, 'read', 8);
    expect(simulator.ledger.open).toContain(ofSecond);
    expect(simulator.ledger.opened).toHaveLength(3);
    await Promise.all([second, third].map(end));
    expect(simulator.ledger.open).toEqual([]);
    expect(filesIn(directory)).toEqual([]);
  });

  it('of one server is not used for another', async () => {
    const [simulator, other, directory] = [await startSimulator(), await startSimulator(), makeDirectory()];
    const left = await killedWith(simulator, directory, one);
    const elsewhere = journaled(other, directory);
    await answered(other, 'read', 3);
    await end(elsewhere);
    expect(other.ledger.requests.filter(({ operation }) => operation === 'close').map(({ subscriptionId }) => subscriptionId)).toEqual(other.ledger.opened);
    expect(simulator.ledger.open).toEqual(left);
    const next = journaled(simulator, directory);
    await deleted(simulator, left);
    await end(next);
  });

  it('holds only ids, in a file that only its owner can read', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const [id] = await killedWith(simulator, directory, `${one} // apiKey`);
    const [file = ''] = filesIn(directory);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe(`+?${id}\n+${id}\n-?${id}\n`);
  });

  it('that was tampered with causes no request to another resource', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const left = await killedWith(simulator, directory, one);
    const [file = ''] = filesIn(directory);
    appendFileSync(file, ['..', '../../admin', '%2e%2e', 'a/b', 'a?b', '?..', '??', '', ' ', 'a\rb', '\u0000', 'x'.repeat(1e6)].map((each) => `+${each}\n`).join('') + '-\n\n*a\n+half');
    writeFileSync(join(directory, 'something.journal'), '+abc\n');
    const next = journaled(simulator, directory);
    await deleted(simulator, left);
    await answered(simulator, 'read', 2);
    await end(next);
    expect(new Set(simulator.ledger.requests.filter(({ operation }) => operation === 'close').map(({ subscriptionId }) => subscriptionId))).toEqual(new Set(simulator.ledger.opened));
    expect(simulator.ledger.count('other')).toBe(0);
    expect(filesIn(directory)).toEqual([join(directory, 'something.journal')]);
  });

  it('that cannot be created is refused at once', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await journaled(simulator, join(file, 'below')).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('StatisticsOptionError: directory must be one that can be made, read and written (ENOTDIR), got');
  });

  it('that can no longer be written is reported once, and the streams go on', async () => {
    const [simulator, directory] = [await startSimulator(), makeDirectory()];
    const child = journaled(simulator, directory, `
      import { rmSync, writeFileSync } from 'node:fs';
      rmSync('${directory}', { recursive: true });
      writeFileSync('${directory}', '');
      client.events$.subscribe(({ type, error }) => type === 'journalFailed' && console.error(type, error.cause.code));
      ${three}
    `);
    await answered(simulator, 'read', 6);
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null, stderr: 'journalFailed ENOTDIR\n' });
    expect(simulator.ledger.opened).toHaveLength(3);
    expect(simulator.ledger.open).toEqual([]);
  });
});
