/** The imports keep to the floors of docs/architecture.md, types included. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { violations } from './floors.js';

const source = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.ts'));
const text = (file: string): string => readFileSync(`${source}/${file}`, 'utf8');

function importsOf(file: string): string[] {
  return ts
    .preProcessFile(text(file), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(posix.dirname(file), name.replace(/\.js$/, '.ts')));
}

describe('floors', () => {
  it('every import leads to a lower floor, and there is no cycle', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]));
    expect(graph.get('engine.ts')).toContain('sharing/housing.ts');
    expect(violations(graph)).toEqual([]);
  });

  it('every import leads to a file', () => {
    expect(files.flatMap(importsOf).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('every index names its exports', () => {
    expect(files.filter((file) => file.endsWith('index.ts') && /export \* /.test(text(file)))).toEqual([]);
  });

  it.each([
    ['an upward import', { 'model/a.ts': ['wire/b.ts'] }, 'model/a.ts imports wire/b.ts: floor 0 does not see floor 1'],
    ['a look into a room of the same floor', { 'time/a.ts': ['wire/b.ts'] }, 'time/a.ts imports wire/b.ts: floor 1 does not see floor 1'],
    ['an upstream whose recovery knows its sessions', { 'upstream/recovery/a.ts': ['upstream/session/b.ts'] }, 'upstream/recovery/a.ts imports upstream/session/b.ts: floor 2.3 does not see floor 2.5'],
    ['an answer that knows of recovery', { 'upstream/answer/a.ts': ['upstream/recovery/b.ts'] }, 'upstream/answer/a.ts imports upstream/recovery/b.ts: floor 2.3 does not see floor 2.3'],
    ['a waist that knows what is below it', { 'upstream/source.ts': ['upstream/upstream.ts'] }, 'upstream/source.ts imports upstream/upstream.ts: floor 2 does not see floor 2.6'],
    ['a folder that no floor is named for', { 'upstream/new/a.ts': ['model/b.ts'] }, 'upstream/new/a.ts imports model/b.ts: no room is called upstream'],
    ['an entry that looks behind the surface', { 'kpi/a.ts': ['model/b.ts'] }, 'kpi/a.ts imports model/b.ts: an entry sees the public surface only'],
    ['a simulator that uses the client', { 'simulator/a.ts': ['index.ts'] }, 'simulator/a.ts imports index.ts: an entry sees the public surface only'],
    ['the core using an entry', { 'client.ts': ['kpi/index.ts'] }, 'client.ts imports kpi/index.ts: no room is called kpi'],
    ['a cycle', { 'model/a.ts': ['model/b.ts'], 'model/b.ts': ['model/a.ts'] }, 'cycle: model/a.ts -> model/b.ts -> model/a.ts'],
  ])('reports %s', (_, imports, violation) => {
    expect(violations(new Map(Object.entries(imports)))).toEqual([violation]);
  });
});
