/**
 * Redraws a terminal in place. Owns the alternate screen, the cursor, and the difference between frames. Writes only changed cells,
 * and nothing until the terminal has accepted the last frame.
 */
import type { WriteStream } from 'node:tty';
import { paint, type Line, type Span } from './spans.js';

export interface Screen {
  /** Shows these lines. Does nothing while the terminal is busy, or after `leave`. */
  draw(lines: readonly Line[]): void;
  /** Restores the terminal, then calls `done`. */
  leave(done?: () => void): void;
  /** Takes the terminal again; the next frame is written as a whole. */
  enter(): void;
}

const escape = '\x1b[';
// The alternate screen preserves the previous content. The cursor is hidden, because it would flicker, and lines do not wrap.
const entering = `${escape}?1049h${escape}?25l${escape}?7l`;
const leaving = `${escape}?7h${escape}?25h${escape}?1049l`;
/** Characters that are certainly one column wide: ASCII, and the bars of a trend. */
const narrow = /^[ -~\u2581-\u2588]$/;
/** If fewer equal cells than this lie between two changes, writing them is cheaper than skipping them. */
const cheapestSkip = 6;

export function openScreen(terminal: WriteStream, color: boolean): Screen {
  let shown: readonly Line[] = [];
  let size = '';
  let isEntered = false;
  stopBlocking(terminal);
  // Also restores when the process exits at once, after a second signal or a bug.
  const restore = (): void => void terminal.write(leaving);

  function enter(): void {
    if (!isEntered) {
      isEntered = true;
      process.on('exit', restore);
    }
    size = '';
    terminal.write(entering);
  }

  enter();
  return {
    enter,
    leave(done) {
      isEntered = false;
      process.off('exit', restore);
      terminal.write(leaving, () => done?.());
    },
    draw(lines) {
      if (!isEntered || terminal.writableLength > 0) {
        return;
      }
      const { columns, rows } = terminal;
      const frame = lines.slice(0, Math.max(1, rows));
      const isNew = size !== `${columns}x${rows}`;
      const before = isNew ? [] : shown;
      const length = Math.max(frame.length, before.length);
      const text = Array.from({ length }, (_, row) => difference(before[row] ?? [], frame[row] ?? [], row + 1, color)).join('');
      size = `${columns}x${rows}`;
      shown = frame;
      if (isNew || text !== '') {
        terminal.write(`${isNew ? `${escape}2J` : ''}${text}`);
      }
    },
  };
}

/** Makes writes asynchronous. By default, Node writes to terminals synchronously, so a slow one would delay every poll. */
function stopBlocking(terminal: WriteStream): void {
  (terminal as { _handle?: { setBlocking?: (blocking: boolean) => void } })._handle?.setBlocking?.(false);
}

/** The text to write in order to turn one line into another. */
function difference(before: Line, after: Line, row: number, color: boolean): string {
  if (before.length === after.length && before.every(({ text, colour }, index) => text === after[index]?.text && colour === after[index].colour)) {
    return '';
  }
  const [old, now] = [cellsOf(before, color), cellsOf(after, color)];
  if ([...old, ...now].some(({ text }) => !narrow.test(text))) {
    // Such characters may be wider than one column, so positions after them are uncertain. The line is cleared first, because after a
    // full line the cursor is still on its last column.
    return paint(before, color) === paint(after, color) ? '' : `${moveTo(row, 1)}${escape}K${paint(after, color)}`;
  }
  const differs = (column: number): boolean => column < now.length && !isSame(old[column], now[column]);
  let written = '';
  for (let column = 0; column < now.length; column++) {
    if (differs(column)) {
      let end = column + 1;
      for (let ahead = end; ahead < end + cheapestSkip && ahead < now.length; ahead++) {
        end = differs(ahead) ? ahead + 1 : end;
      }
      written += `${moveTo(row, column + 1)}${paint(joined(now.slice(column, end)), color)}`;
      column = end - 1;
    }
  }
  return old.length > now.length ? `${written}${moveTo(row, now.length + 1)}${escape}K` : written;
}

const moveTo = (row: number, column: number): string => `${escape}${row};${column}H`;

function cellsOf(line: Line, color: boolean): Span[] {
  return line.flatMap(({ text, colour }) => Array.from(text, (character) => ({ text: character, colour: color ? colour : undefined })));
}

/** Whether two cells look the same. A blank has no visible colour, and a line is blank beyond its end. */
function isSame(old: Span = { text: ' ' }, now: Span = { text: ' ' }): boolean {
  return old.text === now.text && (old.text === ' ' || old.colour === now.colour);
}

/** Joins neighbouring cells of one colour, so that the colour is set only once. */
function joined(cells: readonly Span[]): Line {
  const spans: Span[] = [];
  for (const cell of cells) {
    const last = spans.at(-1);
    if (last !== undefined && last.colour === cell.colour) {
      spans[spans.length - 1] = { ...last, text: last.text + cell.text };
    } else {
      spans.push(cell);
    }
  }
  return spans;
}
