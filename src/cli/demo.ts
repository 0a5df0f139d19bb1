/**
 * The demo: a simulated contact centre, the real client over real HTTP, and what it sees on a wallboard or as lines of
 * JSON. Owns its start and its clean end, whatever ends it.
 */
import { pipeline } from 'node:stream/promises';
import type { WriteStream } from 'node:tty';
import { auditTime, fromEvent, interval, lastValueFrom, merge, NEVER, of, Subject, takeUntil, tap, timer, type Observable } from 'rxjs';
import { createStatisticsClient, type StatisticsClientOptions } from '../index.js';
import { toNdjson, toReadable } from '../node/index.js';
import { createSimulator } from '../simulator/index.js';
import type { DemoArguments } from './arguments.js';
import { createBoard, liveBoard, type Board, type Change } from './board.js';
import { openScreen, type Screen } from './screen.js';
import { paint } from './spans.js';
import { drawBoard } from './wallboard.js';

/** Simulated seconds per second: a wallboard on which something happens. */
const speed = 10;
/** At most so often is anything written. */
const redrawEvery = 250;
/** So often the ages are looked at. */
const ageEvery = 1000;
/** On a terminal without a cursor to move, pictures stand below each other. */
const pictureEvery = 10_000;
/** Lines waiting for a slow reader; beyond that the oldest go. */
const maxLines = 10_000;
const demoKey = 'demo-key-of-the-simulator';
const queues = ['Sales@SIP', 'Support@SIP', 'Billing@SIP'];
const agents = [
  'kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'emma', 'max', 'pat', 'lee', 'toni', 'kai', 'noa', 'priya', 'ivan', 'zoe', 'omar', 'yuki',
];

/** Runs until `stop` aborts or `duration` is over. Resolves to the exit code: 1 when no answer ever came. */
export async function runDemo(options: DemoArguments, stop: AbortSignal, output: WriteStream = process.stdout): Promise<number> {
  const simulator = options.baseUrl === undefined ? await createSimulator({ seed: options.seed, speed, apiKey: demoKey }) : undefined;
  try {
    const maxInterval = options.interval * 5;
    const staleAfter = maxInterval * 2 + 10_000;
    const client = createStatisticsClient({
      ...(simulator === undefined ? serverInEnvironment(options.baseUrl ?? '') : { baseUrl: simulator.url, apiKey: demoKey }),
      poll: { interval: options.interval, maxInterval, staleAfter },
    });
    const source = options.baseUrl ?? `a simulated contact centre, ${speed} times as fast as life`;
    const board = createBoard(`Genesys statistics of ${source}`, queues, agents);
    const ended$ = merge(
      fromEvent(stop, 'abort'),
      stop.aborted ? of(undefined) : NEVER,
      options.duration === undefined ? NEVER : timer(options.duration),
    );
    let cutShort = false;
    try {
      const change$ = liveBoard(client, board, staleAfter).pipe(takeUntil(ended$));
      if (options.json || !output.isTTY) {
        cutShort = await printLines(change$, output);
      } else if (process.env['TERM'] === 'dumb') {
        cutShort = await printPictures(change$, board, output);
      } else {
        cutShort = await showBoard(change$, board, output);
      }
    } finally {
      await client.close();
    }
    return board.answeredAt === undefined && !cutShort ? 1 : 0;
  } finally {
    await simulator?.close();
  }
}

/** The key and the token never come from the command line, where every other user of the machine could read them. */
function serverInEnvironment(baseUrl: string): StatisticsClientOptions {
  const { GENESYS_API_KEY: apiKey, GENESYS_TOKEN: token } = process.env;
  return { baseUrl, apiKey, token };
}

/** Resolves whether the reader went away first, as `head` does when it has enough. */
async function printLines(change$: Observable<Change>, output: WriteStream): Promise<boolean> {
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

/** Redraws in place when something changed, and for the ages. Resolves whether the terminal went away first. */
async function showBoard(change$: Observable<Change>, board: Board, output: WriteStream): Promise<boolean> {
  const color = (process.env['NO_COLOR'] ?? '') === '';
  const screen = openScreen(output, color);
  const draw = (): void => screen.draw(drawBoard(board, canvasOf(output)));
  const giveBack = whileSuspended(screen, draw);
  draw();
  let isGone: boolean;
  try {
    isGone = await follow(change$, output, draw, redrawEvery, merge(interval(ageEvery), fromEvent(output, 'resize')));
  } finally {
    giveBack();
    screen.leave();
  }
  if (!isGone) {
    // What was seen last stays on the ordinary screen.
    printPicture(board, output, color);
  }
  return isGone;
}

/** Plain lines, for terminals that know no more. */
function printPictures(change$: Observable<Change>, board: Board, output: WriteStream): Promise<boolean> {
  return follow(change$, output, () => printPicture(board, output, false), pictureEvery).finally(() => printPicture(board, output, false));
}

function printPicture(board: Board, output: WriteStream, color: boolean): void {
  if (output.writableLength === 0) {
    output.write(`${drawBoard(board, canvasOf(output)).map((line) => paint(line, color)).join('\n')}\n\n`);
  }
}

/** Draws after changes, at most every `pause` milliseconds, until they end. Resolves whether the terminal went away first. */
async function follow(change$: Observable<Change>, output: WriteStream, draw: () => void, pause: number, more$: Observable<unknown> = NEVER): Promise<boolean> {
  let isGone = false;
  const gone$ = fromEvent(output, 'error').pipe(tap(() => (isGone = true)));
  const changed = new Subject<void>();
  const over = new Subject<void>();
  const watched$ = change$.pipe(tap({ next: () => changed.next(), complete: () => over.next() }));
  const redraw$ = merge(changed, more$).pipe(auditTime(pause), tap(draw), takeUntil(over));
  // In this order, since changes may end as soon as they are subscribed to.
  await lastValueFrom(merge(redraw$, watched$).pipe(takeUntil(gone$)), { defaultValue: undefined });
  return isGone;
}

const canvasOf = ({ columns, rows }: WriteStream) => ({ columns, rows, now: Date.now() });

/** Ctrl-Z gets the ordinary terminal, `fg` the board again. Returns how to stop minding. */
function whileSuspended(screen: Screen, draw: () => void): () => void {
  const suspend = (): void => screen.leave(() => process.kill(process.pid, 'SIGSTOP'));
  const resume = (): void => {
    screen.enter();
    draw();
  };
  process.on('SIGTSTP', suspend).on('SIGCONT', resume);
  return () => void process.off('SIGTSTP', suspend).off('SIGCONT', resume);
}
