/**
 * docs/performance.md, written from the results of one run: every number on it was measured in that run, or is a size or a
 * bar of a scenario. Owns the page's prose.
 */
import { availableParallelism } from 'node:os';
import { contestants } from './contestants.ts';
import type { Result } from './bench.ts';
import { barText, markdown, tableOf } from './report.ts';

export interface Occasion {
  readonly date: Date;
  readonly rounds: number;
}

const descriptions: Readonly<Record<keyof typeof contestants, string>> = {
  limit: 'One POST for all statistics, one `fetch` for each poll, `JSON.parse`, a `Map` by statisticId, direct callbacks. Every ratio is to this.',
  'limit-slices': 'The same, but the text of each element is compared with the last one’s, and only what changed is parsed.',
  ours: 'One `statistic$` for each observer, or one `subscription$` for each set; `batch.size` is N unless a scenario says otherwise.',
  'ours-unnudged': 'The same without the short-lived garbage that makes V8 scavenge after a large body.',
  'careful-rxjs': 'One shared poll; `map` and `distinctUntilChanged` for each observer.',
  vendor: '`genesys-statistics-client-js`: its requests, inside the poll loop and the routing of “no library”.',
  'query-core-one': '`@tanstack/query-core`: one query for all statistics, an observer with `select` for each.',
  'query-core-each': '`@tanstack/query-core`: a query, and so a request, for each statistic.',
  recipe: '`timer`, `switchMap` and `share` for each statistic, a GET of its value at each tick.',
};

export function performancePage(results: readonly Result[], { date, rounds }: Occasion): string {
  const bars = results.flatMap(({ scenario, bars: judged }) =>
    judged.map((each) => {
      const { bar, measured, met } = barText(each, scenario.figures);
      return [scenario.title, bar, measured, met];
    }),
  );
  return `# Performance

The cost of a poll with this library, and with the alternatives. Measured on ${date.toISOString().slice(0, 10)}, Node ${process.version},
${availableParallelism()} cores, client and server in two processes on 127.0.0.1; medians of ${rounds} interleaved rounds, and in parentheses the
median of the ratios to “no library” in the same round. N is the number of statistics, M of observers.

    npm run bench                                   builds, measures all of this, prints it
    npm run bench -- --quick                        one round of fewer polls
    npm run bench -- --only 1000 --rounds 9         one scenario
    npm run bench -- --write                        measures all of this and writes this page

The last command writes this page, except for its last section, which \`npm run bench:browser -- --write\` writes. [bench/README.md](../bench/README.md)
explains how everything is measured.

## Against the bars

${markdown([['', 'bar', 'measured', ''], ...bars])}

## The contestants

${markdown([['', ''], ...Object.entries(contestants).map(([name, { title }]) => [title, descriptions[name as keyof typeof contestants]])])}

All do the same job, and the bench verifies it: the server changes values by a rule, and that rule also gives the number and the checksum of the
values that all observers together must have received. A contestant that deviates fails the bench.

${results.map(section).join('\n\n')}
`;
}

const browserHeading = '\n## In a browser\n\n';

/** The page with another last section: the one that `bench/browser` measures. */
export function withBrowserSection(page: string, section: string): string {
  return `${page.split(browserHeading)[0] ?? ''}${browserHeading}${section}`;
}

export function browserSectionOf(page: string): string {
  return page.split(browserHeading)[1] ?? '';
}

function section(result: Result): string {
  const { title, leftOut, bounds } = result.scenario;
  return [
    `## ${title}`,
    markdown(tableOf(result)),
    ...(leftOut === undefined ? [] : [`Left out: contestants with a request per statistic. ${leftOut}`]),
    `The bound: ${bounds}`,
  ].join('\n\n');
}
