/**
 * Keeps the bench working: runs its smallest scenario with every contestant, in real processes. Figures are not judged here,
 * but a run fails unless every contestant does the job.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments, UsageError } from '../../bench/arguments.ts';
import { measure, median } from '../../bench/bench.ts';
import { names } from '../../bench/contestants.ts';
import { performancePage } from '../../bench/performance.ts';
import { run, startServer, steady, type Load, type Server } from '../../bench/run.ts';
import { scenarios, type Scenario } from '../../bench/scenarios.ts';

const smoke = scenarios.find(({ name }) => name === 'smoke') as Scenario;

// A busy machine takes its time for so many processes.
describe('the bench', { timeout: 240_000 }, () => {
  let server: Server;

  beforeAll(() => {
    server = startServer();
  });

  afterAll(() => server.end());

  it('every contestant does the same job, with one request or one per statistic, and leaves nothing open', async () => {
    const result = await measure(server, smoke, { rounds: 1, quick: true, contestants: names }, () => undefined);
    expect(result.rows.map(({ contestant }) => contestant)).toEqual(names);
    for (const { contestant, medians } of result.rows) {
      const requests = ['query-core-each', 'recipe'].includes(contestant) ? 20 : 1;
      expect(medians, contestant).toMatchObject({
        'requests per poll': requests, 'requests at start': requests, 'deliveries per poll': 4, 'left open': 0, 'late requests': 0,
      });
    }
    expect(performancePage([result], { date: new Date(0), rounds: 1 })).toMatch(/^\| genesys-statistics-rx \| \d/m);
  });

  it('this library and the limit notify observers of sets alike', async () => {
    const [load] = smoke.loads as [Load];
    for (const name of ['limit', 'ours']) {
      const figures = await run(server, name, { ...load, observers: 4, setSize: 5 }, steady);
      expect(figures, name).toMatchObject({ 'left open': 0, 'late requests': 0 });
      // Two of twenty statistics change at a time; in one or in two of the sets.
      expect(figures['deliveries'], name).toBeGreaterThanOrEqual(1);
      expect(figures['deliveries'], name).toBeLessThanOrEqual(2);
    }
  });

  it('fails a contestant that mixes up its observers', async () => {
    const [load] = smoke.loads as [Load];
    await expect(run(server, '../../test/bench/crossed', load, steady)).rejects.toThrow(/were told (\d+) values \(checksum -?\d+\), but should have been told \1 \(/);
  });
});

describe('its arguments', () => {
  it('default to all scenarios but hidden ones, all contestants and five rounds', () => {
    expect(readArguments([])).toMatchObject({ contestants: names, rounds: 5, quick: false, write: false });
    expect(readArguments(['--only', '1000,cold-1000', '--only', 'smoke', '--contestants', 'ours', '--rounds', '9'])).toMatchObject({
      scenarios: [{ name: 'smoke' }, { name: '1000' }, { name: 'cold-1000' }], contestants: ['ours'], rounds: 9,
    });
  });

  it.each([
    [['--only', 'none'], /^--only "none": known are smoke, 1000/],
    [['--contestants', 'theirs'], /^--contestants "theirs": known are limit/],
    [['--rounds', '0'], /^--rounds must be a whole number from 1 to 100, got "0"$/],
    [['--rounds', '2.5'], /whole number/],
    [['--write', '--quick'], /^--write needs all of it/],
    [['--fast'], /--fast/],
    [['1000'], /1000/],
  ])('%j is refused', (given, message) => {
    expect(() => readArguments(given)).toThrow(UsageError);
    expect(() => readArguments(given)).toThrow(message);
  });
});

it.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
