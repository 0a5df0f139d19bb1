/**
 * docs/performance.md, written from the results of a run and from nothing else: every number in it was measured in it,
 * or is a size or a bar of a scenario. Owns the page's prose.
 */
import { availableParallelism } from 'node:os';
import { contestants } from './contestants.ts';
import type { Result } from './bench.ts';
import { barText, markdown, tableOf } from './report.ts';

export interface Occasion {
  readonly date: Date;
  readonly rounds: number;
}

const what: Readonly<Record<keyof typeof contestants, string>> = {
  limit: 'One POST for all statistics, one `fetch` for each poll, `JSON.parse`, a `Map` by statisticId, direct callbacks. What every ratio is to.',
  'limit-slices': 'The same, but the text of each element is compared with the last one’s, and only what changed is parsed.',
  ours: 'One `statistic$` for each observer; `batch.size` so that all are one upstream, unless a scenario says otherwise.',
  'careful-rxjs': 'One shared poll; `map` and `distinctUntilChanged` for each observer.',
  vendor: '`genesys-statistics-client-js`: its requests, with the poll loop and the routing of “no library” around them.',
  'query-core-one': '`@tanstack/query-core`: one query for all statistics, an observer with `select` for each.',
  'query-core-each': 'The same with a query, and so a request, for each statistic.',
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

What a poll costs with this library, and with what else one could do. Measured on ${date.toISOString().slice(0, 10)}, Node ${process.version},
${availableParallelism()} cores, client and server in two processes on 127.0.0.1; medians of ${rounds} interleaved rounds, and in parentheses the
median of the ratios to “no library” in the same round. N is the number of statistics, M of observers.

    npm run bench                                   builds, measures all of this, prints it
    npm run bench -- --quick                        one round of fewer polls
    npm run bench -- --only 1000 --rounds 9         one scenario
    npm run bench -- --write                        measures all of this and writes this page

That last command writes this page, except for the last section, which \`npm run bench:browser -- --write\` writes. [bench/README.md](../bench/README.md) says
how it is measured, and what is held to be the same for all.

## Against the bars

${markdown([['', 'bar', 'measured', ''], ...bars])}

## Who competes

${markdown([['', ''], ...Object.entries(contestants).map(([name, { title }]) => [title, what[name as keyof typeof contestants]])])}

Each does the same job, and is held to it: the server changes values by a rule, and what all observers together were told must be, in number and
in a checksum, what the rule says. A contestant that is told otherwise fails the bench.

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
    ...(leftOut === undefined ? [] : [`Left out: those with a request per statistic. ${leftOut}`]),
    `What bounds it: ${bounds}`,
  ].join('\n\n');
}
