/** The floors of docs/architecture.md as data, and the check of a graph of imports against them. Pure. */

/** Every import of the project's own files: from a file to the files it imports, both relative to `src`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

interface Room {
  /** A folder, or a file that is a room of its own. */
  readonly folder: string;
  readonly floor: number;
  /** Folders of the same floor that this one may look into. */
  readonly beside?: readonly string[];
}

const rooms: readonly Room[] = [
  { folder: 'model', floor: 0 },
  { folder: 'time', floor: 1 },
  { folder: 'wire', floor: 1, beside: ['time'] },
  { folder: 'upstream/source.ts', floor: 2 },
  { folder: 'upstream/telemetry', floor: 2.1 },
  { folder: 'upstream/context.ts', floor: 2.2 },
  { folder: 'upstream/recovery', floor: 2.3 },
  { folder: 'upstream/answer', floor: 2.3 },
  { folder: 'upstream/cleanup', floor: 2.4 },
  { folder: 'upstream/session', floor: 2.5 },
  { folder: 'upstream/upstream.ts', floor: 2.6 },
  { folder: 'upstream/fallback', floor: 2.7 },
  { folder: 'sharing', floor: 3 },
  { folder: '.', floor: 4 },
];

/**
 * Entries, and the folders that several of them share, see these files and folders and themselves, and nothing else: an
 * outsider could have written them.
 */
const entries: Readonly<Record<string, readonly string[]>> = {
  checks: ['index.ts'],
  consumer: ['index.ts', 'checks/'],
  kpi: ['index.ts', 'checks/'],
  web: ['index.ts', 'checks/', 'consumer/'],
  angular: ['index.ts', 'checks/'],
  node: ['index.ts', 'checks/', 'consumer/', 'web/index.ts'],
  simulator: [],
  fleet: ['index.ts', 'checks/'],
  redis: ['index.ts', 'checks/', 'fleet/'],
  tabs: ['index.ts', 'checks/', 'fleet/'],
  cli: ['index.ts', 'fleet/index.ts', 'kpi/index.ts', 'node/index.ts', 'redis/index.ts', 'simulator/index.ts'],
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
  const [source, target] = [roomOf(from), roomOf(to)];
  if (source === target) {
    return undefined;
  }
  const seen = entries[source];
  if (seen !== undefined) {
    return seen.some((open) => to === open || (open.endsWith('/') && to.startsWith(open))) ? undefined : 'an entry sees the public surface only';
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

/** The room of a file: the file itself or a folder around it, the innermost that is named; else its outermost folder. */
function roomOf(file: string): string {
  const parts = file.split('/');
  const around = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return around.find((path) => rooms.some(({ folder }) => folder === path)) ?? (parts.length > 1 ? (parts[0] ?? '') : '.');
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
