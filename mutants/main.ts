/**
 * Planted bugs: `npm run mutants`. Each mutant of the catalogue is planted in a copy of the project, one at a time. The tests
 * that the catalogue names are run until one fails, and then all others. A bug that no test finds is a hole in the suite:
 * the command ends with 1. It also does if a mutant's code is not there any more.
 *
 * `npm run mutants -- --only createDeleter` takes the mutants whose place or promise contains the word; `--list` runs nothing;
 * `--quick` runs the named tests only, so other tests may find a survivor. `npm run mutants:all` (Stryker) is for breadth.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutants } from './catalogue.ts';
import { plant, type Mutant } from './mutant.ts';
import { openWorkshop, readSources, type Outcome, type Workshop } from './workshop.ts';

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
  },
});

const project = fileURLToPath(new URL('..', import.meta.url));
/** Milliseconds. The named tests of a mutant take a few seconds, all others a minute or two. */
const timeLimits = { all: 600_000, named: 60_000, others: 300_000 };
/**
 * What finds no bug of its own accord: it reads the sources' text, or the built files, which no bug is planted in, or it measures.
 * A mutant may name one all the same.
 */
const unasked = /^(architecture|bench|browser|cli|docs|mutants|package|types)\/|^faults\/(churn|exit|journal)$|^security\/(canary-watch|linear|policy)$/;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);
const everyTest = readdirSync(`${project}test`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.replaceAll('\\', '/').replace(/\.test\.ts$/, ''));

type Fate = Outcome & { readonly mutant: Mutant };

async function tryOut(workshop: Workshop, mutant: Mutant): Promise<Fate> {
  const takeOut = workshop.plant(mutant);
  try {
    const outcome = await workshop.run(mutant.tests, { timeout: timeLimits.named });
    if (outcome.kind !== 'passed' || asked.quick) {
      return { ...outcome, mutant };
    }
    const others = everyTest.filter((test) => !unasked.test(test) && !mutant.tests.includes(test));
    return { ...(await workshop.run(others, { timeout: timeLimits.others })), mutant };
  } finally {
    takeOut();
  }
}

function tell({ mutant, ...fate }: Fate): string {
  switch (fate.kind) {
    case 'failed':
      return `killed    ${mutant.breaks} | by ${fate.by}`;
    case 'timeout':
      return `timeout   ${mutant.breaks}`;
    case 'passed':
      return `SURVIVED  ${mutant.breaks} | ${mutant.in}`;
  }
}

async function run(chosen: readonly Mutant[]): Promise<number> {
  const workshops = Array.from({ length: Number(asked.workers) }, () => openWorkshop(project));
  const end = (): void => workshops.forEach((workshop) => workshop.close());
  const interrupted = (): void => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const named = [...new Set(chosen.flatMap(({ tests }) => tests))];
    const sound = await workshops[0]?.run(named, { timeout: timeLimits.all, workers: workshops.length });
    if (sound?.kind !== 'passed') {
      print(`FAILED: with no bug planted, the tests do not pass: ${sound?.kind === 'failed' ? sound.by : 'they take too long'}`);
      return 1;
    }
    const left = [...chosen];
    const fates: Fate[] = [];
    await Promise.all(
      workshops.map(async (workshop) => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          const fate = await tryOut(workshop, next);
          fates.push(fate);
          print(tell(fate));
        }
      }),
    );
    const survivors = fates.filter(({ kind }) => kind === 'passed');
    const timeouts = fates.filter(({ kind }) => kind === 'timeout').length;
    const killed = fates.length - survivors.length;
    const percent = (100 * killed) / fates.length;
    survivors.map(tell).forEach(print);
    print(`${killed} of ${fates.length} killed, ${percent.toFixed(1)} %${timeouts === 0 ? '' : `; ${timeouts} of them by the time they took`}`);
    return survivors.length > 0 ? 1 : 0;
  } finally {
    end();
  }
}

const chosen = mutants.filter(({ breaks, in: place }) => breaks.includes(asked.only) || place.includes(asked.only));
const sources = readSources(project);
const misfits = chosen.flatMap((mutant) => {
  try {
    plant(sources, mutant);
    return [];
  } catch (error) {
    return [String(error)];
  }
});
if (misfits.length > 0) {
  misfits.forEach(print);
  process.exitCode = 1;
} else if (asked.list || chosen.length === 0) {
  chosen.forEach((mutant) => print(`${mutant.breaks}\n  in ${mutant.in}\n  - ${mutant.find}\n  + ${mutant.replace}`));
  print(`${chosen.length} mutants`);
} else {
  process.exitCode = await run(chosen);
}
