/** The demo in this process, on a terminal made up of what it was sent. */
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { runDemo } from '../../src/cli/demo.js';
import { startSimulator } from '../support/journey.js';

function terminal(columns = 80): { output: WriteStream; text: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows: 24 });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { output: stream as unknown as WriteStream, text: () => text };
}

const options = { json: false, duration: 1200, interval: 200, seed: 1, baseUrl: undefined };
const never = new AbortController().signal;

describe('the demo on a terminal', () => {
  it('redraws in place, puts the cursor back, and leaves the last picture behind', async () => {
    const { output, text } = terminal();
    expect(await runDemo(options, never, output)).toBe(0);
    const [before = '', after = ''] = text().split('\u001b[?1049l');
    expect(before.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true);
    expect(before.split('\u001b[H').length).toBeGreaterThan(3);
    expect(before.endsWith('\u001b[?25h')).toBe(true);
    const lines = stripVTControlCharacters(after).split('\n');
    expect(lines[0]).toBe('Genesys statistics of a simulated contact centre, 10 times as fast as life');
    expect(lines.find((line) => line.startsWith('Sales@SIP'))).toMatch(/^Sales@SIP( +[\d:.%]+){7}$/);
    expect(lines.filter((line) => /^(kim|alex|noa) /.test(line))).toHaveLength(3);
    expect(after).toMatch(/live \| 54 statistics in \d+ subscriptions \| \d+ polls/);
    expect(lines.every(({ length }) => length <= 80)).toBe(true);
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
    expect(coloured.text()).toContain('\u001b[1m');
  });

  it('stopped before it began, it opens nothing', async () => {
    const simulator = await startSimulator();
    const { output } = terminal();
    expect(await runDemo({ ...options, baseUrl: simulator.url }, AbortSignal.abort(), output)).toBe(1);
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('piped, it prints lines that name what is wrong with a row', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'status', operation: 'open', status: 400, times: Infinity });
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    expect(await runDemo({ ...options, duration: 500, baseUrl: simulator.url }, never, stream as unknown as WriteStream)).toBe(1);
    const lines = text.trim().split('\n').map((line) => JSON.parse(line) as { type: string; objectId?: string });
    expect(new Set(lines.flatMap(({ type, objectId }) => (type === 'error' ? [objectId] : [])))).toContain('Sales@SIP');
  });
});
