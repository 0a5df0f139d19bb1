/**
 * The demo: a simulated contact centre, the real client over real HTTP, and what it sees on a wallboard or as lines of
 * JSON. Owns its start and its clean end, whatever ends it.
 */
import { pipeline } from 'node:stream/promises';
import type { WriteStream } from 'node:tty';
import {
  endWith, fromEvent, ignoreElements, interval, lastValueFrom, merge, NEVER, of, startWith, takeUntil, takeWhile, tap, timer,
  type Observable,
} from 'rxjs';
import { createStatisticsClient, type StatisticsClientOptions } from '../index.js';
import { toNdjson, toReadable } from '../node/index.js';
import { createSimulator } from '../simulator/index.js';
import type { DemoArguments } from './arguments.js';
import { createBoard, liveBoard, type Board, type Change } from './board.js';
import { drawBoard } from './wallboard.js';
import { openScreen } from './screen.js';

/** Simulated seconds per second: a wallboard on which something happens. */
const speed = 10;
const redrawEvery = 250;
/** Lines waiting for a slow reader; beyond that the oldest go. */
const maxLines = 10_000;
const demoKey = 'demo-key-of-the-simulator';
const queues = ['Sales@SIP', 'Support@SIP', 'Billing@SIP'];
const agents = ['kim', 'alex', 'sam', 'robin', 'chris', 'jo', 'max', 'pat', 'lee', 'toni', 'kai', 'noa'];

/** Runs until `stop` aborts or `duration` is over. Resolves to the exit code: 1 when no answer ever came. */
export async function runDemo(options: DemoArguments, stop: AbortSignal, output: WriteStream = process.stdout): Promise<number> {
  const simulator = options.baseUrl === undefined ? await createSimulator({ seed: options.seed, speed, apiKey: demoKey }) : undefined;
  try {
    const client = createStatisticsClient({
      ...(simulator === undefined ? serverInEnvironment(options.baseUrl ?? '') : { baseUrl: simulator.url, apiKey: demoKey }),
      poll: { interval: options.interval, maxInterval: options.interval * 5 },
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
      const change$ = liveBoard(client, board).pipe(takeUntil(ended$));
      if (options.json || !output.isTTY) {
        cutShort = await printLines(change$, output);
      } else {
        await showBoard(change$, board, output);
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

/** Redraws in place while changes come, and often enough for the clocks to run. */
async function showBoard(change$: Observable<Change>, board: Board, output: WriteStream): Promise<void> {
  const screen = openScreen(output);
  const color = (process.env['NO_COLOR'] ?? '') === '';
  try {
    await lastValueFrom(
      merge(change$.pipe(ignoreElements(), endWith('end')), interval(redrawEvery).pipe(startWith(0))).pipe(
        takeWhile((tick) => tick !== 'end'),
        tap(() => screen.draw(drawBoard(board, { columns: output.columns, rows: output.rows, color, now: Date.now() }))),
      ),
      { defaultValue: 0 },
    );
  } finally {
    screen.end();
  }
  // What was seen last stays on the ordinary screen.
  output.write(`${drawBoard(board, { columns: output.columns, rows: output.rows, color, now: Date.now() }).join('\n')}\n`);
}
