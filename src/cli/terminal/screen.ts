/**
 * A terminal that is redrawn in place. Owns the alternate screen, the cursor, and what of a frame has to be written: the
 * cells that differ, and nothing while the terminal has not taken the frame before.
 */
import type { WriteStream } from 'node:tty';
import { paint, type Line, type Span } from './spans.js';

export interface Screen {
  /** Shows these lines, or does nothing while the terminal is busy or left. */
  draw(lines: readonly Line[]): void;
  /** Gives the terminal back as it was; `done` is called once it has taken that. */
  leave(done?: () => void): void;
  /** Takes the terminal again; the next frame is written as a whole. */
  enter(): void;
}

const escape = '\x1b[';
// The alternate screen keeps what was there before; the cursor would flicker; a line too wide must not wrap.
const entering = `${escape}?1049h${escape}?25l${escape}?7l`;
const leaving = `${escape}?7h${escape}?25h${escape}?1049l`;
/** What is certainly one column wide: ASCII, and the columns of a trend. */
const narrow = /^[ -~\u2581-\u2588]$/;
/** So few equal cells between two changes are cheaper to write than to skip. */
const cheapestSkip = 6;

export function openScreen(terminal: WriteStream, color: boolean): Screen {
  let shown: readonly Line[] = [];
  let size = '';
  let isEntered = false;
  stopBlocking(terminal);
  // Also where the process ends at once, by a second signal or a bug.
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

/** Node writes to terminals synchronously: without this a slow one would hold up every poll. */
function stopBlocking(terminal: WriteStream): void {
  (terminal as { _handle?: { setBlocking?: (blocking: boolean) => void } })._handle?.setBlocking?.(false);
}

/** What has to be written to turn one line into another. */
function difference(before: Line, after: Line, row: number, color: boolean): string {
  if (before.length === after.length && before.every(({ text, colour }, index) => text === after[index]?.text && colour === after[index].colour)) {
    return '';
  }
  const [old, now] = [cellsOf(before, color), cellsOf(after, color)];
  if ([...old, ...now].some(({ text }) => !narrow.test(text))) {
    // Such characters may be wider than one column, so that no position behind them is certain. Cleared first: behind a full line,
    // the cursor still stands on its last column.
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

/** A blank has no colour, and beyond its end a line is blank. */
function isSame(old: Span = { text: ' ' }, now: Span = { text: ' ' }): boolean {
  return old.text === now.text && (old.text === ' ' || old.colour === now.colour);
}

/** Neighbours of one colour as one span, so that the colour is set once. */
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
