/** `objects`: lists the objects of the simulator, or of a board. */
import { createSimulator } from '../../simulator/index.js';
import { defineCommand } from '../arguments/command.js';
import { readText, wholeNumber } from '../arguments/option.js';
import { readBoardFile } from '../board/board-file.js';
import { readRoster } from '../roster-file.js';
import { outputOptions } from '../server.js';
import type { TypedId } from '../targets.js';
import { printTable } from '../terminal/print-table.js';

interface Listed extends TypedId {
  readonly label?: string;
  /** The public source that shows the name, if any. */
  readonly source?: string | undefined;
  readonly madeUp?: boolean | undefined;
}

export const objects = defineCommand({
  name: 'objects',
  summary: 'lists the objects of the simulator, or of a board',
  about: ['The API itself lists no objects: ask the administrator of your server which there are.'],
  options: {
    board: { placeholder: 'FILE', what: 'those of a wallboard instead', read: readText },
    roster: { placeholder: 'FILE', what: 'those of a simulator with this roster', read: readText },
    agents: { placeholder: 'N', what: 'agents of the simulator beside the 18 that there are', read: wholeNumber(0, 100_000) },
    queues: { placeholder: 'N', what: 'queues of the simulator beside the 3 that there are', read: wholeNumber(0, 100_000) },
    type: { placeholder: 'TYPE', what: 'only those of this type, such as Queue', read: readText },
    json: { what: 'a line of JSON for each object, as into a pipe' },
    'no-color': outputOptions['no-color'],
  },
  examples: [
    { line: 'objects', what: 'those of the simulator' },
    { line: 'objects --board board.json --type Agent', what: 'the agents of your wallboard' },
  ],
  async run(given, _, context) {
    const all = given.board === undefined ? await simulated(given) : await ofBoard(given.board);
    const wanted = all.filter(({ objectType }) => given.type === undefined || objectType.toLowerCase() === given.type.toLowerCase());
    await printTable(
      [
        { title: 'Object', width: 6, rank: 0, left: true, shrinks: true },
        { title: given.board === undefined ? 'Seen in' : 'Label', width: 5, rank: 1, left: true },
      ],
      wanted.map(({ objectId, objectType, label, source, madeUp }) => ({
        cells: [`${objectType}/${objectId}`, label ?? source ?? 'made up'],
        line: { type: 'object', objectType, objectId, label, source, madeUp },
      })),
      given,
      context,
    );
    return 0;
  },
});

/** @throws UsageError for an unusable roster */
async function simulated({ roster: file, agents, queues }: { readonly roster: string | undefined; readonly agents: number | undefined; readonly queues: number | undefined }): Promise<Listed[]> {
  const roster = file === undefined ? undefined : await readRoster(file);
  await using simulator = await createSimulator({ roster, agents, queues, listen: false });
  return [...simulator.objects()];
}

async function ofBoard(file: string): Promise<Listed[]> {
  const { queues, agents } = await readBoardFile(file);
  return [...queues, ...agents];
}
