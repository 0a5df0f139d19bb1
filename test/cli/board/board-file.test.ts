import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBoard, readBoardFile } from '../../../src/cli/board/board-file.js';
import { agentNames, defaultTargets, queueNames } from '../../../src/cli/board/plan.js';
import { makeDirectory } from '../../support/directory.js';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));

interface Schema {
  readonly properties: Record<string, { readonly properties?: Record<string, { readonly default?: unknown }> }>;
  readonly $defs: { readonly object: { readonly properties: object } };
}

describe('a board', () => {
  it('has the defaults that its schema documents, for every name and target', () => {
    const board = readBoard({ queues: ['Sales@SIP'] });
    expect(board).toEqual({ title: undefined, queues: [{ objectId: 'Sales@SIP', objectType: 'Queue', label: 'Sales@SIP' }], agents: [], names: { ...queueNames, ...agentNames }, targets: defaultTargets });
    const { properties } = read('docs/board.schema.json') as Schema;
    const defaultsOf = (key: string): object => Object.fromEntries(Object.entries(properties[key]?.properties ?? {}).map(([name, value]) => [name, value.default]));
    expect(defaultsOf('names')).toEqual(board.names);
    expect(defaultsOf('targets')).toEqual(board.targets);
  });

  it('knows the keys that its schema has, and no others', () => {
    const { properties, $defs } = read('docs/board.schema.json') as Schema;
    expect(() => readBoard({ nonsense: 1 })).toThrow(`only ${Object.keys(properties).join(', ')}`);
    expect(() => readBoard({ queues: [{ nonsense: 1 }] })).toThrow(`only ${Object.keys($defs.object.properties).join(', ')}`);
  });

  it('of the example is read', () => {
    expect(readBoard(read('examples/board.json'))).toMatchObject({ title: 'Sales and support', targets: { serviceLevel: 90 }, names: { waiting: 'Current_In_Queue' } });
  });

  it('may have objects of other types, with labels', () => {
    const route = { objectId: '+15550123456@us-east-1', objectType: 'RoutePoint', label: 'Hotline' };
    expect(readBoard({ queues: [route], names: { waiting: 'CurrentInQueue' } })).toMatchObject({ queues: [route], names: { waiting: 'CurrentInQueue' } });
  });

  it.each([
    [[], 'the board must be an object with $schema, title, queues, agents, names, targets, got []'],
    [{}, 'the board must have queues or agents'],
    [{ queue: [] }, 'the board has no "queue", only $schema, title, queues, agents, names, targets; did you mean queues?'],
    [{ queues: 'Sales' }, 'queues must be a list'],
    [{ queues: [7] }, 'queues[0] must be an object with objectId, objectType, label, got 7'],
    [{ queues: [''] }, 'queues[0] must be a text that is not empty, got ""'],
    [{ queues: [{ objectId: 'x' }, { objectType: 'Queue' }] }, 'queues[1].objectId must be a text that is not empty, got nothing'],
    [{ queues: ['x'], names: { waitng: 'A' } }, 'names has no "waitng"'],
    [{ queues: ['x'], names: { waiting: 7 } }, 'names.waiting must be a text that is not empty, got 7'],
    [{ queues: ['x'], targets: { serviceLevel: 101 } }, 'targets.serviceLevel must be a number from 0 to 100, got 101'],
    [{ queues: ['x'], targets: { waiting: '5' } }, 'targets.waiting must be a number from 0 to 1000000, got "5"'],
    [JSON.parse('{"queues":["x"],"__proto__":{}}'), 'the board has no "__proto__"'],
  ])('%j is a usage error', (board, message) => {
    expect(() => readBoard(board)).toThrow(message);
  });

  it('in a file that is not JSON names the file', async () => {
    const file = join(makeDirectory(), 'board.json');
    writeFileSync(file, '{');
    await expect(readBoardFile(file)).rejects.toThrow(`--board: ${file} is not JSON: `);
    writeFileSync(file, '{"queues":7}');
    await expect(readBoardFile(file)).rejects.toThrow(`--board: ${file}: queues must be a list`);
  });
});
