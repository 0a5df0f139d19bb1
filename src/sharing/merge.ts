/**
 * Which groups to put together, so that statistics asked for one at a time settle into few upstreams (G2). Pure: from
 * sizes to a choice. Knows nothing of how cells move.
 */

/** The part of a group that the choice depends on. */
export interface Sized {
  members(): readonly unknown[];
}

/** Absorbing what is at most so many times larger keeps the moves of one statistic to the logarithm of all. */
const mostTimesLarger = 3;

/** The groups that newcomers absorb: smallest first, none more than three times what has come together, while it fits. */
export function absorbed<G extends Sized>(newcomers: number, groups: readonly G[], limit: number): G[] {
  const chosen: G[] = [];
  let size = newcomers;
  for (const group of bySize(groups)) {
    const more = group.members().length;
    if (newcomers === 0 || more > mostTimesLarger * size || size + more > limit) {
      break;
    }
    size += more;
    chosen.push(group);
  }
  return chosen;
}

/** The groups to open anew together at a quiet time: those that would need fewer upstreams so; none where that saves none. */
export function repacked<G extends Sized>(groups: readonly G[], limit: number): G[] {
  const apart = bySize(groups);
  const size = apart.reduce((sum, group) => sum + group.members().length, 0);
  return Math.ceil(size / limit) < apart.length ? apart : [];
}

function bySize<G extends Sized>(groups: readonly G[]): G[] {
  return [...groups].sort((a, b) => a.members().length - b.members().length);
}
