/** The guides, and the pages about debugging and the simulator: their snippets are files that run, and print what the page says. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const guides = readdirSync(`${root}/docs/guides`).map((file) => `docs/guides/${file}`);
const pages = [...guides, 'docs/debugging.md', 'docs/simulator.md'];

const blocksOf = (page: string, info: RegExp): { file: string; text: string }[] =>
  [...read(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, opening = '', text = '']) => {
    const file = info.exec(opening)?.[1];
    return file === undefined ? [] : [{ file, text }];
  });

/** Ports, ids and chance differ from run to run. */
const normalized = (text: string): string =>
  text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    .replace(/"delay":[\d.]+/g, '"delay":0')
    .replace(/ +$/gm, '');

const outputs = pages.flatMap((guide) => blocksOf(guide, /^text output=(\S+)$/));

describe('the guides', () => {
  it.each(pages)('%s shows each snippet as it is in the file that it names', (guide) => {
    const snippets = blocksOf(guide, /^ts file=(\S+)$/);
    // A page about what an example cannot have, such as a proxy, names the test that has it.
    expect(snippets.length > 0 || /\]\(\.\.\/\.\.\/test\/\S+\.test\.ts\)/.test(read(guide))).toBe(true);
    for (const { file, text } of snippets) {
      expect(text, file).toBe(read(file));
    }
  });

  it.each(guides)('%s shows no long snippet that nothing runs', (guide) => {
    // The five calls in agents-needed.md and their like are evaluated by test/kpi/docs.test.ts.
    for (const [, text = ''] of read(guide).matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
      expect(text.split('\n').length).toBeLessThan(6);
    }
  });

  it.each(guides)('%s is where the README, or a page that it names, leads to', (guide) => {
    const readme = read('README.md');
    const named = [...readme.matchAll(/\]\(docs\/(\w+\.md)/g)].map(([, page = '']) => read(`docs/${page}`));
    expect(readme.includes(`](${guide})`) || named.some((page) => page.includes(`](${guide.replace('docs/', '')})`))).toBe(true);
  });

  it.each(outputs)('$file prints what the guide says', { timeout: 60_000 }, ({ file, text }) => {
    const printed = execFileSync(process.execPath, [file], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    expect(normalized(printed)).toBe(normalized(text));
  });
});
