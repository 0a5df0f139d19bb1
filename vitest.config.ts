import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { canaryWatch } from './test/support/canary-watch.js';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/**
 * Tests of pure parts, and of clients that end with their test: their files share a process, which loads the sources once.
 * Each other file has a process of its own, since it counts objects, changes what is global or starts programs.
 */
const shared = [
  'test/{consumer,journeys,kpi,model,sharing,simulator,time,web,wire}/**/*.test.ts',
  'test/upstream/*/*.test.ts',
  'test/upstream/!(memory).test.ts',
  'test/{client,options}.test.ts',
];

/** What an installed package does: `npm run test:package`. */
const packed = ['test/package/{package,readme,types}.test.ts'];

/** Applications that the Angular CLI builds, in Chromium: `npm run test:applications`. */
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
      '#compare': source('upstream/answer/compare.ts'),
    },
  },
  test: {
    // Far more than any test takes: `until` says sooner what was waited for, and a busy machine decides nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By default one core would idle: of two it uses one.
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text', 'html'],
    },
    projects: [
      { extends: true, test: { name: 'shared', include: shared, isolate: false, restoreMocks: true, unstubGlobals: true } },
      { extends: true, test: { name: 'isolated', include: ['test/**/*.test.ts', 'examples/testing/*.test.ts'], exclude: [...shared, ...packed, ...wallboard, ...application] } },
      { extends: true, test: { name: 'package', include: packed, globalSetup: 'test/support/packed.ts' } },
      { extends: true, test: { name: 'wallboard', include: wallboard, globalSetup: 'test/wallboard/build.ts' } },
      { extends: true, test: { name: 'application', include: application } },
    ],
  },
});
