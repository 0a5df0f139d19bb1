/** docs/simulator.md: its tables list what there is, and its commands do what they say. */
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createSimulator, parseRoster, profiles, type FaultScript, type SimulatorOptions } from '../../src/simulator/index.js';

const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');

/** What a call that is wrong on purpose says there is. */
async function known(wrong: () => unknown): Promise<string[]> {
  try {
    await wrong();
  } catch (error) {
    return /(?:only|one of) (.*?)(?:, got .*)?$/.exec((error as Error).message)?.[1]?.split(', ') ?? [];
  }
  return [];
}

/** The first column of the table under a heading. */
function column(heading: string): string[] {
  const section = page.slice(page.indexOf(heading));
  const table = /^\|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(section)?.[1] ?? '';
  return [...table.matchAll(/^\| `'?([\w-]+)'?` \|/gm)].map(([, name = '']) => name);
}

const wrongOption = { nonsense: 1 } as SimulatorOptions;

it('lists every option, kind of fault and profile, and no other', async () => {
  expect(column('## Options')).toEqual(expect.arrayContaining(await known(() => createSimulator(wrongOption))));
  expect(column('## Options')).toHaveLength((await known(() => createSimulator(wrongOption))).length);
  await using simulator = await createSimulator({ listen: false });
  expect(column('A fault applies to the next request')).toEqual(await known(() => simulator.fault({ kind: 'nonsense' } as unknown as FaultScript)));
  expect(column('## Profiles')).toEqual(profiles.map(({ name }) => name));
  const guesses = profiles.filter(({ guess }) => guess !== undefined).map(({ name }) => name);
  expect([...page.matchAll(/^\| `'([\w-]+)'` \| .* \| a guess:/gm)].map(([, name]) => name)).toEqual(guesses);
});

it('shows curl commands that work, and lists every command of the control plane', async () => {
  const simulator = await createSimulator({ control: true, clock: 'manual' });
  onTestFinished(() => simulator.close());
  const lines = [...page.matchAll(/^curl localhost:8080(\S+)(?: -X (\w+))?(?: -d '(.*)')?$/gm)];
  expect(lines.length).toBeGreaterThan(7);
  for (const [line, path = '', method, body] of lines) {
    const response = await fetch(new URL(path, simulator.url), { method: method ?? (body === undefined ? 'GET' : 'POST'), ...(body === undefined ? {} : { body }) });
    expect(response.status, line).toBe(200);
  }
  const commands = (await (await fetch(new URL('/__simulator', simulator.url))).json()) as { method: string; path: string }[];
  for (const { method, path } of commands.slice(1)) expect(page).toContain(`\`${method} ${path.replace('/__simulator', '')}\``);
});

it('shows a roster that is one', () => {
  const [, json = ''] = /^```json\n(\{\n {2}"groups"[\s\S]*?)^```$/m.exec(page) ?? [];
  expect(parseRoster(json).groups.map(({ name }) => name)).toEqual(['Hotline North', 'Early shift']);
});
