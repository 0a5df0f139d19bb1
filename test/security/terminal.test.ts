/**
 * F100: nothing that a server says, or a name that somebody typed, drives the terminal on which it ends up: not by an error,
 * however it is printed, not on the wallboard, not in a line of JSON, and not in what the command says of its arguments.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WriteStream } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { demo } from '../../src/cli/commands/demo.js';
import { StatisticRejectedError, StatisticsApiError, StatisticsNetworkError } from '../../src/index.js';
import { toNdjson } from '../../src/node/index.js';
import { startHostileServer, type Arrived, type Reply } from '../support/hostile-server.js';
import { eventsOf, record, sales, startClient, until } from '../support/journey.js';
import { contextOf } from '../support/terminal.js';

const attacks = {
  'ANSI: clears the screen, moves the cursor': '\u001b[2J\u001b[1;1Howned',
  'OSC: a title, the clipboard, a link': '\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u001b\\\u001b]8;;http://evil/\u0007click\u001b]8;;\u0007',
  'DCS and a report that types by itself': '\u001bP$q"p\u001b\\\u001b[6n\u001b[c',
  'C1: the same in one byte': '\u009b2J\u009d0;owned\u009c\u0090\u0085',
  'blanks that overwrite': 'good\rbad\b\b\b\u007f\u000b\u000c\u0000',
  'another direction, and what hides': 'safe\u202etxt.exe\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u061c\ufeff\u00ad',
  'halves of characters': 'a\ud800b\udfff\ud83d',
  'other ends of a line, and tags': 'one\u2028two\u2029three\u0085four\u{e0041}\u{e007f}',
};
const all = Object.values(attacks).join(' | ');

/** Whatever a terminal, or the eye before it, would take for more than a letter. */
const driving = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function expectTame(text: string): void {
  const lines = text.replaceAll('\t', ' ').split('\n');
  expect(lines.filter((line) => driving.test(line)).map((line) => JSON.stringify(line))).toEqual([]);
}

/** An error as it may be printed. */
function printed(error: unknown): string {
  const { message, stack = '' } = error as Error;
  return [message, stack, String(error), inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error, Object.getOwnPropertyNames(error))].join('\n');
}

const said = (text: string): object => ({ status: { code: 7, message: text, detail: { [text]: [text, { text }] } }, path: text, errors: [{ status: { code: 1, message: text } }] });

describe('F100: an error', () => {
  const answers: Record<string, (text: string) => Reply> = {
    'a message of the server, its path and its detail': (text) => ({ status: 500, body: said(text) }),
    'the same in a success': (text) => ({ status: 200, body: said(text) }),
    'a page': (text) => ({ status: 502, headers: { 'content-type': 'text/html' }, body: `<html>${text}</html>` }),
    'no usable JSON in a success': (text) => ({ status: 200, body: text }),
    'a message besides the envelope': (text) => ({ status: 500, body: { status: 500, message: text, error: text, path: text } }),
    'errors alone': (text) => ({ status: 400, body: { errors: [{ status: { message: text } }] } }),
    'a redirect': (text) => ({ status: 302, headers: { location: `http://${encodeURIComponent(text.toWellFormed())}/` }, body: text }),
  };

  it.each(Object.keys(answers))('about %s', async (what) => {
    for (const text of [...Object.values(attacks), all]) {
      const server = await startHostileServer(() => answers[what]?.(text));
      const error: unknown = await startClient(server.url).api.readSubscription('op-1').catch((reason: unknown) => reason);
      expect([StatisticsApiError, StatisticsNetworkError]).toContain((error as Error).constructor);
      expectTame(printed(error));
    }
  });

  it('and of a stream, in its events and its health, too', async () => {
    const server = await startHostileServer(({ method }) => (method === 'POST' ? { status: 400, body: said(all) } : undefined));
    const client = startClient(server.url);
    const rejected = eventsOf(client, 'rejected');
    const health = record(client.health$);
    const id = all.toWellFormed();
    const name = `Total_Answered ${id.replaceAll('\u0000', '')}`;
    const one = record(client.statistic$(name, { objectId: id, objectType: id }));
    await until('it is refused', () => one.error !== undefined);
    expect(one.error).toBeInstanceOf(StatisticRejectedError);
    expect((one.error as Error).message).toContain('Total_Answered');
    // What was asked for is kept as it is in `definitions`: data, which a console escapes but for its directions.
    expectTame([one.error, rejected[0]?.error, ...health.values.map(({ lastError }) => lastError)].map((error) => `${String((error as Error | undefined)?.message)}\n${(error as Error | undefined)?.stack ?? ''}`).join('\n'));
  });

  it('about an argument', () => {
    const { statistic$, subscription$ } = startClient('http://127.0.0.1:1');
    const messages = [
      () => statistic$(all.repeat(100), sales),
      () => subscription$({ [all]: { name: '', ...sales } }),
      () => startClient(`ftp://host/${all}`),
      () => startClient('http://127.0.0.1:1', { [all]: 1 }),
      () => startClient('http://127.0.0.1:1', { headers: { [all]: 'a' } }),
      () => startClient('http://127.0.0.1:1', { poll: { verbose: all as 'OFF' } }),
    ].map((call) => {
      try {
        call();
        return 'nothing is thrown';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages).not.toContain('nothing is thrown');
    expectTame(messages.join('\n'));
  });

  it('of a transport', async () => {
    const cause = Object.assign(new Error(all, { cause: new Error(all) }), { [all]: all, data: all });
    const { api } = startClient('http://127.0.0.1:1', { transport: () => Promise.reject(cause) });
    const error: unknown = await api.readSubscription('op-1').catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('got no answer');
    expectTame(printed(error));
  });
});

describe('F100: the demo', () => {
  /** Every kind of answer with something in it. */
  const answer = ({ method, target, usual, statistics }: Arrived): Reply | undefined => {
    if (method === 'DELETE') {
      return undefined;
    }
    if (method === 'POST' && statistics.some(({ objectId }) => objectId === 'Support@SIP')) {
      return { status: 400, body: said(all) };
    }
    if (method === 'POST' && statistics.some(({ objectId }) => objectId === 'Billing@SIP')) {
      return { status: 503, body: said(all) };
    }
    const known = (usual.data?.['statistics'] ?? []) as object[];
    const values = known.map((statistic) => ({ ...statistic, extra: all, value: { status: all, [all]: [all], stringValue: all } }));
    return target.includes('/subscriptions') ? { body: { ...usual, data: { ...usual.data, statistics: values } } } : { status: 500, body: said(all) };
  };

  async function shown(isTTY: boolean): Promise<string> {
    const server = await startHostileServer(answer);
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 200, rows: 40 });
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await demo.run(['--duration', '900', '--interval', '100', '--base-url', server.url], contextOf({ output: stream as unknown as WriteStream }));
    return text;
  }

  it('on a terminal: sends no sequence but its own', async () => {
    const text = await shown(true);
    expect(text).toContain('answered 503: ');
    expect(text).toContain('owned');
     
    // The server's text clears the screen and then writes "owned": of our own sequences none stands before that.
    expect(text).not.toMatch(/\u001b\[[\d;]*[HJ]owned/);
    expectTame(text.replace(/\u001b\[(?:\?1049[hl]|\?25[hl]|\?7[hl]|\d+;\d+H|2J|K|\d{1,2}m)/g, ''));
  });

  it('as JSON: writes none at all, and a value as data', async () => {
    const text = await shown(false);
    expectTame(text);
    const lines = text.trim().split('\n').map((line) => JSON.parse(line) as { type: string; value?: unknown; message?: string });
    expect(lines.find(({ type }) => type === 'error')?.message).toContain('owned');
    const values = lines.filter(({ type }) => type === 'statistic').map(({ value }) => value);
    expect(values.some((value) => typeof value === 'string' && value.length > 20 && all.startsWith(value))).toBe(true);
  });

  it.each([[`\u001b[2J`], ['demo', `--base-url=http://host\u009b2J/`], ['demo', `--seed=\u202e1`], ['demo', '--\u001b[2J']])('says what is wrong with its arguments, plainly (%#)', async (...args) => {
    const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
    const child = spawn(process.execPath, [main, ...args]);
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(2);
    expect(text).toMatch(/^genesys-statistics: /);
    expectTame(text);
  });
});

describe('toNdjson', () => {
  it('writes what terminals and readers of lines would obey as JSON\'s own escapes: the same data', async () => {
    const values = [...Object.values(attacks), { [all]: [all] }, 'ü€😀 as they are'];
    let text = '';
    await pipeline(Readable.from(values), toNdjson(), async (lines) => {
      for await (const line of lines) {
        text += String(line);
      }
    });
    expectTame(text);
    expect(text).toContain('ü€😀 as they are');
    expect(text.trimEnd().split(/\r\n|[\n\u0085\u2028\u2029]/)).toHaveLength(values.length);
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(values);
  });
});
