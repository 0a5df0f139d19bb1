import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { canaryWatch } from './test/support/canary-watch.js';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/**
 * Tests of pure parts, and of clients that end with their test: their files share a process, which loads the sources once.
 * Each other file has a process of its own, since it counts objects, changes what is global or starts programs. That costs a second each.
 */
const shared = [
  'test/{architecture,consumer,journeys,kpi,laws,model,mutants,sharing,simulator,time,types,web,wire}/**/*.test.ts',
  'test/upstream/*/*.test.ts',
  'test/upstream/!(memory).test.ts',
  'test/{client,options}.test.ts',
  'test/cli/{commands,demo,docs,fleet,run}.test.ts',
  'test/cli/{arguments,board,live,recording,terminal}/*.test.ts',
  'test/cli/doctor/doctor.test.ts',
  'test/docs/{debugging,numbers,options,simulator}.test.ts',
  'test/faults/{balancer,body,callbacks,concurrency,foreign-answers,freshness,http,numbers,numeric-ids,object-ids,reentrancy,removal,subscription,telling,time}.test.ts',
  'test/fleet/{fleet,hostile,orphans,redis-options,standing}.test.ts',
  'test/node/{pages,to-batches,to-ndjson,to-readable,to-server-sent-events}.test.ts',
  'test/package/{dependencies,size}.test.ts',
  'test/security/{loopback,paths,policy,redirects}.test.ts',
];

/** The contestants of a bench poll in real time, so nothing may run beside them. */
const alone = ['test/bench/*.test.ts'];

/** Tests of an installed package: `npm run test:package`. */
const packed = ['test/package/{package,readme,types}.test.ts'];

/** Tests in Chromium, `npm run test:browser`: pages, and applications that the Angular CLI builds. */
const browser = ['test/browser/*.test.ts'];
const wallboard = ['test/wallboard/*.test.ts'];
const application = ['test/angular/{application,browser}.test.ts'];

/** Tests read the sources; `#fetch` and its like name their Node variants, as package.json's `imports` does for the built files. */
export default defineConfig({
  plugins: [canaryWatch()],
  resolve: {
    alias: {
      '#fetch': source('wire/platform/fetch.node.ts'),
      '#cookies': source('wire/platform/cookies.node.ts'),
      '#bytes': source('wire/platform/bytes.node.ts'),
      '#context': source('time/platform/context.node.ts'),
      '#listen': source('simulator/platform/listen.node.ts'),
      '#lru': source('sharing/platform/lru.node.ts'),
      '#compare': source('upstream/answer/compare.ts'),
    },
  },
  test: {
    // Far more than any test takes: `until` says sooner what was waited for, and a busy machine decides nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // More than there are cores, since many tests wait for sockets and processes.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text', 'html'],
      // Rounded down from what `npm run coverage` measures.
      thresholds: { statements: 96, branches: 90, functions: 96, lines: 97 },
    },
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false, restoreMocks: true, unstubGlobals: true } },
      { extends: true, test: { name: 'isolated', include: ['test/**/*.test.ts', 'examples/testing/*.test.ts'], exclude: [...shared, ...alone, ...packed, ...browser, ...wallboard, ...application] } },
      { extends: true, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: 'package', include: packed, globalSetup: 'test/support/packed.ts' } },
      { extends: true, test: { name: 'browser', include: browser } },
      { extends: true, test: { name: 'wallboard', include: wallboard, globalSetup: 'test/wallboard/build.ts' } },
      { extends: true, test: { name: 'application', include: application } },
    ],
  },
});
