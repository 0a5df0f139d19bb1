/** `kpi`: shows live figures that the formulas of `genesys-statistics-rx/kpi` compute from several statistics. */
import { defineCommand, type CommandContext } from '../arguments/command.js';
import { checkInputs, findFormula, inputNames, kpiSource, readInput } from '../kpi/kpi-source.js';
import { formulas } from '../kpi/formulas.js';
import { commonTitle, drawFigures } from '../live/figure-table.js';
import { follow, type Live } from '../live/live.js';
import { outputOptions, pollOptions, serverOptions } from '../server.js';
import { withClient } from '../session.js';
import { readNamesAndObjects } from '../targets.js';
import { show } from '../terminal/show.js';
import { printTable } from '../terminal/print-table.js';

export const kpi = defineCommand({
  name: 'kpi',
  summary: 'shows KPIs live, such as abandonRate or occupancy',
  operands: 'FORMULA[,FORMULA...] TYPE/ID...',
  about: ['Formulas about calls are of a queue, those about time of an agent: --list says which, and of which', 'statistics each is made: ? has to be named, [input] may be. Totals count from when the server first', 'opened them.'],
  options: {
    ...serverOptions,
    input: { placeholder: 'KEY=NAME', what: 'the statistic that an input is on your server; may be repeated', read: readInput, repeats: true },
    list: { what: 'the formulas, and the statistics that they are made of' },
    ...pollOptions,
    ...outputOptions,
  },
  examples: [
    { line: 'kpi abandonRate,answerRate Queue/Sales@SIP Queue/Support@SIP --demo', what: 'two KPIs of two queues of the simulator' },
    { line: 'kpi serviceLevel Queue/Sales@SIP --input answeredWithin=Answered_In_20s', what: 'with the name that your server has for it' },
    { line: 'kpi occupancy Agent/kim --json', what: 'lines of JSON for other programs' },
    { line: 'kpi --list', what: 'what there is' },
  ],
  async run(given, operands, context) {
    if (given.list) {
      await list(given, context);
      return 0;
    }
    const { names, objects } = readNamesAndObjects(operands, 'FORMULA');
    checkInputs(names, given.input);
    names.forEach((name) => inputNames(name, given.input));
    return withClient(given, context, async ({ client, server, ...options }) => {
      const sources = objects.flatMap((object) => names.map((name) => kpiSource(client, name, object, given.input)));
      const live: Live = { figures: sources.map(({ figure }) => figure), polls: 0 };
      const title = commonTitle(live.figures, server.title);
      const isGone = await show({ change$: follow(client, live, sources, options), draw: (canvas) => drawFigures(live, title, canvas), given }, context);
      return live.answeredAt === undefined && !isGone ? 1 : 0;
    });
  },
});

async function list(given: { readonly json: boolean; readonly 'no-color': boolean }, context: CommandContext): Promise<void> {
  await printTable(
    [
      { title: 'Formula, and its inputs', width: 7, rank: 0, left: true },
      { title: 'Unit, and the statistics', width: 4, rank: 0, left: true, shrinks: true },
    ],
    Object.keys(formulas).map((name) => {
      const { unit, of, inputs, optional } = findFormula(name);
      const named = Object.entries(inputs).map(([key, statistic]) => [`  ${key}`, statistic ?? '?']);
      return {
        cells: [name, `${unit}, of a ${of}`],
        more: [...named, ...optional.map((key) => [`  [${key}]`, ''])],
        line: { type: 'formula', name, unit, objectType: of, inputs: Object.fromEntries(Object.entries(inputs).map(([key, statistic]) => [key, statistic ?? null])), optional },
      };
    }),
    given,
    context,
  );
}
