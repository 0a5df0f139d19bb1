/** `record`: watches statistics, and writes their requests and answers to a file for `replay`. */
import { ignoreElements, lastValueFrom, takeUntil } from 'rxjs';
import { fetchTransport } from '../../index.js';
import { defineCommand } from '../arguments/command.js';
import { readText } from '../arguments/option.js';
import { UsageError } from '../arguments/usage-error.js';
import { createBoard } from '../board/board.js';
import { readBoardFile } from '../board/board-file.js';
import { statisticSource } from '../live/figure.js';
import { follow, type Live } from '../live/live.js';
import { observed } from '../recording/exchange.js';
import { writeRecording } from '../recording/recording-file.js';
import { openServer, outputOptions, pollOptions, serverOptions } from '../server.js';
import { withServer } from '../session.js';
import { readTargets } from '../targets.js';
import { ending } from '../terminal/show.js';
import { plural } from '../terminal/texts.js';

export const record = defineCommand({
  name: 'record',
  summary: 'writes requests and answers, with their times, to a file',
  operands: 'FILE NAME[,NAME...] TYPE/ID...',
  about: ['The file holds a line of JSON for each request and its answer. It holds no key, no token and no', 'cookie, but it does hold the values and the ids of objects.'],
  options: {
    ...serverOptions,
    board: { placeholder: 'FILE', what: 'record the statistics of a wallboard instead', read: readText },
    ...pollOptions,
    duration: outputOptions.duration,
  },
  examples: [
    { line: 'record day.ndjson Current_In_Queue,ServiceLevel Queue/Sales@SIP --duration 1h', what: 'an hour of two statistics' },
    { line: 'record outage.ndjson --board board.json', what: 'the wallboard of your own centre, until Ctrl-C' },
  ],
  async run(given, operands, context) {
    const [file, ...rest] = operands;
    if (file === undefined) {
      throw new UsageError('record to which file? Give FILE NAME[,NAME...] TYPE/ID...');
    }
    const plan = given.board === undefined ? undefined : await readBoardFile(given.board);
    const targets = plan === undefined ? readTargets(rest) : [];
    const server = await openServer(given, context);
    const recording = await writeRecording(file, server.options.baseUrl.replace(/\/+$/, '')).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    const started = Date.now();
    try {
      return await withServer(
        server,
        given,
        async ({ client, ...options }) => {
          const sources = plan === undefined ? targets.map((target) => statisticSource(client, target)) : createBoard(client, plan, '').sources;
          const live: Live = { figures: sources.map(({ figure }) => figure), polls: 0 };
          context.note(`recording ${plural(sources.length, 'statistic')} to ${file}${given.duration === undefined ? '; Ctrl-C ends it' : ''}`);
          await lastValueFrom(follow(client, live, sources, options).pipe(ignoreElements(), takeUntil(ending(given.duration, context.stop))), { defaultValue: undefined });
          return live.answeredAt === undefined ? 1 : 0;
        },
        { transport: observed(fetchTransport((url, init) => fetch(url, init)), (exchange) => recording.add(exchange)) },
      );
    } finally {
      await recording.end();
      context.note(`${plural(recording.count, 'exchange')} in ${Math.round((Date.now() - started) / 1000)} s: genesys-statistics replay ${file}`);
    }
  },
});
