/** SECURITY.md says where each limit is: there it is. (That its files exist, the package's tests see to.) */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (name: string): string => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const policy = read('SECURITY.md');
const limits = [...policy.matchAll(/^\| [^|]+ \| [^|]+ \| `(\w+)` \| `(src\/[^`]+)` \|$/gm)].map(([, constant = '', home = '']) => [constant, home] as const);

describe('SECURITY.md', () => {
  it('has a table of limits', () => {
    expect(limits.length).toBeGreaterThan(10);
  });

  it.each(limits)('%s is in %s', (constant, home) => {
    expect(new RegExp(`\\b${constant}\\b`).test(read(home))).toBe(true);
  });

  it('tells the values that are there', () => {
    expect(read('src/model/freeze.ts')).toContain('maxDepth = 64');
    expect(read('src/wire/bounds.ts')).toContain('charactersPerContainer = 8');
    expect(read('src/wire/envelope.ts')).toContain('2 * asked + mostUnasked');
    expect(read('src/wire/envelope.ts')).toContain('mostUnasked = 1000');
    expect(read('src/upstream/answer/match.ts')).toContain('idsPerDefinition = 4');
    expect(read('src/upstream/answer/match.ts')).toContain('longestId = 512');
    expect(read('src/wire/envelope.ts')).toContain('maxErrorBody = 64 * 1024');
    expect(read('src/wire/platform/cookies.node.ts')).toContain('maxTotal = 8000');
    expect(read('src/wire/redact.ts')).toContain('minLength = 6');
  });
});
