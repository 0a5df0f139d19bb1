/** F97: the watch over all that a run of the suite puts out can fail: runs of its own, with a secret planted here and there, and one without. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { canary, mark } from '../support/canary.js';
import { createSearch } from '../support/canary-watch.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs test files of these sources, in a folder of their own, as the suite is run: the exit code, and what the watch says. */
async function run(...sources: string[]): Promise<{ code: number | null; told: string }> {
  const home = mkdtempSync(join(tmpdir(), 'watched-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  writeFileSync(join(home, 'vitest.config.ts'), `import { canaryWatch } from ${JSON.stringify(join(root, 'test/support/canary-watch.ts'))}; export default { plugins: [canaryWatch()] };`);
  const imports = `import { expect, it } from 'vitest'; import { canary } from ${JSON.stringify(join(root, 'test/support/canary.ts'))};`;
  sources.forEach((source, index) => writeFileSync(join(home, `planted-${index}.test.ts`), `${imports}\n${source}`));
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', '--outputFile=report.json'], { cwd: home, env: { ...process.env, NODE_OPTIONS: '' } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, told: /^A secret was shown .*$/m.exec(output)?.[0] ?? '' };
}

describe('F97: the watch over the suite', () => {
  it('finds one in what a test prints, in both outputs, in an error and in a title, though the reporter is another', async () => {
    const { code, told } = await run(
      `it('a', () => console.log({ headers: { key: canary('a') } }));`,
      `it('a', () => { process.stdout.write(canary('a')); process.stderr.write(canary('a')); });`,
      `it('a', () => { throw new Error('x', { cause: new Error(canary('a')) }); });`,
      `it(canary('a'), () => undefined);`,
    );
    const [, where = ''] = told.split(', in: ');
    expect(where.split('; ').sort()).toEqual(['planted-2.test.ts', 'planted-3.test.ts', 'the standard error', 'the standard output', 'what a test prints']);
    expect(told).not.toContain(mark);
    expect(code).toBe(1);
  }, 60_000);

  it('fails a run for a single one', async () => {
    expect(await run(`it(canary('a'), () => undefined);`)).toMatchObject({ code: 1 });
  }, 60_000);

  it('is content with a run that shows none', async () => {
    expect(await run(`it('a', () => { console.log('a', canary('a').length); expect(canary('a')).toBe(canary('a')); });`)).toEqual({ code: 0, told: '' });
  }, 60_000);

  it('finds one that comes in pieces, or in colours', () => {
    const search = createSearch();
    expect(Array.from(`x${canary('a')}`, (character) => search(character)).filter(Boolean).length).toBeGreaterThan(0);
    expect(createSearch()(`${mark.slice(0, 3)}\u001b[32m${mark.slice(3)}`)).toBe(true);
    expect(createSearch()(mark.slice(1))).toBe(false);
  });
});
