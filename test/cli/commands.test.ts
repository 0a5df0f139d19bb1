/** Each command in this process, as it is typed, on a pipe and on a terminal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/cli/commands/catalogue.js';
import { kpi } from '../../src/cli/commands/kpi.js';
import { objects } from '../../src/cli/commands/objects.js';
import { peek } from '../../src/cli/commands/peek.js';
import { simulate } from '../../src/cli/commands/simulate.js';
import { watch } from '../../src/cli/commands/watch.js';
import type { Command } from '../../src/cli/arguments/command.js';
import { statisticSource } from '../../src/cli/live/figure.js';
import { drawFigures } from '../../src/cli/live/figure-table.js';
import { follow, type Live } from '../../src/cli/live/live.js';
import { paint } from '../../src/cli/terminal/spans.js';
import { formulas } from '../../src/cli/kpi/formulas.js';
import * as kpis from '../../src/kpi/index.js';
import { createSimulator } from '../../src/simulator/index.js';
import { canary, mark } from '../support/canary.js';
import { makeDirectory } from '../support/directory.js';
import { startHostileServer, startSilentPort } from '../support/hostile-server.js';
import { record, sales, startClient, startSimulator, support, until } from '../support/journey.js';
import { contextOf, linesOf, pipe, terminal } from '../support/terminal.js';

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  /** Stops a command that does not end by itself, as soon as its output has each of these. */
  readonly endAfter?: readonly (string | RegExp)[];
}

async function piped(command: Command, argv: readonly string[], { env = {}, endAfter }: RunOptions = {}): Promise<{ code: number; lines: Record<string, unknown>[] }> {
  const { output, text } = pipe();
  const code = await ended(command, argv, { output, text, env, endAfter });
  return { code, lines: linesOf(text()) };
}

/** The last picture, without colours. */
async function shown(command: Command, argv: readonly string[], { env = { TERM: 'xterm', LANG: 'C.UTF-8' }, columns = 80, endAfter }: RunOptions = {}): Promise<{ code: number; lines: string[] }> {
  const { output, text } = terminal(columns);
  const code = await ended(command, argv, { output, text, env, endAfter });
  const last = text().split('\u001b[?1049l').at(-1) ?? '';
  return { code, lines: stripVTControlCharacters(last).trimEnd().split('\n') };
}

async function ended(command: Command, argv: readonly string[], { output, text, env, endAfter }: ReturnType<typeof terminal> & Pick<Required<RunOptions>, 'env'> & { readonly endAfter: RunOptions['endAfter'] }): Promise<number> {
  const stop = new AbortController();
  const run = command.run(argv, contextOf({ output }, { env, stop: stop.signal }));
  if (endAfter !== undefined) {
    await until('the output is complete', () => endAfter.every((part) => stripVTControlCharacters(text()).match(part) !== null));
    stop.abort();
  }
  return run;
}

const fast = ['--interval', '50'];

describe('watch', () => {
  it('shows a table with the value, its change and its trend, each row with its age first', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    const { code, lines } = await shown(watch, ['Current_In_Queue', 'Queue/Sales@SIP', 'Queue/Nope@SIP', '--base-url', simulator.url, ...fast], { endAfter: ['▄', 'there is no Queue'] });
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^just now  live, \d statistics? in \d subscriptions?, \d+ polls?$/);
    expect(lines[1]).toBe(`Current_In_Queue, from ${simulator.url}`);
    expect(lines.slice(3)).toEqual([
      'Age      Object             Value  Change  Trend',
      expect.stringMatching(/^now {6}Queue\/Sales@SIP {8}3 {10}▄+$/),
      'refused  Queue/Nope@SIP   there is no Queue "Nope@SIP" (400)',
    ]);
  });

  it('in 40 columns an object stands above its statistics, and reasons below', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    const { lines } = await shown(watch, ['Current_In_Queue,Nope', 'Queue/Sales@SIP', 'Queue/Support@SIP', '--base-url', simulator.url, ...fast], { columns: 40, endAfter: [/just now.*now/s, 'no statistic'] });
    expect(lines.every(({ length }) => length <= 40)).toBe(true);
    expect(lines).toContain('Queue/Sales@SIP');
    expect(lines).toContain('now      Current_In_Queue        3');
    expect(lines.at(-1)).toMatch(/^refused: no statistic is called/);
  });

  it('piped, a change is a line with its time and unit; a refusal names its reason', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    const { code, lines } = await piped(watch, ['Current_In_Queue', 'Queue/Sales@SIP', 'Queue/Nope@SIP', '--base-url', simulator.url, ...fast], { endAfter: [/"type":"statistic"/, /"type":"error"/] });
    expect(code).toBe(0);
    expect(lines.find(({ type }) => type === 'statistic')).toEqual({ type: 'statistic', name: 'Current_In_Queue', ...sales, value: 3, unit: 'count', timestamp: expect.any(Number), at: expect.any(String) });
    expect(lines.find(({ type }) => type === 'error')).toMatchObject({ objectId: 'Nope@SIP', unit: 'count', message: expect.stringContaining('there is no Queue') });
    expect(lines.every(({ at, unit }) => typeof at === 'string' && typeof unit === 'string')).toBe(true);
  });

  it('says when values are stale, and that they live again', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    const client = startClient(simulator.url, { poll: { interval: 20, maxInterval: 40, staleAfter: 200 } });
    const source = statisticSource(client, { name: 'Current_In_Queue', ...sales });
    const live: Live = { figures: [source.figure], polls: 0 };
    const canvas = { columns: 80, rows: 24, now: Date.now() + 60_000, unicode: true };
    const row = (): string => drawFigures(live, '', canvas).map((line) => paint(line, false)).at(-1) ?? '';
    const types = (): string[] => changes.values.map(({ type }) => type).filter((type) => type !== 'health');
    const changes = record(follow(client, live, [source], { staleAfter: 200, isTokenRenewable: false }));
    await until('it is live', () => types().length === 1);
    const undo = simulator.fault({ kind: 'reset', times: Infinity });
    await until('it is stale', () => types().length === 2);
    expect(changes.values.find(({ type }) => type === 'stale')).toMatchObject({ name: 'Current_In_Queue', unit: 'count', confirmedAt: expect.any(String) });
    expect(row()).toMatch(/^stale (1m|60s|55s) +Current_In_Queue +3 +▄+$/);
    undo();
    await until('it lives again', () => types().length === 3);
    expect(types()).toEqual(['statistic', 'stale', 'statistic']);
    expect(row()).toMatch(/^now /);
  });

  it('shows a dash, and no age, while no answer has ever come', async () => {
    const { port } = await startSilentPort();
    const client = startClient(`http://127.0.0.1:${port}/statistics/v3`, { poll: { interval: 20, maxInterval: 40, staleAfter: 100 } });
    const source = statisticSource(client, { name: 'Current_In_Queue', ...sales });
    const live: Live = { figures: [source.figure], polls: 0 };
    const changes = record(follow(client, live, [source], { staleAfter: 100, isTokenRenewable: false }));
    await until('it is stale', () => changes.values.some(({ type }) => type === 'stale'));
    expect(changes.values.find(({ type }) => type === 'stale')).toMatchObject({ confirmedAt: null });
    const lines = drawFigures(live, '', { columns: 80, rows: 24, now: Date.now(), unicode: true }).map((line) => paint(line, false));
    expect(lines.at(-1)).toMatch(/^- +Current_In_Queue +-$/);
  });

  it.each([
    ['a wrong token', { GENESYS_TOKEN: canary('wrong') }, []],
    ['no token', {}, []],
    ['a wrong token in no terminal', { GENESYS_TOKEN: canary('wrong') }, ['--json']],
  ])('%s ends it with the reason and what to do', async (_, env, argv) => {
    const simulator = await startSimulator({ token: canary('right') });
    const run = watch.run(['Current_In_Queue', 'Queue/Sales@SIP', '--base-url', simulator.url, ...argv], contextOf(terminal(), { env: { TERM: 'xterm', ...env } }));
    await expect(run).rejects.toThrow(/answered 401: .*\. Check GENESYS_API_KEY and GENESYS_TOKEN, or their files; genesys-statistics doctor finds which\.$/);
  });

  it('reads the key and the token from files, and the token again when it is refused', async () => {
    const directory = makeDirectory();
    const [keyFile, tokenFile] = [join(directory, 'key'), join(directory, 'token')];
    writeFileSync(keyFile, `${canary('key')}\n`);
    writeFileSync(tokenFile, `${canary('token-1')}\n`);
    const simulator = await startSimulator({ apiKey: canary('key'), token: canary('token-1') });
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    const { output, text } = pipe();
    const stop = new AbortController();
    const run = watch.run(['Current_In_Queue', 'Queue/Sales@SIP', '--base-url', simulator.url, '--key-file', keyFile, '--token-file', tokenFile, '--interval', '20'], contextOf({ output }, { stop: stop.signal }));
    await until('the first value', () => text().includes('"value":3'));
    writeFileSync(tokenFile, `${simulator.expireToken(canary('token-2'))}\n`);
    simulator.set({ name: 'Current_In_Queue', ...sales }, 4);
    await until('the value after the new token', () => text().includes('"value":4'));
    stop.abort();
    expect(await run).toBe(0);
    expect(text()).not.toContain(mark);
  });

  it.each([
    [['A', 'Queue/x', '--demo', '--base-url', 'http://127.0.0.1/'], '--demo and --base-url are two servers'],
    [['A', 'Queue/x'], 'which server? Give --base-url URL, or set GENESYS_STATISTICS_URL; --demo starts one that is simulated'],
    [['A', 'Queue/x', '--base-url', 'nonsense'], '--base-url must be an absolute URL'],
    [['A', 'Queue/x', '--base-url', 'http://host.example/'], 'or with --allow-insecure'],
    [['A', 'Queue/x', '--base-url', 'http://127.0.0.1/', '--key-file', '/no/such'], '--key-file: there is no file /no/such'],
    [['A', 'Queue/x', '--board', 'b.json'], '--board says what to watch: leave A Queue/x out'],
    [['--board', '/'], '--board: / is a folder, not a file'],
    [['--board', '/no/such.json'], '--board: there is no file /no/such.json'],
  ])('%j is a usage error', async (argv, message) => {
    await expect(watch.run(argv, contextOf(pipe(), { env: {} }))).rejects.toThrow(message);
    await expect(watch.run(argv, contextOf(pipe(), { env: {} }))).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('--board draws the wallboard of the example, which the demo shows too', async () => {
    const simulator = await startSimulator();
    const board = fileURLToPath(new URL('../../examples/board.json', import.meta.url));
    const { lines } = await shown(watch, ['--board', board, '--base-url', simulator.url, ...fast], { endAfter: ['%', /\d (ready|talking)/] });
    const { title, queues, agents } = JSON.parse(readFileSync(board, 'utf8')) as { title: string; queues: { label: string }[]; agents: string[] };
    expect(lines[1]).toBe(title);
    expect(lines.slice(2).filter((line) => queues.some(({ label }) => line.startsWith(label)))).toHaveLength(queues.length);
    expect(lines.find((line) => line.includes('ready') || line.includes('talking'))).toMatch(new RegExp(`^${agents.length} agents `));
  });
});

describe('peek', () => {
  it('prints values, and why the others are refused', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    simulator.set({ name: 'CurrMaxCallWaitingTime', ...sales }, 75);
    const argv = ['Current_In_Queue,CurrMaxCallWaitingTime,CurrentAgentState', 'Queue/Sales@SIP', '--base-url', simulator.url];
    const { code, lines } = await piped(peek, argv);
    expect(code).toBe(1);
    expect(lines.map(({ type, value }) => [type, value])).toEqual([['statistic', 3], ['statistic', 75], ['error', undefined]]);
    expect(lines.every(({ at, unit }) => typeof at === 'string' && typeof unit === 'string')).toBe(true);
    expect((await shown(peek, [...argv, '--no-color'])).lines).toEqual([
      'Statistic               Object           Value',
      'Current_In_Queue        Queue/Sales@SIP      3',
      'CurrMaxCallWaitingTime  Queue/Sales@SIP   1:15',
      'CurrentAgentState       Queue/Sales@SIP  refused: CurrentAgentState is for Agen~',
    ]);
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('--demo shows a busy hour, whatever the time is', async () => {
    const { lines } = await piped(peek, ['Total_Answered', 'Queue/Sales@SIP', '--demo']);
    expect(new Date(Number(lines[0]?.['timestamp'])).toISOString()).toContain(`${new Date().toISOString().slice(0, 10)}T10:2`);
    expect(lines[0]?.['value']).toBeGreaterThan(100);
  });

  it('several values are one request', async () => {
    const simulator = await startSimulator();
    const { code, lines } = await piped(peek, ['Current_In_Queue', 'Queue/Sales@SIP', 'Queue/Support@SIP', '--base-url', simulator.url]);
    expect({ code, count: lines.length, requests: simulator.ledger.requests.length }).toEqual({ code: 0, count: 2, requests: 1 });
  });

  it('a mistyped name is refused with the one that was meant', async () => {
    const simulator = await startSimulator();
    await expect(peek.run(['Curent_In_Queue', 'Queue/Sales@SIP', '--base-url', simulator.url], contextOf(pipe()))).rejects.toThrow(/did you mean Current_In_Queue\?$/);
  });

  it('a signal ends a request that hangs', async () => {
    const server = await startHostileServer();
    const stop = new AbortController();
    const run = peek.run(['Current_In_Queue', 'Queue/Sales@SIP', '--base-url', server.url], contextOf(pipe(), { stop: stop.signal }));
    stop.abort();
    await expect(run).rejects.toBe(stop.signal.reason);
  });
});

describe('kpi', () => {
  it('shows a formula of the statistics of one answer, with its unit and denominator', async () => {
    const simulator = await startSimulator();
    simulator.set({ name: 'Total_Answered', ...sales }, 87);
    simulator.set({ name: 'Lost', ...sales }, 13);
    const { code, lines } = await piped(kpi, ['abandonRate,answerRate', 'Queue/Sales@SIP', '--input', 'abandoned=Lost', '--base-url', simulator.url, ...fast], { endAfter: [/"kpi","name":"abandonRate"/, /"kpi","name":"answerRate"/] });
    expect(code).toBe(0);
    const found = lines.filter(({ type }) => type === 'kpi');
    expect(found.find(({ name }) => name === 'abandonRate')).toEqual({ type: 'kpi', name: 'abandonRate', ...sales, value: 13, unit: 'percent', of: 100, at: expect.any(String) });
    expect(found.find(({ name }) => name === 'answerRate')).toMatchObject({ value: 87 });
  });

  it('where there is nothing to divide by, it is null, and a dash', async () => {
    const simulator = await startSimulator();
    for (const name of ['Total_Answered', 'Total_Abandoned']) {
      simulator.set({ name, ...support }, 0);
    }
    const argv = ['abandonRate', 'Queue/Support@SIP', '--base-url', simulator.url, ...fast];
    expect((await piped(kpi, argv, { endAfter: [/"kpi"/] })).lines.find(({ type }) => type === 'kpi')).toMatchObject({ value: null, of: 0 });
    expect((await shown(kpi, argv, { endAfter: [/just now.*now/s] })).lines.at(-1)).toMatch(/^now {4}abandonRate +-$/);
  });

  it('knows every formula of the package that has named inputs, and its inputs are right', () => {
    const all = Object.entries(kpis).filter(([, value]) => typeof value === 'function' && 'explain' in value).map(([name]) => name);
    // These two take any keys, or a list.
    expect(Object.keys(formulas).sort()).toEqual(all.filter((name) => name !== 'longestWait' && name !== 'weightedAverage').sort());
    for (const { inputs, optional, explain } of Object.values(formulas)) {
      const keys = [...Object.keys(inputs), ...optional];
      expect(explain(Object.fromEntries(keys.map((key) => [key, 10]))).of).not.toBeNull();
      // Numbers that contradict each other nowhere: parts are small, and what they are parts of is large.
      const numbers = Object.fromEntries(keys.map((key, index) => [key, /^(answered|abandoned|handled|loggedIn|talks|holds|wraps|readyTime)$/.test(key) ? 100 + index : key === 'loginTime' ? 1000 : 10 + index]));
      for (const key of keys) {
        expect(explain({ ...numbers, [key]: (numbers[key] ?? 0) - 3 }), key).not.toEqual(explain(numbers));
      }
    }
  });

  it('each default name is one that is well known', () => {
    const names = Object.values(formulas).flatMap(({ inputs }) => Object.values(inputs)).filter((name) => name !== undefined);
    expect(names.filter((name) => !Object.hasOwn(kpis.statistics, name))).toEqual([]);
  });

  it('--list names each formula with its inputs', async () => {
    const { lines } = await piped(kpi, ['--list']);
    expect(lines.find(({ name }) => name === 'serviceLevel')).toEqual({
      type: 'formula', name: 'serviceLevel', unit: 'percent', objectType: 'Queue',
      inputs: { answeredWithin: 'Total_Answered_In_Threshold', answered: 'Total_Answered', abandoned: 'Total_Abandoned' }, optional: ['shortAbandoned', 'flowOuts'],
    });
    expect((await shown(kpi, ['--list'])).lines.slice(1, 4)).toEqual([
      'serviceLevel              percent, of a Queue', '  answeredWithin          Total_Answered_In_Threshold', '  answered                Total_Answered',
    ]);
  });

  it.each([
    [['abandonRat', 'Queue/Sales@SIP', '--demo'], 'there is no formula "abandonRat"; did you mean abandonRate?'],
    [['constructor', 'Queue/Sales@SIP', '--demo'], 'there is no formula "constructor"; kpi --list names them'],
    [['averageSpeedOfAnswer', 'Queue/Sales@SIP', '--demo'], 'averageSpeedOfAnswer needs waitTime, for which no statistic is well known: give --input waitTime=NAME'],
    [['abandonRate', 'Queue/Sales@SIP', '--demo', '--input', 'lost=X'], '--input: abandonRate takes no "lost", only answered, abandoned, shortAbandoned, flowOuts'],
    [['abandonRate', 'Queue/Sales@SIP', '--demo', '--input', 'lost'], '--input must be KEY=NAME'],
    [['abandonRate'], 'abandonRate of which object?'],
  ])('%j is a usage error', async (argv, message) => {
    await expect(kpi.run(argv, contextOf(pipe(), { env: {} }))).rejects.toThrow(message);
  });
});

describe('simulate', () => {
  it('serves until it is stopped, with the key that is demanded, and says where', async () => {
    const { output, text } = pipe();
    const stop = new AbortController();
    const run = simulate.run(['--port', '0', '--seed', '7'], contextOf({ output }, { stop: stop.signal, env: { GENESYS_API_KEY: canary('key') } }));
    await until('it listens', () => text().includes('\n'));
    const { url } = linesOf(text())[0] as { url: string };
    const argv = ['Current_In_Queue', 'Queue/Sales@SIP', '--base-url', url];
    expect((await piped(peek, argv, { env: { GENESYS_API_KEY: canary('key') } })).code).toBe(0);
    await expect(piped(peek, argv)).rejects.toThrow('403');
    stop.abort();
    expect(await run).toBe(0);
    await expect(piped(peek, argv)).rejects.toThrow('ECONNREFUSED');
  });

  it('serves a roster, a profile and the control plane', async () => {
    const file = join(makeDirectory(), 'centre.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'Desk', agents: ['ann'], queues: ['Help@SIP'] }] }));
    expect((await piped(objects, ['--roster', file, '--type', 'Queue'])).lines.map(({ objectId }) => objectId)).toEqual(['Help@SIP']);
    const { output, text } = pipe();
    const stop = new AbortController();
    const run = simulate.run(['--port', '0', '--roster', file, '--profile', 'seconds', '--control'], contextOf({ output }, { stop: stop.signal }));
    await until('it listens', () => text().includes('\n'));
    const { url } = linesOf(text())[0] as { url: string };
    expect((await piped(peek, ['Current_In_Queue', 'Queue/Help@SIP', '--base-url', url])).lines[0]).toMatchObject({ type: 'statistic', value: expect.any(Number) });
    expect((await fetch(new URL('/__simulator', url))).status).toBe(200);
    stop.abort();
    expect(await run).toBe(0);
  });

  it('begins at the simulated time of --start-at, and tells people which it is', async () => {
    const { output, text } = terminal();
    const stop = new AbortController();
    const run = simulate.run(['--port', '0', '--start-at', '2026-05-04T12:25+02:00'], contextOf({ output }, { stop: stop.signal }));
    await until('it listens', () => text().includes('\n'));
    const [url = '', what] = text().split('\n');
    expect(what).toBe('a simulated contact centre, where it is 10:25 UTC');
    const [line] = (await piped(peek, ['Current_In_Queue', 'Queue/Sales@SIP', '--base-url', url])).lines;
    expect(new Date(Number(line?.['timestamp'])).toISOString()).toMatch(/^2026-05-04T10:2/);
    stop.abort();
    expect(await run).toBe(0);
  });

  it.each([
    [['--start-at', '25:00'], '--start-at must be a time of today in UTC, such as 10:30, or a date and a time, such as 2026-05-04T10:30Z, got "25:00"'],
    [['--start-at', '2026-05-04T10:30'], '--start-at must be'],
    [['--start-at', '2026-13-04T10:30Z'], '--start-at must be'],
    [['--start-at', '2026-02-30T10:30Z'], '--start-at must be'],
    [['--start-at', '1795453483'], '--start-at must be'],
    [['--profile', 'nestd'], '--profile must be one of reference, aas, async, seconds, nested, no-content'],
    [['--roster', '/no/such'], '--roster: there is no file /no/such'],
    [['--roster', '/'], '--roster: / is a folder, not a file'],
    [['--port', '0', '--host', '192.0.2.1'], '--host 192.0.2.1 is not an address of this machine'],
    [['--roster', fileURLToPath(new URL('../../package.json', import.meta.url))], 'package.json: roster'],
  ])('%j is a usage error', async (argv, message) => {
    await expect(simulate.run(argv, contextOf(pipe()))).rejects.toThrow(message);
    await expect(simulate.run(argv, contextOf(pipe()))).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('a port that is taken is a usage error', async () => {
    await using other = await createSimulator();
    await expect(simulate.run(['--port', String(other.port)], contextOf(pipe()))).rejects.toThrow(`port ${other.port} is taken by another program`);
  });
});

describe('catalogue and objects', () => {
  it('lists the well-known statistics, and says which are made up', async () => {
    const { lines } = await piped(catalogue, []);
    expect(lines.map(({ name }) => name)).toEqual(Object.keys(kpis.statistics));
    expect(lines.find(({ name }) => name === 'Current_In_Queue')).toEqual({
      type: 'known', name: 'Current_In_Queue', unit: 'count', objectTypes: ['RoutePoint', 'GroupAgents', 'Queue'], seenIn: ['aas'], madeUp: false,
    });
    expect(lines.find(({ name }) => name === 'RingDuration')).toMatchObject({ madeUp: true });
    expect((await piped(catalogue, ['wait', '--type', 'groupagents'])).lines.map(({ name }) => name)).toEqual(['CurrMaxCallWaitingTimeAG', 'AverageWaitingTime', 'AverageWaitingTimeAG']);
    expect((await shown(catalogue, ['LongestIdle'])).lines).toEqual(['Statistic        Unit     Object types  Seen in', 'LongestIdleTime  seconds  GroupAgents   cloud']);
  });

  it('lists the objects of the simulator, all of which it knows', async () => {
    const { lines } = await piped(objects, []);
    expect(lines.filter(({ objectType, objectId }) => objectType === 'Queue' && objectId === 'Sales@SIP')).toHaveLength(1);
    expect(lines.filter(({ objectType }) => objectType === 'Agent').map(({ objectId }) => objectId)).toEqual(expect.arrayContaining(['kim', 'yuki']));
    expect(lines.every(({ source, madeUp }) => typeof source === 'string' || madeUp === true)).toBe(true);
    expect((await piped(objects, ['--type', 'queue', '--queues', '2'])).lines.map(({ objectId }) => objectId).sort()).toEqual(['9000@SIP_Switch', 'Billing@SIP', 'Queue0001@SIP', 'Queue0002@SIP', 'Sales@SIP', 'Support@SIP']);
  });

  it('lists the objects of a board with their labels', async () => {
    const file = join(makeDirectory(), 'board.json');
    writeFileSync(file, JSON.stringify({ queues: [{ objectId: '+15550123456@us-east-1', objectType: 'RoutePoint', label: 'Hotline' }], agents: ['kim'] }));
    expect((await piped(objects, ['--board', file])).lines).toEqual([
      { type: 'object', objectType: 'RoutePoint', objectId: '+15550123456@us-east-1', label: 'Hotline' },
      { type: 'object', objectType: 'Agent', objectId: 'kim', label: 'kim' },
    ]);
  });
});
