import { defineConfig } from 'vitest/config';
import config from './vitest.config.js';

/** For `npm run mutants:all`: the tests that run the sources in this process, and compare no text of files. */
const unfit = [
  'test/{architecture,bench,browser,cli,docs,mutants,package,types,angular,fleet,node,kpi,wallboard,simulator}/**',
  'test/faults/{churn,exit,journal,size}.test.ts',
  'test/security/{canary-watch,linear,policy,polluted-process}.test.ts',
];

const { projects: _, ...test } = config.test ?? {};

export default defineConfig({ ...config, test: { ...test, include: ['test/**/*.test.ts'], exclude: [...unfit, 'node_modules/**'] } });
