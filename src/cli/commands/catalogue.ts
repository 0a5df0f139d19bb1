/** `catalogue`: lists the well-known statistics, and the sources of each name. */
import { statistics, type KnownStatistic, type SeenIn } from '../../kpi/index.js';
import { defineCommand } from '../arguments/command.js';
import { readText } from '../arguments/option.js';
import { outputOptions } from '../server.js';
import { printTable } from '../terminal/print-table.js';

const places: Readonly<Record<SeenIn, string>> = {
  aas: 'AAS',
  cloud: 'cloud',
  documentation: 'docs',
  code: 'code',
  simulator: 'made up',
};

export const catalogue = defineCommand({
  name: 'catalogue',
  summary: 'lists the well-known statistics, and where each name was seen',
  operands: '[WORD...]',
  about: [
    'Names are configuration: your server may lack any of these, and have others. They were seen in the', 'definitions of Genesys\' agent-api-simulator (AAS), in a list of a cloud account, in Genesys\'',
    'documentation, in other public code, or nowhere: those are made up, and only the simulator has them.', 'With words, only names that hold one of them are listed.',
  ],
  options: {
    type: { placeholder: 'TYPE', what: 'only statistics of this object type, such as Queue', read: readText },
    json: { what: 'a line of JSON for each statistic, as into a pipe' },
    'no-color': outputOptions['no-color'],
  },
  examples: [
    { line: 'catalogue', what: 'all of them' },
    { line: 'catalogue wait queue', what: 'those with wait or queue in their name' },
    { line: 'catalogue --type Agent --json', what: 'those of agents, as lines of JSON' },
  ],
  async run(given, words, context) {
    const all: readonly KnownStatistic[] = Object.values(statistics);
    const isWanted = ({ name, objectTypes }: KnownStatistic): boolean =>
      (words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase()))) &&
      (given.type === undefined || objectTypes.some((type) => type.toLowerCase() === given.type?.toLowerCase()));
    const wanted = all.filter(isWanted);
    if (wanted.length === 0) {
      context.note('none of the well-known statistics is like that');
    }
    await printTable(
      [
        { title: 'Statistic', width: 9, rank: 0, left: true },
        { title: 'Unit', width: 4, rank: 1, left: true },
        { title: 'Object types', width: 12, rank: 0, left: true, shrinks: true },
        { title: 'Seen in', width: 7, rank: 0, left: true, shrinks: true },
      ],
      wanted.map(({ name, unit, objectTypes, seenIn }) => ({
        cells: [name, unit, objectTypes.join(', '), seenIn.map((place) => places[place]).join(', ')],
        line: { type: 'known', name, unit, objectTypes, seenIn, madeUp: seenIn.every((place) => place === 'simulator') },
      })),
      given,
      context,
    );
    return 0;
  },
});
