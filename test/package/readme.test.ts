/** The README's programs as a user has them: the package installed, each saved as `.mjs`, on the oldest Node that it supports and on this one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, root } from '../support/installed.js';
import { sales, startSimulator } from '../support/journey.js';

let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'readme-'));
  installPackage(home);
}, 60_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
const oldest = engines.node.replace('>=', '');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const programs = [...readme.matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)].map(([, name = '', text = '']) => [name, text] as const);

interface Run {
  readonly output: string;
  readonly code: number | null;
}

/** Runs a program until it ends, or until it has printed `last`: then it gets a Ctrl-C. */
async function run(node: string, file: string, env: Record<string, string>, last: string): Promise<Run> {
  const child = spawn(node, [file], { cwd: home, env: { PATH: process.env['PATH'], ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(last) && !child.killed) {
        child.kill('SIGINT');
      }
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { output, code };
}

const isThere = process.env['NODE_OLDEST'] !== undefined;
if (!isThere && process.env['CI'] === 'true') {
  throw new Error(`NODE_OLDEST must be the path of Node ${oldest}: npm install --prefix FOLDER node@${oldest}`);
}

it.runIf(isThere)(`the oldest Node that is tested is ${oldest}, of package.json's \`engines\``, async () => {
  writeFileSync(join(home, 'version.mjs'), 'console.log(process.version);');
  expect((await run(process.env['NODE_OLDEST'] ?? '', 'version.mjs', {}, 'never')).output).toMatch(`v${oldest}.`);
});

describe.each([
  ['this Node', process.execPath, true],
  [`Node ${oldest}`, process.env['NODE_OLDEST'] ?? '', isThere],
])('on %s', (_, node, isHere) => {
  it.runIf(isHere).each(programs)('the README’s %s runs, and leaves nothing open', async (name, text) => {
    const simulator = await startSimulator({ apiKey: 'key', token: 'token' });
    simulator.set({ name: 'Current_In_Queue', ...sales }, 7);
    const file = `${name.replace(/\W/g, '-')}.mjs`;
    writeFileSync(join(home, file), text);
    const env = { GENESYS_STATISTICS_URL: simulator.url, GENESYS_API_KEY: 'key', GENESYS_TOKEN: 'token' };
    const { output, code } = await run(node, file, env, 'waiting: 7');
    expect(output).toMatch(/waiting|reached/);
    expect(output).not.toMatch(/Error/);
    expect(code).toBe(0);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });
});
