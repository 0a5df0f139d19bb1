/** What the core weighs in a browser, rxjs included: bundled, minified, gzipped, and no more of it than is said. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle, type Bundle } from '../support/bundle.js';

const core = `export { createStatisticsClient } from 'genesys-statistics-rx';`;

/** Kilobytes. The goal is 22; docs/architecture.md says what is in the way. */
const most = 36.5;

let browser: Bundle;
/** Kilobytes of 1,000 bytes. */
let size = 0;

beforeAll(async () => {
  browser = await bundle(core);
  size = gzipSync(browser.code, { level: 9 }).byteLength / 1000;
});

const pathsOf = ({ files }: Bundle): string[] => files.map(({ path }) => path);

describe('the core in a browser', () => {
  it('weighs what the README says, to 0.1 kB', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const stated = /weighs (\d+\.\d) kB/.exec(readme)?.[1];
    expect(Math.abs(Number(stated) - size), `the README says ${stated ?? 'nothing'}, measured: ${size.toFixed(1)} kB`).toBeLessThanOrEqual(0.1);
  });

  it('weighs no more than it may', () => {
    const heaviest = [...browser.files].sort((a, b) => b.bytes - a.bytes).slice(0, 10);
    expect(size, heaviest.map(({ path, bytes }) => `${bytes} ${path}`).join('\n')).toBeLessThanOrEqual(most);
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
