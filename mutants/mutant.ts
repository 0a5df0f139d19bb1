/**
 * A planted bug: a piece of code, changed as a tired engineer might change it. Owns finding the piece in the sources and
 * changing it; knows nothing of how the bug is found out.
 */
import ts from 'typescript';

export interface Mutant {
  /** The promise that no longer holds, by the number of its guarantee, fault or invariant. */
  readonly breaks: string;
  /**
   * The function, method or variable that the bug is planted in, below those around it: `createDeleter.flush`. No file is named, so
   * files may be renamed, moved and divided.
   */
  readonly in: string;
  /** Code that stands there exactly once, however it is laid out. */
  readonly find: string;
  readonly replace: string;
  /** Test files below `test`, without `.test.ts`, that are run first. */
  readonly tests: readonly string[];
}

/** The sources, by their path below `src`. */
export type Sources = ReadonlyMap<string, string>;

export interface Planted {
  readonly file: string;
  /** The whole file, with the bug in it. */
  readonly text: string;
}

/** @throws Error that names the mutant, when its code is not there exactly once. */
export function plant(sources: Sources, mutant: Mutant): Planted {
  const places = [...sources].flatMap(([file, text]) => placesIn(file, text, mutant));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`${mutant.breaks}: ${JSON.stringify(mutant.find)} stands ${places.length} times in ${mutant.in}`);
  }
  const text = sources.get(place.file) ?? '';
  return { file: place.file, text: text.slice(0, place.start) + mutant.replace + text.slice(place.end) };
}

interface Place {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

function placesIn(file: string, text: string, mutant: Mutant): Place[] {
  if (!text.includes(mutant.in.split('.').at(-1) ?? '')) {
    return [];
  }
  const code = new RegExp(mutant.find.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+'), 'g');
  return spansOf(file, text, mutant.in).flatMap(([from, to]) =>
    [...text.slice(from, to).matchAll(code)].map(({ index, 0: found }) => ({ file, start: from + index, end: from + index + found.length })),
  );
}

/** Where the declarations of this path begin and end. */
function spansOf(file: string, text: string, path: string): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const name = nameOf(node);
    const here = name === undefined ? around : [...around, name];
    if (name !== undefined && here.join('.') === path) {
      spans.push([node.getStart(), node.getEnd()]);
    }
    ts.forEachChild(node, (child) => visit(child, here));
  };
  visit(parsed(file, text), []);
  return spans;
}

/** Each text is parsed once, since a catalogue looks for many mutants in the same sources. */
const trees = new Map<string, ts.SourceFile>();

function parsed(file: string, text: string): ts.SourceFile {
  const tree = trees.get(text) ?? ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  trees.set(text, tree);
  return tree;
}

function nameOf(node: ts.Node): string | undefined {
  const isNamed =
    ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isClassDeclaration(node) ||
    ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || (ts.isPropertyAssignment(node) && ts.isFunctionLike(node.initializer));
  return isNamed ? node.name?.getText() : undefined;
}
