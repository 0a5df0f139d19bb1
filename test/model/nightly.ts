/**
 * `npm run model -- --runs 1000000`: lives as many lives that the suite does not, from a seed that it prints.
 * Ends with 1 at the first that goes wrong, which is printed shrunk, with what it takes to have it again.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    /** Of the first ten thousand; the next have the next. */
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** Both as a failure has printed them. */
    path: { type: 'string' },
    replay: { type: 'string' },
  },
});

process.stderr.write(`${values.runs} lives from seed ${values.seed}\n`);
const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/model/model.test.ts', '--disable-console-intercept'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    MODEL_RUNS: values.runs,
    MODEL_SEED: values.seed,
    ...(values.path === undefined ? {} : { MODEL_PATH: values.path }),
    ...(values.replay === undefined ? {} : { MODEL_REPLAY: values.replay }),
  },
});
vitest.on('close', (code) => {
  process.stderr.write(`${values.runs} lives from seed ${values.seed}: ${code === 0 ? 'nothing went wrong' : 'see above; again with --runs 1 --seed, --path and --replay as printed'}\n`);
  process.exitCode = code ?? 1;
});
