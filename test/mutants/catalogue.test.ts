/** The catalogue of planted bugs (`npm run mutants`) keeps up with the sources and the tests: a mutant that does not apply finds no hole. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../mutants/catalogue.js';
import { nameOf, plant, type Mutant } from '../../mutants/mutant.js';

const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const source = (mutant: Mutant): string => readFileSync(place(`src/${mutant.file}`), 'utf8');

describe('the catalogue', () => {
  it('is large, and reaches every file in which something can go wrong', () => {
    expect(mutants.length).toBeGreaterThan(300);
    expect(new Set(mutants.map(({ file }) => file)).size).toBeGreaterThan(60);
  });

  it('holds no mutant twice', () => {
    const told = mutants.map(nameOf);
    const changes = mutants.map(({ file, find, replace }) => JSON.stringify([file, find, replace]));
    expect(told.filter((name, index) => told.indexOf(name) !== index)).toEqual([]);
    expect(changes.filter((change, index) => changes.indexOf(change) !== index)).toEqual([]);
  });

  it('applies: each changes one line, which stands there once', () => {
    for (const mutant of mutants) {
      expect(plant(source(mutant), mutant), nameOf(mutant)).not.toBe(source(mutant));
    }
  });

  it('names tests that exist', () => {
    const named = new Set(mutants.flatMap(({ tests }) => tests));
    expect([...named].filter((test) => !existsSync(place(`test/${test}.test.ts`)))).toEqual([]);
  });
});

describe('planting', () => {
  const mutant: Mutant = { file: 'time/x.ts', breaks: 'G1', find: 'a > b', replace: 'a >= b', tests: [] };

  it('changes the line alone, and takes what it is given for what it is', () => {
    expect(plant('if (a > b) {', mutant)).toBe('if (a >= b) {');
    expect(plant('if (a > b) {', { ...mutant, replace: '$& $1' })).toBe('if ($& $1) {');
  });

  it.each([
    ['is not there', 'if (a < b) {', mutant, 'no longer applies'],
    ['is there twice', 'a > b; a > b;', mutant, 'no longer applies'],
    ['stays as it is', 'a > b', { ...mutant, replace: 'a > b' }, 'must change one line'],
    ['becomes two', 'a > b', { ...mutant, replace: 'a\nb' }, 'must change one line'],
  ])('refuses a line that %s, naming the mutant', (_, text, planted, why) => {
    expect(() => plant(text, planted)).toThrow(`time/x.ts: G1: ${why}`);
  });
});
