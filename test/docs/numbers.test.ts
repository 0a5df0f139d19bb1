/** Numbers of guarantees (G), faults (F) and invariants (I): wherever one is cited, a page in docs defines it, once. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const pageOf = { G: 'docs/guarantees.md', F: 'docs/faults.md', I: 'docs/invariants.md' } as const;

const folders = ['src', 'test', 'docs', 'examples', 'bench', 'soak', 'mutants'];
const files = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...folders.flatMap((folder) => readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`)),
].filter((file) => /\.(ts|md)$/.test(file));

/** The numbers in the first column of a page's tables. */
const definedIn = (page: string): string[] => [...read(page).matchAll(/^\| ([GFI]\d+) \|/gm)].map(([, id = '']) => id);
const definitions = Object.entries(pageOf).flatMap(([letter, page]) => definedIn(page).filter((id) => id.startsWith(letter)));

/** Each number that a file cites, with the files that do. */
function citations(): Map<string, string[]> {
  const cited = new Map<string, string[]>();
  for (const file of files) {
    for (const [id] of read(file).matchAll(/\b[GFI]\d{1,3}\b/g)) {
      cited.set(id, [...new Set([...(cited.get(id) ?? []), file])]);
    }
  }
  return cited;
}

describe('numbers of guarantees, faults and invariants', () => {
  it('are defined once each', () => {
    expect(definitions.filter((id, index) => definitions.indexOf(id) !== index)).toEqual([]);
  });

  it('are defined wherever they are cited', () => {
    const cited = citations();
    expect(cited.size).toBeGreaterThan(100);
    const undefinedOnes = [...cited].filter(([id]) => !definitions.includes(id)).map(([id, where]) => `${id}: ${where.join(', ')}`);
    expect(undefinedOnes).toEqual([]);
  });

  it('lead to a test that cites them, each guarantee and each invariant', () => {
    const tested = new Set(files.filter((file) => file.startsWith('test/') && file !== 'test/docs/numbers.test.ts').flatMap((file) => [...read(file).matchAll(/\b[GI]\d{1,2}\b/g)].map(([id]) => id)));
    expect(definitions.filter((id) => !id.startsWith('F') && !tested.has(id))).toEqual([]);
  });

  it.each(Object.values(pageOf))('%s: each test that a row names cites its number, and every row names one or says that it is out', (page) => {
    for (const [row, id = ''] of read(page).matchAll(/^\| ([GFI]\d+) \|.*$/gm)) {
      const shownBy = [...row.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file = '']) => file);
      expect(shownBy.length > 0 || /\| out until .*\| - \|$/.test(row), `${id} names a test`).toBe(true);
      for (const file of page === pageOf.F ? shownBy : shownBy.slice(0, 1)) {
        expect(new RegExp(`\\b${id}\\b`).test(read(file)), `${file} cites ${id}`).toBe(true);
      }
    }
  });
});
