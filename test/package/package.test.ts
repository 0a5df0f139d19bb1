/** The package as it is installed: packed, unpacked where it depends on nothing of the project, and used from outside. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, root } from '../support/installed.js';

let home = '';
let packed: readonly string[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'installed-'));
  packed = installPackage(home);
  // An optional peer, which one entry needs.
  symlinkSync(join(root, 'node_modules/@angular'), join(home, 'node_modules/@angular'));
}, 60_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

const exported: Record<string, string[]> = {
  'genesys-statistics-rx': [
    'StatisticRejectedError', 'StatisticsApiError', 'StatisticsError', 'StatisticsNetworkError', 'StatisticsOptionError',
    'createJournal', 'createStatisticsClient', 'fetchTransport', 'numberOf', 'numeric', 'peekFallback',
  ],
  'genesys-statistics-rx/fleet': ['createFleetClient', 'inspectFleet', 'memoryBus'],
  'genesys-statistics-rx/kpi': [
    'abandonRate', 'agent$', 'agentStatus', 'agentsNeeded', 'answerRate', 'averageHandlingTime', 'averageHoldTime',
    'averageSpeedOfAnswer', 'averageTalkTime', 'averageWrapTime', 'combineStatistics', 'defineStatistic', 'delta',
    'erlangB', 'erlangC', 'estimatedWait', 'ewma', 'figure', 'forecast', 'formatKpi', 'group$', 'holdShare',
    'interactionsPerHour', 'kpi', 'kpis', 'longestWait', 'minMax', 'movingAverage', 'notReadyShare', 'occupancy',
    'occupancyOfLogin', 'perInterval', 'percentOf', 'queue$', 'rate', 'readyShare', 'serviceLevel',
    'serviceLevelOfAnswered', 'serviceLevelWithAbandons', 'statistics', 'sustained', 'threshold', 'transferRate',
    'utilization', 'waitingPerReadyAgent', 'weightedAverage', 'wrapShare',
  ],
  'genesys-statistics-rx/node': ['exportMetrics', 'fileJournal', 'publishDiagnostics', 'toAsyncIterable', 'toBatches', 'toNdjson', 'toReadable', 'toServerSentEvents', 'toWebStream'],
  'genesys-statistics-rx/simulator': ['catalogue', 'createSimulator', 'parseRoster', 'profiles'],
  'genesys-statistics-rx/angular': ['STATISTICS_REQUEST', 'injectHealth', 'injectKpi', 'injectStatistic', 'injectStatistics', 'injectSubscription', 'provideStatistics', 'withHttpClient', 'withNoTransferState', 'withServerRendering'],
  'genesys-statistics-rx/angular/testing': ['StatisticsTestingController', 'provideStatisticsTesting'],
  'genesys-statistics-rx/redis': ['redisBus'],
  'genesys-statistics-rx/tabs': ['tabsBus'],
  'genesys-statistics-rx/web': ['toAsyncIterable', 'toWebStream'],
};

describe('the package, installed', () => {
  it.each(Object.entries(exported))('%s exports exactly what it should', (name, names) => {
    // A bundler links Angular; here it is compiled when it is loaded.
    const first = name.includes('/angular') ? `import '@angular/compiler';` : '';
    const program = `${first} import * as all from '${name}'; console.log(JSON.stringify(Object.keys(all).sort()));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: home, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual(names);
  });

  it('holds the built files, the pages and the examples, and nothing of the tests', () => {
    expect(packed).toContain('dist/index.js');
    expect(packed.filter((path) => !/^((dist|docs|examples)\/|package\.json$|README\.md$|LICENSE$|(CHANGELOG|CONTRIBUTING|SECURITY)\.md$)/.test(path))).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('names no address, so that any registry serves', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": *"https?:/);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  it('shows the examples as they are', () => {
    const snippets = [...readme.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)];
    expect(snippets.length).toBeGreaterThan(1);
    for (const [, file = '', code] of snippets) {
      expect(code, file).toBe(readFileSync(join(root, file), 'utf8'));
    }
  });

  it('leads to nothing that is not in the package', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !packed.some((file) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
  });

  it('is short', () => {
    expect(readme.split('\n').length).toBeLessThan(200);
  });
});

describe('links in prose', () => {
  const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];

  it.each(pages)('%s: they lead somewhere', (page) => {
    for (const [, path = ''] of readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(existsSync(join(root, page, '..', path)), path).toBe(true);
    }
  });

  it.each(pages)('%s: files named in code exist', (page) => {
    for (const [, path = ''] of readFileSync(join(root, page), 'utf8').matchAll(/`((?:src|test|docs|examples)\/[\w/.-]*)`/g)) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
  });
});
