/** What the core weighs in a browser, rxjs included: bundled, minified and gzipped, with nothing in it that the program does not use. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle, type Bundle } from '../support/bundle.js';

const importing = (...names: string[]): string => `export { ${names.join(', ')} } from 'genesys-statistics-rx';`;
const core = importing('createStatisticsClient');

/** Kilobytes. The goal is 33; docs/architecture.md says what bounds it. */
const most = 36;

let browser: Bundle;
/** Kilobytes of 1,000 bytes. */
let size = 0;
const sizeOf = ({ code }: Bundle): number => gzipSync(code, { level: 9 }).byteLength / 1000;

beforeAll(async () => {
  browser = await bundle(core);
  size = sizeOf(browser);
});

const pathsOf = ({ files }: Bundle): string[] => files.map(({ path }) => path);

describe('the core in a browser', () => {
  it.each([
    ['the core', /weighs (\d+\.\d) kB/, []],
    ['a fallback', /`peekFallback\(\)` adds (\d+\.\d)/, ['peekFallback']],
    ['a journal', /`createJournal\(\)` (\d+\.\d)/, ['createJournal']],
  ])('%s weighs what the README says, to 0.1 kB', async (_, statement, names) => {
    const measured = names.length === 0 ? size : sizeOf(await bundle(importing('createStatisticsClient', ...names))) - size;
    const stated = statement.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1];
    expect(Math.abs(Number(stated) - measured), `the README says ${stated ?? 'nothing'}, measured: ${measured.toFixed(2)} kB`).toBeLessThanOrEqual(0.1);
  });

  it('weighs no more than it may', () => {
    const heaviest = [...browser.files].sort((a, b) => b.bytes - a.bytes).slice(0, 10);
    expect(size, heaviest.map(({ path, bytes }) => `${bytes} ${path}`).join('\n')).toBeLessThanOrEqual(most);
  });

  it('holds a fallback and a journal only for a program that hands one in, and never how Node compares answers', async () => {
    const optional = /\/(fallback|peek-fallback|peeking|journal)\.js$/;
    const held = ({ files }: Bundle): string[] => files.filter(({ path, bytes }) => optional.test(path) && bytes > 0).map(({ path }) => path);
    expect(held(browser)).toEqual([]);
    expect(held(await bundle(importing('createStatisticsClient', 'peekFallback')))).toHaveLength(3);
    expect(held(await bundle(importing('createStatisticsClient', 'createJournal')))).toHaveLength(1);
    expect(pathsOf(browser).filter((path) => /answer\/(compare|layout)\.js$/.test(path))).toEqual([]);
  });

  it('streams for the web hold nothing of Node, nor of the client', async () => {
    const web = await bundle(`export { toAsyncIterable, toWebStream } from 'genesys-statistics-rx/web';`);
    expect(web.code).not.toMatch(/\brequire\(|["']node:|\bBuffer\b|\bprocess\b/);
    expect(pathsOf(web).filter((path) => /\/dist\/(node|upstream|sharing|wire|time)\//.test(path))).toEqual([]);
    expect(pathsOf(web).some((path) => path.endsWith('consumer/pull.js'))).toBe(true);
  });

  it('holds no CommonJS, nothing of Node, and none of what only Node needs', async () => {
    const forNode = /cross-fetch|node-fetch|tough-cookie|\.node\.js$/;
    expect(browser.files.filter(({ commonJs }) => commonJs)).toEqual([]);
    expect(browser.code).not.toMatch(/\brequire\(|["']node:/);
    expect(pathsOf(browser).filter((path) => forNode.test(path))).toEqual([]);
    // The same question of a bundle for Node finds them.
    const node = await bundle(core, 'node');
    expect(pathsOf(node).filter((path) => forNode.test(path)).length).toBeGreaterThan(3);
    expect(node.files.some(({ commonJs }) => commonJs)).toBe(true);
  });
});
