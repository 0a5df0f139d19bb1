/** The demo in this process, on a terminal made up of what it was sent. */
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { createBoard, liveBoard, agentNames } from '../../src/cli/board.js';
import { runDemo } from '../../src/cli/demo.js';
import { canary } from '../support/canary.js';
import { record, startClient, startSimulator, until } from '../support/journey.js';

function terminal(columns = 80): { output: WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows: 24 });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { output: stream as unknown as WriteStream, text: () => text };
}

const options = { json: false, duration: 1200, interval: 200, seed: 1, baseUrl: undefined };
const never = new AbortController().signal;

describe('the demo on a terminal', () => {
  it('draws in place, puts the cursor back, and leaves the last picture behind', async () => {
    const { output, text } = terminal();
    expect(await runDemo(options, never, output)).toBe(0);
    const [before = '', after = ''] = text().split('\u001b[?1049l');
    expect(before.startsWith('\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J')).toBe(true);
    expect(before.split('\u001b[2J')).toHaveLength(2);
    expect(before.endsWith('\u001b[?7h\u001b[?25h')).toBe(true);
    const lines = stripVTControlCharacters(after).split('\n');
    expect(lines[0]).toMatch(/^just now, live, 72 statistics in \d+ subscriptions?, \d+ polls?$/);
    expect(lines.find((line) => line.startsWith('Sales@SIP'))).toMatch(/^Sales@SIP +\d+ +[\d:-]+ +[\d.]+% +[+-][\d.]+ +\d+ of \d+ +[\d.]+% +[\d:]+$/);
    expect(lines.filter((line) => /^(kim|alex|emma) /.test(line))).toHaveLength(3);
    expect(lines.every(({ length }) => length <= 80)).toBe(true);
  });

  it('prints plain pictures where no cursor can be moved', async () => {
    const { output, text } = terminal();
    const { TERM } = process.env;
    process.env['TERM'] = 'dumb';
    try {
      expect(await runDemo(options, never, output)).toBe(0);
    } finally {
      process.env['TERM'] = TERM;
    }
    expect(text()).not.toContain('\u001b');
    expect(text()).toMatch(/^Sales@SIP +\d/m);
  });

  it('is in colour, unless NO_COLOR says otherwise', async () => {
    const { output, text } = terminal();
    process.env['NO_COLOR'] = '1';
    try {
      await runDemo({ ...options, duration: 300 }, never, output);
    } finally {
      delete process.env['NO_COLOR'];
    }
     
    expect(text()).not.toMatch(/\u001b\[\d+m/);
    const coloured = terminal();
    await runDemo({ ...options, duration: 300 }, never, coloured.output);
    expect(coloured.text()).toContain('\u001b[90m');
  });

  it('stopped before it began, it opens nothing', async () => {
    const simulator = await startSimulator();
    const { output } = terminal();
    expect(await runDemo({ ...options, baseUrl: simulator.url }, AbortSignal.abort(), output)).toBe(1);
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('piped, it reports once why everything is refused, and what to do', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const run = runDemo({ ...options, duration: undefined, baseUrl: simulator.url }, never, stream as unknown as WriteStream);
    await expect(run).rejects.toThrow(/^the server refuses every statistic: POST \/subscriptions answered 403: .*\. Check GENESYS_API_KEY and GENESYS_TOKEN\.$/);
    expect(text).not.toContain('"type":"error"');
  });

  it('piped, every line has its time, and every figure its unit and few decimals', async () => {
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    expect(await runDemo(options, never, stream as unknown as WriteStream)).toBe(0);
    const lines = text.trim().split('\n').map((line) => JSON.parse(line) as { type: string; at: string; unit?: string; value?: unknown });
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['statistic', 'kpi', 'health']));
    expect(lines.every(({ at }) => new Date(at).toISOString() === at)).toBe(true);
    const figures = lines.filter(({ type }) => type !== 'health');
    expect(new Set(figures.map(({ unit }) => unit))).toEqual(new Set(['count', 'seconds', 'percent', 'state']));
    expect(figures.every(({ value }) => typeof value !== 'number' || /^-?\d+(\.\d{1,2})?$/.test(String(value)))).toBe(true);
  });
});

describe('the board', () => {
  it('names each statistic that is refused, once another is accepted', async () => {
    const simulator = await startSimulator();
    const changes = record(liveBoard(startClient(simulator.url), createBoard('', ['Sales@SIP'], ['nobody']), 500));
    const errors = () => changes.values.flatMap((change) => (change.type === 'error' ? [change.name] : []));
    await until('all of the unknown agent are refused', () => errors().length === agentNames.length);
    expect(new Set(errors())).toEqual(new Set(agentNames));
    expect(changes.values.findIndex(({ type }) => type === 'statistic')).toBeLessThan(changes.values.findIndex(({ type }) => type === 'error'));
  });
});
