/**
 * Planted bugs: `npm run mutants`. Each mutant of the catalogue is planted in a copy of the project, one at a time, and the
 * tests are run until one fails: those that the catalogue names, and if these pass all others. A bug that no test finds is a
 * hole in the suite. Ends with 1 when fewer than 95 % are found, or when a mutant does not apply any more.
 *
 * `npm run mutants -- --only deleter` takes those whose file, or what they break, says so; `--list` runs nothing; `--quick`
 * leaves it at the tests that are named, so that a survivor may be one that others find.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutants } from './catalogue.ts';
import { nameOf, plant, type Mutant } from './mutant.ts';
import { openWorkshop, type Outcome, type Workshop } from './workshop.ts';

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
  },
});

const project = fileURLToPath(new URL('..', import.meta.url));
/** Percent. */
const mostSurvive = 5;
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
      return `killed    ${nameOf(mutant)} | by ${fate.by}`;
    case 'timeout':
      return `timeout   ${nameOf(mutant)}`;
    case 'passed':
      return `SURVIVED  ${nameOf(mutant)} | ${mutant.explained ?? 'unexplained: no test tells it from the source as it is'}`;
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
    return percent < 100 - mostSurvive ? 1 : 0;
  } finally {
    end();
  }
}

const chosen = mutants.filter((mutant) => nameOf(mutant).includes(asked.only));
const misfits = chosen.flatMap((mutant) => {
  try {
    plant(readFileSync(`${project}src/${mutant.file}`, 'utf8'), mutant);
    return [];
  } catch (error) {
    return [String(error)];
  }
});
if (misfits.length > 0) {
  misfits.forEach(print);
  process.exitCode = 1;
} else if (asked.list || chosen.length === 0) {
  chosen.forEach((mutant) => print(`${nameOf(mutant)}\n  - ${mutant.find.trim()}\n  + ${mutant.replace.trim()}`));
  print(`${chosen.length} mutants`);
} else {
  process.exitCode = await run(chosen);
}
