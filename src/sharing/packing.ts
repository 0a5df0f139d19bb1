/**
 * Decides which tenants share an upstream, so that few upstreams are needed. Pure. A set is never divided, and a definition
 * counts once however many tenants need it. A set larger than the limit shares its upstream only with tenants that it contains.
 */
import type { Definition } from '../model/definition.js';

/** The part of a tenant that packing depends on. */
export interface Packable {
  readonly definitions: readonly Pick<Definition, 'key'>[];
}

interface Bin<T> {
  readonly keys: Set<string>;
  readonly tenants: T[];
}

/** Packs tenants into as few upstreams as a best fit finds: exactly ceil(N / limit) for tenants of one definition each. */
export function pack<T extends Packable>(tenants: readonly T[], limit: number): T[][] {
  const sets = tenants.filter(({ definitions }) => definitions.length > 1);
  const singles = tenants.filter(({ definitions }) => definitions.length === 1);
  if (sets.length === 0) {
    return slices(singles, limit);
  }
  const bins: Bin<T>[] = [];
  for (const set of sets.sort((a, b) => b.definitions.length - a.definitions.length)) {
    put(set, bestFit(bins, set, limit) ?? newBin(bins));
  }
  const binOf = new Map(bins.flatMap((bin) => [...bin.keys].map((key) => [key, bin])));
  const homeless = singles.filter((single) => {
    const bin = binOf.get(single.definitions[0]?.key ?? '');
    bin?.tenants.push(single);
    return bin === undefined;
  });
  for (const bin of bins) {
    homeless.splice(0, Math.max(0, limit - bin.keys.size)).forEach((single) => put(single, bin));
  }
  return [...bins.map((bin) => bin.tenants), ...slices(homeless, limit)];
}

/** Number of distinct definitions that tenants need. */
export function countDefinitions(tenants: readonly Packable[]): number {
  const isSimple = tenants.every(({ definitions }) => definitions.length === 1);
  return isSimple ? tenants.length : new Set(tenants.flatMap(({ definitions }) => definitions.map(({ key }) => key))).size;
}

/** The bin to which a set adds the fewest definitions; the fullest one if several bins tie. */
function bestFit<T extends Packable>(bins: readonly Bin<T>[], { definitions }: T, limit: number): Bin<T> | undefined {
  let best: Bin<T> | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const bin of bins) {
    const more = definitions.reduce((sum, { key }) => sum + (bin.keys.has(key) ? 0 : 1), 0);
    const fits = more === 0 || bin.keys.size + more <= limit;
    if (fits && (more < fewest || (more === fewest && bin.keys.size > (best?.keys.size ?? 0)))) {
      best = bin;
      fewest = more;
    }
  }
  return best;
}

function newBin<T>(bins: Bin<T>[]): Bin<T> {
  const bin: Bin<T> = { keys: new Set(), tenants: [] };
  bins.push(bin);
  return bin;
}

function put<T extends Packable>(tenant: T, { keys, tenants }: Bin<T>): void {
  tenant.definitions.forEach(({ key }) => keys.add(key));
  tenants.push(tenant);
}

function slices<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}
