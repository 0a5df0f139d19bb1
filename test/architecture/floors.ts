/** The floors of docs/architecture.md as data, and the check of a graph of imports against them. Pure. */

/** Every import of the project's own files: from a file to the files it imports, both relative to `src`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

interface Room {
  readonly folder: string;
  readonly floor: number;
  /** Folders of the same floor that this one may look into. */
  readonly beside?: readonly string[];
}

const rooms: readonly Room[] = [
  { folder: 'model', floor: 0 },
  { folder: 'time', floor: 1 },
  { folder: 'wire', floor: 1, beside: ['time'] },
  { folder: 'upstream', floor: 2 },
  { folder: 'sharing', floor: 3 },
  { folder: '.', floor: 4 },
];

/** Entries see these files and themselves, and nothing else: an outsider could have written them. */
const entries: Readonly<Record<string, readonly string[]>> = {
  kpi: ['index.ts'],
  node: ['index.ts'],
  simulator: [],
  cli: ['index.ts', 'kpi/index.ts', 'node/index.ts', 'simulator/index.ts'],
};

/** What breaks the floors, a line each. */
export function violations(graph: ImportGraph): string[] {
  const found: string[] = [];
  for (const [from, imports] of graph) {
    for (const to of imports) {
      const why = forbidden(from, to);
      if (why !== undefined) {
        found.push(`${from} imports ${to}: ${why}`);
      }
    }
  }
  return [...found, ...cycles(graph)];
}

function forbidden(from: string, to: string): string | undefined {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === target) {
    return undefined;
  }
  const seen = entries[source];
  if (seen !== undefined) {
    return seen.includes(to) ? undefined : 'an entry sees the public surface only';
  }
  const [own, other] = [rooms.find(({ folder }) => folder === source), rooms.find(({ folder }) => folder === target)];
  if (own === undefined || other === undefined) {
    return `no room is called ${own === undefined ? source : target}`;
  }
  if (other.floor < own.floor || own.beside?.includes(target) === true) {
    return undefined;
  }
  return `floor ${own.floor} does not see floor ${other.floor}`;
}

function folderOf(file: string): string {
  const [first = '', ...rest] = file.split('/');
  return rest.length === 0 ? '.' : first;
}

function cycles(graph: ImportGraph): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    } else if (!done.has(file)) {
      (graph.get(file) ?? []).forEach((next) => visit(next, [...path, file]));
      done.add(file);
    }
  };
  [...graph.keys()].forEach((file) => visit(file, []));
  return found;
}
