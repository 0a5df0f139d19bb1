/** docs/cli.md says what the commands do: its names, options and defaults are theirs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultTargets, agentNames, queueNames } from '../../src/cli/board/plan.js';
import { commands } from '../../src/cli/commands.js';
import { steps } from '../../src/cli/doctor/finding.js';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('docs/cli.md', () => {
  it('lists every command with what it takes', () => {
    const rows = [...page.matchAll(/^\| `(\w+)([^`]*)` \|/gm)].map(([, name, operands = '']) => [name, operands.trim()]);
    for (const { name, operands = '' } of commands) {
      expect(rows).toContainEqual([name, operands]);
    }
  });

  it('names no option that no command has', () => {
    const known = new Set(commands.flatMap(({ options }) => Object.keys(options)).concat('help', 'token'));
    expect([...page.matchAll(/--([a-z][a-z-]*)/g)].map(([, option = '']) => option).filter((option) => !known.has(option))).toEqual([]);
  });

  it('has the steps of the doctor, and the names and targets of a board', () => {
    expect(page).toContain(`Its steps are ${steps.slice(0, -1).join(', ')} and ${steps.at(-1)}.`.replaceAll(' ', ' '));
    expect(page).toContain(Object.keys({ ...queueNames, ...agentNames }).map((name) => `\`${name}\``).join(', '));
    expect(page).toContain(`| ${Object.values(defaultTargets).join(', ')} |`);
  });
});
