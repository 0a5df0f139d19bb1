/** `watch`: shows any statistics live, in a table or on a wallboard. */
import { defineCommand } from '../arguments/command.js';
import { readText } from '../arguments/option.js';
import { UsageError } from '../arguments/usage-error.js';
import { readBoardFile } from '../board/board-file.js';
import { showBoard } from '../board/show-board.js';
import { statisticSource } from '../live/figure.js';
import { commonTitle, drawFigures } from '../live/figure-table.js';
import { follow, type Live } from '../live/live.js';
import { outputOptions, pollOptions, serverOptions } from '../server.js';
import { withClient } from '../session.js';
import { readTargets } from '../targets.js';
import { show } from '../terminal/show.js';

export const watch = defineCommand({
  name: 'watch',
  summary: 'shows statistics live, in a table or on your own wallboard',
  operands: 'NAME[,NAME...] TYPE/ID...',
  about: ['Every name is shown of every object. An object is its type and its id: Queue/Sales@SIP,', 'Agent/kim, RoutePoint/+15550123456@us-east-1, GroupAgents/Team1.'],
  options: {
    ...serverOptions,
    board: { placeholder: 'FILE', what: 'a wallboard instead: { queues, agents, names, targets } as JSON,\nsee docs/cli.md', read: readText },
    ...pollOptions,
    ...outputOptions,
  },
  examples: [
    { line: 'watch Current_In_Queue Queue/Sales@SIP Queue/Support@SIP --demo', what: 'two queues of the simulator' },
    { line: 'watch Total_Answered,Total_Abandoned Queue/Sales@SIP --interval 10s', what: 'two statistics of your own server' },
    { line: 'watch CurrentAgentState Agent/kim --json | jq .value', what: 'lines of JSON for other programs' },
    { line: 'watch --board board.json', what: 'the wallboard of your own centre' },
  ],
  async run(given, operands, context) {
    if (given.board !== undefined) {
      if (operands.length > 0) {
        throw new UsageError(`--board says what to watch: leave ${operands.join(' ')} out`);
      }
      const plan = await readBoardFile(given.board);
      return withClient(given, context, (session) => showBoard(session, plan, given, context));
    }
    const targets = readTargets(operands);
    return withClient(given, context, async ({ client, server, ...options }) => {
      const sources = targets.map((target) => statisticSource(client, target));
      const live: Live = { figures: sources.map(({ figure }) => figure), polls: 0 };
      const title = commonTitle(live.figures, server.title);
      const isGone = await show({ change$: follow(client, live, sources, options), draw: (canvas) => drawFigures(live, title, canvas), given }, context);
      return live.answeredAt === undefined && !isGone ? 1 : 0;
    });
  },
});
