/**
 * A copy of the project in a folder of its own, where one bug at a time is planted and the tests are run. Nothing is ever
 * changed in the working tree. Owns the folder and the processes in it; knows nothing of what the results are good for.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { plant, type Mutant, type Sources } from './mutant.ts';

/** What a run of tests came to. */
export type Outcome =
  | { readonly kind: 'passed' }
  /** `by`: the first test that failed. */
  | { readonly kind: 'failed'; readonly by: string }
  | { readonly kind: 'timeout' };

export interface Workshop {
  /** Runs test files, named below `test` without `.test.ts`, until the first fails. */
  run(tests: readonly string[], options: { readonly timeout: number; readonly workers?: number }): Promise<Outcome>;
  /** Plants a bug; the answer takes it out again. */
  plant(mutant: Mutant): () => void;
  close(): void;
}

/** Not copied: what is made, what is linked, and what the tests have no business with. */
const left = new Set(['node_modules', '.git', 'coverage']);

export function openWorkshop(project: string): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  const report = join(folder, 'report.json');
  readdirSync(project)
    .filter((name) => !left.has(name))
    .forEach((name) => cpSync(join(project, name), join(folder, name), { recursive: true }));
  // A folder of links, not a link to the folder: vitest keeps its cache in there.
  mkdirSync(join(folder, 'node_modules'));
  readdirSync(join(project, 'node_modules'))
    .filter((name) => !/^\.(vite|cache)/.test(name))
    .forEach((name) => symlinkSync(join(project, 'node_modules', name), join(folder, 'node_modules', name)));
  const sources = readSources(project);
  let kill = (): void => undefined;

  return {
    async run(tests, { timeout, workers = 1 }) {
      rmSync(report, { force: true });
      const vitest = spawn(
        process.execPath,
        ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', '--maxWorkers', String(workers), '--reporter', 'json', '--outputFile', report, ...tests.map((test) => `test/${test}.test.ts`)],
        { cwd: folder, stdio: 'ignore', detached: true },
      );
      // With all that it has started: a worker that loops for ever hears nothing.
      kill = () => {
        try {
          process.kill(-(vitest.pid ?? 0), 'SIGKILL');
        } catch {
          // It has ended.
        }
      };
      const closed = new Promise<number | null>((resolve) => vitest.on('close', resolve));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), timeout)));
      const code = await Promise.race([closed, late]);
      clearTimeout(timer);
      kill();
      await closed;
      kill = () => undefined;
      return code === 'late' ? { kind: 'timeout' } : code === 0 ? { kind: 'passed' } : { kind: 'failed', by: firstFailure(report) };
    },
    plant(mutant) {
      const { file, text } = plant(sources, mutant);
      const path = join(folder, 'src', file);
      writeFileSync(path, text);
      return () => writeFileSync(path, sources.get(file) ?? '');
    },
    close() {
      kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every source of the project. */
export function readSources(project: string): Sources {
  const files = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Map(files.map((file) => [file, readFileSync(join(project, 'src', file), 'utf8')]));
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function firstFailure(report: string): string {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const failed = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${basename(name, '.test.ts')}: ${fullName}`),
    );
    // Those after the first failure are not run, and count as failed as well: only where no test did is it the file itself.
    const broken = testResults.filter(({ status }) => status === 'failed').map(({ name }) => `${basename(name, '.test.ts')}, as a whole`);
    return failed[0] ?? broken[0] ?? 'an error outside of any test';
  } catch {
    return 'a process that broke down';
  }
}
