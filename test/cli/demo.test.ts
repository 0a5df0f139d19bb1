/** The demo in this process, on a terminal made up of what it was sent. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { demo } from '../../src/cli/commands/demo.js';
import { agentNames, demoPlan } from '../../src/cli/board/plan.js';
import { createBoard } from '../../src/cli/board/board.js';
import { follow } from '../../src/cli/live/live.js';
import { canary } from '../support/canary.js';
import { record, startClient, startSimulator, until } from '../support/journey.js';
import { contextOf, linesOf, pipe, terminal } from '../support/terminal.js';

const options = ['--duration', '1200', '--interval', '200'];
const env = (more: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv } => ({ env: { TERM: 'xterm', LANG: 'C.UTF-8', ...more } });

describe('the demo on a terminal', () => {
  it('draws in place, puts the cursor back, and leaves the last picture behind', async () => {
    const { output, text } = terminal();
    expect(await demo.run(options, contextOf({ output }))).toBe(0);
    const [before = '', after = ''] = text().split('\u001b[?1049l');
    expect(before.startsWith('\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J')).toBe(true);
    expect(before.split('\u001b[2J')).toHaveLength(2);
    expect(before.endsWith('\u001b[?7h\u001b[?25h')).toBe(true);
    const lines = stripVTControlCharacters(after).split('\n');
    expect(lines[0]).toMatch(/^just now  live, 72 statistics in \d+ subscriptions?, \d+ polls?$/);
    expect(lines.find((line) => line.startsWith('Sales@SIP'))).toMatch(/^Sales@SIP +\d+ +[\d:-]+ +[\d.]+% +[+-][\d.]+ +[▁-█]+ +\d+ of \d+ +[\d.]+%$/);
    expect(lines.filter((line) => /^(kim|alex|emma) /.test(line))).toHaveLength(3);
    expect(lines.every(({ length }) => length <= 80)).toBe(true);
  });

  it('prints plain pictures where no cursor can be moved', async () => {
    const { output, text } = terminal();
    expect(await demo.run(options, contextOf({ output }, env({ TERM: 'dumb' })))).toBe(0);
    expect(text()).not.toContain('\u001b');
    expect(text()).toMatch(/^Sales@SIP +\d/m);
    // Such a terminal may show nothing but ASCII.
    expect(text()).toMatch(/^[ -~\n]+$/);
  });

  it.each([
    ['NO_COLOR', options, env({ NO_COLOR: '1' })],
    ['--no-color', [...options, '--no-color'], env({})],
  ])('is in colour, unless %s says otherwise', async (_, argv, world) => {
    const { output, text } = terminal();
    await demo.run(argv, contextOf({ output }, world));
    expect(text()).not.toMatch(/\u001b\[\d+m/);
    const coloured = terminal();
    await demo.run(options, contextOf(coloured));
    expect(coloured.text()).toContain('\u001b[90m');
  });

  it('stopped before it began, it opens nothing', async () => {
    const simulator = await startSimulator();
    expect(await demo.run([...options, '--base-url', simulator.url], contextOf(terminal(), { stop: AbortSignal.abort() }))).toBe(1);
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('piped, it reports once why everything is refused, and what to do', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key') });
    const { output, text } = pipe();
    await expect(demo.run(['--base-url', simulator.url], contextOf({ output }))).rejects.toThrow(
      /^the server refuses every statistic: POST \/subscriptions answered 403: .*\. Check GENESYS_API_KEY and GENESYS_TOKEN, /,
    );
    expect(text()).not.toContain('"type":"error"');
  });

  it('piped, every line has its time and its unit, and every number few decimals', async () => {
    const { output, text } = pipe();
    expect(await demo.run(options, contextOf({ output }))).toBe(0);
    const lines = linesOf(text());
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['statistic', 'kpi', 'health']));
    expect(lines.every(({ at }) => new Date(String(at)).toISOString() === at)).toBe(true);
    expect(new Set(lines.map(({ unit }) => unit))).toEqual(new Set(['count', 'seconds', 'percent', 'state']));
    expect(lines.every(({ value }) => typeof value !== 'number' || /^-?\d+(\.\d{1,2})?$/.test(String(value)))).toBe(true);
  });
});

describe('the board', () => {
  it('names each statistic that is refused, once another is accepted', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const { board, sources } = createBoard(client, {
      ...demoPlan,
      queues: demoPlan.queues.slice(0, 1),
      agents: [{ objectId: 'nobody', objectType: 'Agent', label: 'nobody' }],
    }, '');
    const changes = record(follow(client, board, sources, { staleAfter: 500, isTokenRenewable: false }));
    const errors = () => changes.values.flatMap((change) => (change.type === 'error' ? [change.name] : []));
    const names = Object.values(agentNames);
    await until('all of the unknown agent are refused', () => errors().length === names.length);
    expect(new Set(errors())).toEqual(new Set(names));
    expect(changes.values.findIndex(({ type }) => type === 'statistic')).toBeLessThan(changes.values.findIndex(({ type }) => type === 'error'));
  });
});
