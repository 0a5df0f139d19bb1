/** The catalogue of planted bugs (`npm run mutants`) keeps up with the sources and the tests: a mutant that cannot be planted finds no hole. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../mutants/catalogue.js';
import { plant, type Mutant } from '../../mutants/mutant.js';
import { readSources } from '../../mutants/workshop.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

describe('the catalogue', () => {
  it('has a mutant for every guarantee that code can break', () => {
    const cited = new Set(mutants.flatMap(({ breaks }) => breaks.match(/\bG\d+\b/g) ?? []));
    expect([...cited].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual(Array.from({ length: 13 }, (_, index) => `G${index + 1}`));
  });

  it('cites a promise with each mutant, and has none twice', () => {
    const names = mutants.map(({ breaks }) => breaks);
    expect(names.filter((name) => !/^[FGI]\d+(, [FGI]\d+)*: /.test(name))).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('can be planted: the code of each mutant stands exactly once in the place that it names', () => {
    const sources = readSources(project);
    for (const mutant of mutants) {
      const { file, text } = plant(sources, mutant);
      expect(text, mutant.breaks).not.toBe(sources.get(file));
    }
  });

  it('names tests that exist', () => {
    const named = new Set(mutants.flatMap(({ tests }) => tests));
    expect([...named].filter((test) => !existsSync(`${project}test/${test}.test.ts`))).toEqual([]);
  });
});

describe('planting', () => {
  const mutant: Mutant = { breaks: 'G1', in: 'outer.inner', find: 'a > b', replace: 'a >= b', tests: [] };
  const sources = (text: string): Map<string, string> => new Map([['time/x.ts', text], ['time/y.ts', 'function inner() { return a > b; }']]);

  it.each([
    ['a function in a function', 'function outer() { const c = a > b; function inner() { return a > b; } }', 'function outer() { const c = a > b; function inner() { return a >= b; } }'],
    ['a method', 'class outer { inner() { return a > b; } }', 'class outer { inner() { return a >= b; } }'],
    ['a function of an object', 'const outer = { inner: () => a > b };', 'const outer = { inner: () => a >= b };'],
    ['code that is laid out otherwise', 'const outer = { inner: () => a\n  > b };', 'const outer = { inner: () => a >= b };'],
  ])('changes %s, and nothing else', (_, text, planted) => {
    expect(plant(sources(text), mutant)).toEqual({ file: 'time/x.ts', text: planted });
  });

  it('takes code and replacement literally', () => {
    expect(plant(new Map([['x.ts', 'const outer = () => { const inner = f(a); };']]), { ...mutant, find: 'f(a)', replace: '$& $1' }).text).toBe('const outer = () => { const inner = $& $1; };');
  });

  it.each([
    ['is not there', 'const outer = { inner: () => a < b };', 0],
    ['stands in another function', 'const outer = { other: () => a > b };', 0],
    ['is there twice', 'const outer = { inner: () => a > b && a > b };', 2],
  ])('refuses code that %s, naming the mutant', (_, text, times) => {
    expect(() => plant(sources(text), mutant)).toThrow(`G1: "a > b" stands ${times} times in outer.inner`);
  });
});
