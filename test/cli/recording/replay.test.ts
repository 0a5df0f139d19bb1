/** What was recorded is served again: the values and the failures of then, at their times, and no secret. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { record as recordCommand } from '../../../src/cli/commands/record.js';
import { replay } from '../../../src/cli/commands/replay.js';
import type { RecordedExchange } from '../../../src/cli/recording/entry.js';
import { readRecording } from '../../../src/cli/recording/recording-file.js';
import { startReplay } from '../../../src/cli/recording/replay-server.js';
import { createTimeline } from '../../../src/cli/recording/timeline.js';
import { numberOf } from '../../../src/index.js';
import { canary, mark } from '../../support/canary.js';
import { makeDirectory } from '../../support/directory.js';
import { startHostileServer } from '../../support/hostile-server.js';
import { record, sales, startClient, startSimulator, support, until } from '../../support/journey.js';
import { contextOf, linesOf, pipe } from '../../support/terminal.js';

const name = 'Current_In_Queue';

/** A server of a recording whose time the test moves. */
async function serve(exchanges: readonly RecordedExchange[], speed = 1): Promise<{ url: string; at: (time: number) => void }> {
  let now = 0;
  const server = await startReplay(createTimeline(exchanges), { port: 0, speed, now: () => now });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { url: server.url, at: (time) => (now = time) };
}

let ids = 0;
const exchange = (after: number, more: Partial<RecordedExchange>): RecordedExchange => ({
  type: 'exchange', at: new Date(after).toISOString(), after, took: 0, method: 'GET', path: '/subscriptions/a/statistic-values?verbose=OFF', status: 200, ...more,
});
const opened = (after: number, value: number): RecordedExchange => {
  const statistic = { statisticId: 'x', name, ...sales };
  return exchange(after, {
    method: 'POST', path: '/subscriptions?verbose=INFO', body: JSON.stringify({ operationId: 'a', data: { statistics: [statistic] } }),
    answer: JSON.stringify({ status: { code: 0 }, data: { subscriptionId: 'a', statistics: [{ ...statistic, timestamp: 1e12 + after, value: { intValue: value } }] } }),
  });
};
const read = (after: number, value: number): RecordedExchange =>
  exchange(after, { answer: JSON.stringify({ status: { code: 0 }, data: { subscriptionId: 'a', statistics: [{ statisticId: 'x', timestamp: 1e12 + after, value: { intValue: value } }] } }) });

async function open(url: string) {
  const { api } = startClient(url);
  const id = `op-${++ids}`;
  await api.openSubscription(id, [{ statisticId: 's', name, ...sales }]);
  return async () => numberOf((await api.readSubscription(id)).statistics[0]?.value);
}

describe('record', () => {
  it('writes each request and its answer with its time, and no secret, however the server echoes it', async () => {
    const key = canary('key/with&"quotes"');
    const server = await startHostileServer(({ headers, usual }) => ({ body: { ...usual, echo: [headers['x-api-key'], encodeURIComponent(String(headers['x-api-key'])), headers['cookie']] }, headers: { 'set-cookie': `SESSION=${canary('session')}; Path=/` } }));
    const file = join(makeDirectory(), 'r.ndjson');
    const argv = [file, name, 'Queue/Sales@SIP', '--base-url', server.url, '--interval', '50', '--duration', '600'];
    expect(await recordCommand.run(argv, contextOf(pipe(), { env: { GENESYS_API_KEY: key } }))).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(mark);
    expect(text).toContain('***');
    expect(statSync(file).mode & 0o077).toBe(0);
    const [head, ...lines] = linesOf(text);
    expect(head).toEqual({ type: 'recording', version: 1, at: expect.any(String) });
    expect(lines.map(({ method }) => method).filter((method) => method !== 'GET')).toEqual(['POST', 'DELETE']);
    expect(lines.length).toBe(server.requests.length);
    expect(lines[0]).toMatchObject({ path: '/subscriptions?verbose=INFO', status: 200, cookies: ['SESSION'] });
    expect(lines.every(({ after, took, at }) => Number(after) >= 0 && Number(took) >= 0 && !Number.isNaN(Date.parse(String(at))))).toBe(true);
  });

  it('ends with the reason where everything is refused, and keeps what came', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const file = join(makeDirectory(), 'r.ndjson');
    const notes: string[] = [];
    const run = recordCommand.run([file, name, 'Queue/Sales@SIP', '--base-url', simulator.url], contextOf(pipe(), { note: (text) => notes.push(text) }));
    await expect(run).rejects.toThrow('the server refuses every statistic');
    expect((await readRecording(file)).exchanges[0]).toMatchObject({ status: 403 });
    expect(notes.at(-1)).toMatch(/exchanges? in \d+ s: genesys-statistics replay /);
  });

  it.each([
    [[], 'record to which file?'],
    [['/no/such/directory/r.ndjson', name, 'Queue/Sales@SIP', '--demo'], 'the recording cannot be written: there is no folder /no/such/directory'],
    [['r.ndjson', '--demo'], 'which statistics?'],
  ])('%j is a usage error', async (argv, message) => {
    await expect(recordCommand.run(argv, contextOf(pipe()))).rejects.toThrow(message);
  });
});

describe('replay', () => {
  it('gives a client what another saw, whatever it asks for first', async () => {
    const simulator = await startSimulator();
    simulator.set({ name, ...sales }, 3);
    simulator.set({ name, ...support }, 5);
    const file = join(makeDirectory(), 'r.ndjson');
    const notes: string[] = [];
    const stop = new AbortController();
    const run = recordCommand.run([file, name, 'Queue/Sales@SIP', 'Queue/Support@SIP', '--base-url', simulator.url, '--interval', '20'], contextOf(pipe(), { stop: stop.signal, note: (text) => notes.push(text) }));
    await until('it is polled', () => simulator.ledger.count('read') > 3);
    simulator.set({ name, ...sales }, 4);
    const before = simulator.ledger.count('read');
    await until('the new value has been read', () => simulator.ledger.count('read') > before + 2);
    stop.abort();
    expect(await run).toBe(0);

    const { url, at } = await serve((await readRecording(file)).exchanges);
    const values = record(startClient(url).statistic$(name, sales));
    await until('the first value', () => values.values.length === 1);
    expect(numberOf(values.values[0])).toBe(3);
    at(10 * 60_000);
    await until('the second value', () => values.values.length === 2);
    expect(numberOf(values.values[1])).toBe(4);
    const other = record(startClient(url).peek$(name, support));
    await until('another statistic', () => other.completed);
    expect(numberOf(other.values[0])).toBe(5);
  });

  it('keeps the times of values, at the speed that is asked for', async () => {
    const { url, at } = await serve([opened(0, 1), read(1000, 2), read(2000, 3)], 10);
    const value = await open(url);
    expect(await value()).toBe(1);
    at(150);
    expect(await value()).toBe(2);
    at(199);
    expect(await value()).toBe(2);
    at(5000);
    expect(await value()).toBe(3);
  });

  it('fails when the server did: 503 with its Retry-After, no answer, a page', async () => {
    const { url, at } = await serve([
      opened(0, 1),
      exchange(1000, { status: 503, headers: { 'retry-after': '7', 'content-type': 'application/json' }, answer: '{"status":{"code":503,"message":"down"}}' }),
      exchange(2000, { status: undefined, failure: 'ECONNRESET' } as unknown as Partial<RecordedExchange>),
      exchange(3000, { answer: '<html>', headers: { 'content-type': 'text/html' } }),
      read(4000, 2),
    ]);
    const value = await open(url);
    at(1500);
    await expect(value()).rejects.toMatchObject({ httpStatus: 503, retryAfter: 7000, message: expect.stringContaining('down') });
    at(2500);
    await expect(value()).rejects.toMatchObject({ name: 'StatisticsNetworkError' });
    at(3500);
    await expect(value()).rejects.toMatchObject({ kind: 'unreadable' });
    at(4500);
    expect(await value()).toBe(2);
  });

  it('forgets subscriptions when the server did, and opens them anew', async () => {
    const { url, at } = await serve([opened(0, 1), exchange(1000, { status: 404, answer: '{"status":{"code":404}}' }), opened(1100, 2), read(1200, 3)]);
    const value = await open(url);
    expect(await value()).toBe(1);
    at(1050);
    await expect(value()).rejects.toMatchObject({ httpStatus: 404 });
    const again = await open(url);
    at(1300);
    expect(await again()).toBe(3);
  });

  it('leaves out a last line that is cut off, as after a crash, and says so', async () => {
    const file = join(makeDirectory(), 'r.ndjson');
    const lines = [{ type: 'recording', version: 1 }, opened(0, 3), read(1000, 4)].map((line) => JSON.stringify(line)).join('\n');
    writeFileSync(file, lines.slice(0, -20));
    expect(await readRecording(file)).toEqual({ exchanges: [opened(0, 3)], isCutOff: true });
    writeFileSync(file, lines);
    expect((await readRecording(file)).isCutOff).toBe(false);
    writeFileSync(file, lines.slice(0, -20));
    const notes: string[] = [];
    expect(await replay.run([file, '--port', '0', '--duration', '1'], contextOf(pipe(), { note: (text) => notes.push(text) }))).toBe(0);
    expect(notes).toEqual([`the last line of ${file} is cut off, and is left out`]);
  });

  it('refuses what was never recorded', async () => {
    const { url } = await serve([opened(0, 1)]);
    const { api } = startClient(url);
    await expect(api.openSubscription('op', [{ statisticId: 's', name: 'Nope', ...sales }])).rejects.toThrow('the recording has no Nope of Queue/Sales@SIP');
    await expect(startClient(url.replace('v3', 'v2')).api.getStatistic(name, sales)).rejects.toMatchObject({ httpStatus: 404 });
  });

  it.each([
    ['', 'holds no exchange'],
    ['no json\n', 'line 1 is not JSON'],
    ['{"type":"recording","version":1}\n{"type":"exch\n{"type":"exchange"}\n', 'line 2 is not JSON'],
    ['{"type":"recording","version":2}\n', 'line 1 must be {"type":"recording","version":1,...}'],
    ['{"type":"recording","version":1}\n{"type":"exchange"}\n', 'line 2 lacks after, took, method or path'],
  ])('a file that is no recording (%j) is a usage error', async (text, message) => {
    const file = join(makeDirectory(), 'r.ndjson');
    writeFileSync(file, text);
    await expect(replay.run([file], contextOf(pipe()))).rejects.toThrow(message);
  });

  it('says where it serves, and ends by itself', async () => {
    const file = join(makeDirectory(), 'r.ndjson');
    writeFileSync(file, `${[{ type: 'recording', version: 1, at: '' }, opened(0, 1)].map((line) => JSON.stringify(line)).join('\n')}\n`);
    const { output, text } = pipe();
    expect(await replay.run([file, '--port', '0', '--duration', '100'], contextOf({ output }))).toBe(0);
    expect(linesOf(text())).toEqual([{ type: 'listening', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/statistics\/v3$/), port: expect.any(Number), at: expect.any(String) }]);
    await expect(replay.run(['/no/such/file'], contextOf(pipe()))).rejects.toThrow('there is no file /no/such/file');
    await expect(replay.run([], contextOf(pipe()))).rejects.toThrow('replay takes one FILE');
  });
});
