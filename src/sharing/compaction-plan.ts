/**
 * Which groups to put together, so that statistics asked for one at a time settle into few upstreams (G2), and which to
 * open anew since they are mostly dead. Pure: from sizes to a choice. Knows nothing of how cells move.
 */

/** The part of a group that the choice depends on. */
export interface Sized {
  /** How many of its statistics are watched. */
  readonly watched: number;
  /** How many it was opened with. */
  readonly opened: number;
}

/** Absorbing what is at most so many times larger keeps the moves of one statistic to the logarithm of all. */
const mostTimesLarger = 3;
/** So many that nobody watches are worth an opening without them; fewer are left out of the polls by name. */
const worthReopening = 50;

/** The groups that newcomers absorb: smallest first, none more than three times what has come together, while it fits. */
export function absorbed<G extends Sized>(newcomers: number, groups: readonly G[], limit: number): G[] {
  const chosen: G[] = [];
  let size = newcomers;
  for (const group of bySize(groups)) {
    const more = group.watched;
    if (newcomers === 0 || more > mostTimesLarger * size || size + more > limit) {
      break;
    }
    size += more;
    chosen.push(group);
  }
  return chosen;
}

/** The groups to open anew together at a quiet time: those that would need fewer upstreams so, or are mostly dead. */
export function repacked<G extends Sized>(groups: readonly G[], limit: number): G[] {
  const apart = bySize(groups.filter((group) => group.watched > 0));
  const size = apart.reduce((sum, group) => sum + group.watched, 0);
  return Math.ceil(size / limit) < apart.length ? apart : apart.filter(isMostlyDead);
}

function isMostlyDead(group: Sized): boolean {
  const dead = group.opened - group.watched;
  return 2 * dead > group.opened && dead >= worthReopening;
}

function bySize<G extends Sized>(groups: readonly G[]): G[] {
  return [...groups].sort((a, b) => a.watched - b.watched);
}
