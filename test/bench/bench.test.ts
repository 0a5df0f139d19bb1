/**
 * The bench does not rot: its smallest scenario, everybody, in the real processes. What it measures is not judged here,
 * but every contestant has to do the job, or the run fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments, UsageError } from '../../bench/arguments.ts';
import { measure, median } from '../../bench/bench.ts';
import { names } from '../../bench/contestants.ts';
import { performancePage } from '../../bench/performance.ts';
import { run, startServer, steady, type Load, type Server } from '../../bench/run.ts';
import { scenarios, type Scenario } from '../../bench/scenarios.ts';

const smoke = scenarios.find(({ name }) => name === 'smoke') as Scenario;

describe('the bench', () => {
  let server: Server;

  beforeAll(() => {
    server = startServer();
  });

  afterAll(() => server.end());

  it('every contestant does the same job, one request or one for each statistic, and leaves nothing', async () => {
    const result = await measure(server, smoke, { rounds: 1, quick: true, contestants: names }, () => undefined);
    expect(result.rows.map(({ contestant }) => contestant)).toEqual(names);
    for (const { contestant, medians } of result.rows) {
      const requests = ['query-core-each', 'recipe'].includes(contestant) ? 20 : 1;
      expect(medians, contestant).toMatchObject({
        'requests per poll': requests, 'requests at start': requests, 'deliveries per poll': 4, 'left open': 0, 'late requests': 0,
      });
    }
    expect(performancePage([result], { date: new Date(0), rounds: 1 })).toMatch(/^\| genesys-statistics-rx \| \d/m);
  }, 40_000);

  it('a contestant whose observers are told what is not theirs fails it', async () => {
    const [load] = smoke.loads as [Load];
    await expect(run(server, '../../test/bench/crossed', load, steady)).rejects.toThrow(/were told (\d+) values \(checksum -?\d+\), but should have been told \1 \(/);
  });
});

describe('its arguments', () => {
  it('all scenarios but the hidden, everybody, five rounds', () => {
    expect(readArguments([])).toMatchObject({ contestants: names, rounds: 5, quick: false, write: false });
    expect(readArguments(['--only', '1000,cold', '--only', 'smoke', '--contestants', 'ours', '--rounds', '9'])).toMatchObject({
      scenarios: [{ name: 'smoke' }, { name: '1000' }, { name: 'cold' }], contestants: ['ours'], rounds: 9,
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
