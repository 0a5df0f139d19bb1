/** The specs beside the tiles of the wallboard, and that of the Angular guide, run by `ng test` as a user of the Angular CLI runs them. Needs the built package. */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const application = fileURLToPath(new URL('../../examples/angular-wallboard', import.meta.url));
const ng = fileURLToPath(new URL('../../node_modules/@angular/cli/bin/ng.js', import.meta.url));

/** The guide's example is no application of its own, so it is compiled with the wallboard. */
const alsoOfGuide = ['--ts-config', '../../test/wallboard/tsconfig.specs.json', '--include', '**/*.spec.ts', '--include', '../../angular/*.spec.ts'];

interface Report {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly failureMessages: readonly string[] }[] }[];
}

it('ng test runs a spec of each tile and that of the guide, and all of them pass', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wallboard-specs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const report = join(folder, 'report.json');
  // Its exit code is in the report, with the reasons.
  const said = await promisify(execFile)(process.execPath, [ng, 'test', ...alsoOfGuide, '--reporters', 'json', '--output-file', report], { cwd: application, env: { ...withoutVitest(process.env), NG_CLI_ANALYTICS: 'false' } }).catch(String);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(results.filter(({ status }) => status !== 'passed').map(({ title, failureMessages }) => [title, ...failureMessages]), JSON.stringify(said)).toEqual([]);
  const tiles = globSync('src/app/{wall,agents}/{*-tile,agents}.ts', { cwd: application }).map((path) => basename(path, '.ts'));
  expect(testResults.map(({ name }) => basename(name, '.spec.ts')).sort()).toEqual(expect.arrayContaining(tiles));
  expect(testResults.map(({ name }) => name)).toContainEqual(expect.stringMatching(/examples\/angular\/waiting-tile\.spec\.ts$/));
}, 120_000);

/** The run of `ng test` is no part of the run that this test belongs to. */
function withoutVitest(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('VITEST') && name !== 'NODE_ENV' && name !== 'TEST'));
}
