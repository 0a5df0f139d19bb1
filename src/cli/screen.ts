/** A terminal that is redrawn in place: only its lines are written, the rest of each is cleared. Puts the cursor back at the end. */
import type { WriteStream } from 'node:tty';

export interface Screen {
  draw(lines: readonly string[]): void;
  end(): void;
}

const escape = '\x1b[';

export function openScreen(terminal: WriteStream): Screen {
  // The alternate screen keeps what was there before; the cursor would flicker.
  terminal.write(`${escape}?1049h${escape}?25l`);
  return {
    draw(lines) {
      const shown = lines.slice(0, Math.max(1, terminal.rows - 1));
      terminal.write(`${escape}H${shown.map((line) => `${line}${escape}K\n`).join('')}${escape}J`);
    },
    end() {
      terminal.write(`${escape}?25h${escape}?1049l`);
    },
  };
}
