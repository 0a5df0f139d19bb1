/**
 * `npm run model -- --runs 1000000`: runs this number of lives that the suite does not run, from a seed that it prints, and a tenth
 * as many pairs of lives that must be alike. Exits with 1 at the first failure, which is printed in its shrunk form, with the options
 * that replay it.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    /** The seed of the first ten thousand lives. The next ten thousand have the next seed. */
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** The seed and the path that a failure has printed, to replay it. */
    path: { type: 'string' },
    replay: { type: 'string' },
  },
});

process.stderr.write(`${values.runs} lives from seed ${values.seed}\n`);
const files = ['test/model/model.test.ts', ...(values.path === undefined ? ['test/model/metamorphic.test.ts'] : [])];
const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files, '--disable-console-intercept'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    MODEL_RUNS: values.runs,
    METAMORPHIC_RUNS: String(Math.ceil(Number(values.runs) / 10)),
    MODEL_SEED: values.seed,
    ...(values.path === undefined ? {} : { MODEL_PATH: values.path }),
    ...(values.replay === undefined ? {} : { MODEL_REPLAY: values.replay }),
  },
});
vitest.on('close', (code) => {
  process.stderr.write(`${values.runs} lives from seed ${values.seed}: ${code === 0 ? 'nothing went wrong' : 'see above; again with --runs 1 --seed, --path and --replay as printed'}\n`);
  process.exitCode = code ?? 1;
});
