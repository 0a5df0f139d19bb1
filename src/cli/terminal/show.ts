/**
 * Shows changes until they end: as lines of JSON, as a picture redrawn in place, or as plain pictures. Owns the reactions to a reader
 * that goes away, to a resize and to Ctrl-Z. Does not know what the pictures show.
 */
import { pipeline } from 'node:stream/promises';
import type { WriteStream } from 'node:tty';
import { auditTime, fromEvent, interval, lastValueFrom, merge, NEVER, of, Subject, takeUntil, tap, timer, type Observable } from 'rxjs';
import { toNdjson, toReadable } from '../../node/index.js';
import type { CommandContext } from '../arguments/command.js';
import { openScreen, type Screen } from './screen.js';
import { paint, type Line } from './spans.js';

/** The size and abilities of the terminal, and the time, for which a picture is drawn. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the terminal can show more than ASCII. */
  readonly unicode: boolean;
}

export interface Show {
  readonly change$: Observable<object>;
  readonly draw: (canvas: Canvas) => Line[];
  readonly given: { readonly json: boolean; readonly 'no-color': boolean; readonly duration: number | undefined };
}

/** The least milliseconds between two frames. */
const redrawEvery = 250;
/** Milliseconds between two updates of the ages. */
const ageEvery = 1000;
/** Milliseconds between two pictures on a terminal whose cursor cannot be moved. */
const pictureEvery = 10_000;
/** The most lines that wait for a slow reader. If there are more, the oldest are dropped. */
const maxLines = 10_000;

/** Shows changes until they end, `duration` is over, or `stop` aborts. Resolves to whether the reader went away first. */
export function show({ change$, draw, given }: Show, { output, stop, env }: CommandContext): Promise<boolean> {
  const shown$ = change$.pipe(takeUntil(ending(given.duration, stop)));
  const drawn = (): Line[] => draw(canvasOf(output, env));
  if (given.json || !output.isTTY) {
    return printLines(shown$, output);
  }
  if (env['TERM'] === 'dumb') {
    return printPictures(shown$, drawn, output);
  }
  return showInPlace(shown$, drawn, output, hasColours(given, env));
}

/** Emits when `duration` is over, or `stop` aborts. */
export function ending(duration: number | undefined, stop: AbortSignal): Observable<unknown> {
  return merge(fromEvent(stop, 'abort'), stop.aborted ? of(undefined) : NEVER, duration === undefined ? NEVER : timer(duration));
}

export function hasColours(given: { readonly 'no-color': boolean }, env: NodeJS.ProcessEnv): boolean {
  return !given['no-color'] && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Whether the locale is UTF-8. All terminals on Windows are. */
function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((name) => name !== undefined && name !== '');
  return process.platform === 'win32' || (env['TERM'] !== 'dumb' && env['TERM'] !== 'linux' && /utf-?8/i.test(locale ?? ''));
}

function canvasOf({ columns, rows }: WriteStream, env: NodeJS.ProcessEnv): Canvas {
  // A terminal may not know its size yet.
  return { columns: columns || 80, rows: rows || 24, now: Date.now(), unicode: hasUnicode(env) };
}

/** Prints lines. Resolves to whether the reader went away first, as `head` does when it has enough. */
async function printLines(change$: Observable<object>, output: WriteStream): Promise<boolean> {
  try {
    await pipeline(toReadable(change$, { backPressure: { buffer: maxLines } }), toNdjson(), output, { end: false });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
      return true;
    }
    throw error;
  }
}

/** Redraws in place after changes, and to update the ages. Resolves to whether the terminal went away first. */
async function showInPlace(change$: Observable<object>, drawn: () => Line[], output: WriteStream, color: boolean): Promise<boolean> {
  const screen = openScreen(output, color);
  const draw = (): void => screen.draw(drawn());
  const giveBack = whileSuspended(screen, draw);
  draw();
  let isGone: boolean;
  try {
    isGone = await redraw(change$, output, draw, redrawEvery, merge(interval(ageEvery), fromEvent(output, 'resize')));
  } finally {
    giveBack();
    screen.leave();
  }
  if (!isGone) {
    // Print the last picture on the normal screen, where it stays.
    printPicture(drawn(), output, color);
  }
  return isGone;
}

/** Prints pictures as plain lines, for terminals whose cursor cannot be moved. */
function printPictures(change$: Observable<object>, drawn: () => Line[], output: WriteStream): Promise<boolean> {
  const print = (): void => printPicture(drawn(), output, false);
  return redraw(change$, output, print, pictureEvery).then((isGone) => {
    print();
    return isGone;
  });
}

function printPicture(lines: readonly Line[], output: WriteStream, color: boolean): void {
  if (output.writableLength === 0) {
    output.write(`${lines.map((line) => paint(line, color)).join('\n')}\n\n`);
  }
}

/** Draws after changes, at most every `pause` milliseconds, until they end. Resolves to whether the terminal went away first. */
async function redraw(change$: Observable<object>, output: WriteStream, draw: () => void, pause: number, more$: Observable<unknown> = NEVER): Promise<boolean> {
  let isGone = false;
  const gone$ = fromEvent(output, 'error').pipe(tap(() => (isGone = true)));
  const changed = new Subject<void>();
  const over = new Subject<void>();
  const watched$ = change$.pipe(tap({ next: () => changed.next(), complete: () => over.next() }));
  const redraw$ = merge(changed, more$).pipe(auditTime(pause), tap(draw), takeUntil(over));
  // Subscribe to `redraw$` first, because changes may end as soon as they are subscribed to.
  await lastValueFrom(merge(redraw$, watched$).pipe(takeUntil(gone$)), { defaultValue: undefined });
  return isGone;
}

/** Lets Ctrl-Z restore the terminal, and `fg` draw the picture again. Returns a function that removes both handlers. */
function whileSuspended(screen: Screen, draw: () => void): () => void {
  const suspend = (): void => screen.leave(() => process.kill(process.pid, 'SIGSTOP'));
  const resume = (): void => {
    screen.enter();
    draw();
  };
  process.on('SIGTSTP', suspend).on('SIGCONT', resume);
  return () => void process.off('SIGTSTP', suspend).off('SIGCONT', resume);
}
