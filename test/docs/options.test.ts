/** docs/options.md: its options are those of the client, and its defaults are those that the client reads. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createStatisticsClient, type StatisticsClientOptions } from '../../src/index.js';
import { readClientOptions } from '../../src/options.js';

const page = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8');
const documented = new Map([...page.matchAll(/^\| `([\w.]+)` \| (.*?) \|/gm)].map(([, option = '', byDefault = '']) => [option, byDefault]));
const baseUrl = 'https://host/statistics/v3';

it('states the default of every option that has one', () => {
  const { poll, retry, sharing, batch, request } = readClientOptions({ baseUrl });
  const groups = Object.entries({ poll, retry, sharing, batch, request }) as [string, Record<string, unknown>][];
  const defaults = groups.flatMap(([group, options]) => Object.entries(options).map(([name, value]) => [`${group}.${name}`, value] as const));
  expect(defaults.length).toBeGreaterThan(10);
  for (const [option, value] of defaults) {
    expect(documented.get(option), option).toBe(typeof value === 'number' ? value.toLocaleString('en-US') : `\`'${String(value)}'\``);
  }
});

it('lists exactly the options that the client knows', () => {
  const knownIn = (group: string): string[] => {
    const options = (group === '' ? { nonsense: 1 } : { [group]: { nonsense: 1 } }) as Partial<StatisticsClientOptions>;
    try {
      createStatisticsClient({ baseUrl, ...options });
    } catch (error) {
      return /known here: (.*)$/.exec((error as Error).message)?.[1]?.split(', ') ?? [];
    }
    return [];
  };
  const groups = ['poll', 'retry', 'sharing', 'batch', 'request'];
  const known = knownIn('').flatMap((name) => (groups.includes(name) ? knownIn(name).map((option) => `${name}.${option}`) : [name]));
  expect([...documented.keys()].sort()).toEqual(known.sort());
});
