/** A screen on a terminal that keeps what it was sent, and takes it as slowly as a test wants. */
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { openScreen } from '../../../src/cli/terminal/screen.js';
import type { Line } from '../../../src/cli/terminal/spans.js';

function terminal(): { output: WriteStream; taken: () => string; busy: (is: boolean) => void; columns: (count: number) => void } {
  let text = '';
  let release: (() => void) | undefined;
  let isBusy = false;
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (isBusy) {
        release = done;
      } else {
        done();
      }
    },
  });
  const output = Object.assign(stream, { isTTY: true, columns: 80, rows: 24 });
  return {
    output: output as unknown as WriteStream,
    taken: () => {
      const all = text;
      text = '';
      return all;
    },
    busy(is) {
      isBusy = is;
      if (!is) {
        release?.();
      }
    },
    columns: (count) => (output.columns = count),
  };
}

const line = (text: string): Line => [{ text }];

describe('the screen', () => {
  it('writes the cells that differ, and nothing where none does', () => {
    const { output, taken } = terminal();
    const screen = openScreen(output, true);
    expect(taken()).toBe('\x1b[?1049h\x1b[?25l\x1b[?7l');
    screen.draw([line('waiting 1'), line('a line that stays')]);
    expect(taken()).toBe('\x1b[2J\x1b[1;1Hwaiting 1\x1b[2;1Ha line that stays');
    screen.draw([line('waiting 2'), line('a line that stays')]);
    expect(taken()).toBe('\x1b[1;9H2');
    screen.draw([line('waiting 2'), line('a line that stays')]);
    expect(taken()).toBe('');
    screen.draw([line('waiting')]);
    expect(taken()).toBe('\x1b[1;8H\x1b[K\x1b[2;1H\x1b[K');
    screen.leave();
  });

  it('writes a change of colour, unless there are no colours', () => {
    const { output, taken } = terminal();
    const coloured = openScreen(output, true);
    coloured.draw([[{ text: 'ok', colour: 'green' }]]);
    taken();
    coloured.draw([[{ text: 'ok', colour: 'red' }]]);
    expect(taken()).toBe('\x1b[1;1H\x1b[31mok\x1b[39m');
    coloured.leave();
    const plain = openScreen(output, false);
    plain.draw([[{ text: 'ok', colour: 'green' }]]);
    taken();
    plain.draw([[{ text: 'ok', colour: 'red' }]]);
    expect(taken()).toBe('');
    plain.leave();
  });

  it('writes the whole line where a character may be wider than a column', () => {
    const { output, taken } = terminal();
    const screen = openScreen(output, false);
    screen.draw([line('東京 1')]);
    taken();
    screen.draw([line('東京 2')]);
    expect(taken()).toBe('\x1b[1;1H\x1b[K東京 2');
    screen.leave();
  });

  it('writes a trend cell by cell, and a full line to its last column', () => {
    const { output, taken } = terminal();
    const screen = openScreen(output, false);
    const full = (trend: string, value: string): Line => line(`${trend}${value.padStart(80 - trend.length)}`);
    screen.draw([full('▁▂▃', '5.8%')]);
    expect(taken()).toMatch(/5\.8%$/);
    screen.draw([full('▂▃▄', '5.9%')]);
    expect(taken()).toBe('\x1b[1;1H▂▃▄\x1b[1;79H9');
    screen.leave();
  });

  it('skips frames while the terminal is busy, and then shows the newest', () => {
    const { output, taken, busy } = terminal();
    const screen = openScreen(output, false);
    screen.draw([line('1')]);
    taken();
    busy(true);
    screen.draw([line('2')]);
    screen.draw([line('3')]);
    screen.draw([line('4')]);
    expect(taken()).toBe('\x1b[1;1H2');
    busy(false);
    screen.draw([line('5')]);
    expect(taken()).toBe('\x1b[1;1H5');
    screen.leave();
  });

  it('writes everything again after a resize, and after the terminal was left and taken again', () => {
    const { output, taken, columns } = terminal();
    const screen = openScreen(output, false);
    screen.draw([line('same')]);
    columns(40);
    taken();
    screen.draw([line('same')]);
    expect(taken()).toBe('\x1b[2J\x1b[1;1Hsame');
    screen.leave();
    expect(taken()).toBe('\x1b[?7h\x1b[?25h\x1b[?1049l');
    screen.draw([line('unseen')]);
    expect(taken()).toBe('');
    screen.enter();
    screen.draw([line('same')]);
    expect(taken()).toBe('\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[1;1Hsame');
    screen.leave();
  });
});
