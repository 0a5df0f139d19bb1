/** `replay`: serves a recording, as if it were the server. */
import { defineCommand } from '../arguments/command.js';
import { positiveNumber, wholeNumber } from '../arguments/option.js';
import { UsageError } from '../arguments/usage-error.js';
import { readRecording } from '../recording/recording-file.js';
import { startReplay } from '../recording/replay-server.js';
import { createTimeline } from '../recording/timeline.js';
import { outputOptions } from '../server.js';
import { announce, cannotListen, untilEnded } from '../serving.js';
import { plural, shortAge } from '../terminal/texts.js';

export const replay = defineCommand({
  name: 'replay',
  summary: 'serves a recording again, with its values and its failures at their times',
  operands: 'FILE',
  about: ['Any program may ask for any of the recorded statistics, in any order. Time begins with the first', 'request; behind its end the last values stay.'],
  options: {
    speed: { placeholder: 'N', what: 'times as fast as it was recorded (default 1)', read: positiveNumber(10_000) },
    port: { placeholder: 'PORT', what: 'to listen on, on 127.0.0.1 (default 8080; 0 takes a free one)', read: wholeNumber(0, 65_535) },
    json: { what: 'the address as a line of JSON, as into a pipe' },
    duration: outputOptions.duration,
  },
  examples: [
    { line: 'replay morning.ndjson', what: 'on http://127.0.0.1:8080/statistics/v3' },
    { line: 'replay outage.ndjson --speed 60 --port 0', what: 'an hour in a minute, on a free port' },
  ],
  async run(given, [file, ...more], context) {
    if (file === undefined || more.length > 0) {
      throw new UsageError('replay takes one FILE, such as record writes');
    }
    const { exchanges, isCutOff } = await readRecording(file);
    if (isCutOff) {
      context.note(`the last line of ${file} is cut off, and is left out`);
    }
    const timeline = createTimeline(exchanges);
    const port = given.port ?? 8080;
    await using server = await startReplay(timeline, { port, speed: given.speed ?? 1, now: () => performance.now() }).catch((error: unknown) => {
      throw cannotListen(error, port);
    });
    await announce(server, `${plural(timeline.statistics, 'statistic')}, ${shortAge(timeline.length)}, from ${file}`, given, context);
    await untilEnded(context.stop, given.duration);
    return 0;
  },
});
