/**
 * Which groups to put together, so that statistics and sets asked for one at a time settle into few upstreams (G2), and
 * which to open anew since hardly anything in them is observed. Pure: from sizes to a choice.
 */

/** The part of a group that the choice depends on. */
export interface Sized {
  /** How many of its definitions are observed. */
  readonly observed: number;
  /** How many it was opened with. */
  readonly opened: number;
}

/** Absorbing only what is at most this many times larger keeps the moves of one statistic to the logarithm of all. */
const mostTimesLarger = 3;
/** From this many unobserved definitions on, an opening without them pays; fewer are left out of the polls by name. */
const worthReopening = 50;

/** The groups that newcomers absorb: smallest first, none more than three times what has come together, while it fits. */
export function absorbed<G extends Sized>(newcomers: number, groups: readonly G[], limit: number): G[] {
  const chosen: G[] = [];
  let size = newcomers;
  for (const group of bySize(groups)) {
    const more = group.observed;
    if (newcomers === 0 || more > mostTimesLarger * size || size + more > limit) {
      break;
    }
    size += more;
    chosen.push(group);
  }
  return chosen;
}

/**
 * The groups to open anew together: all of them, if they would need fewer upstreams so, else those that are mostly unobserved.
 *
 * @param needed - how many upstreams the tenants of given groups need.
 */
export function repacked<G extends Sized>(groups: readonly G[], needed: (groups: readonly G[]) => number): G[] {
  const apart = bySize(groups.filter((group) => group.observed > 0));
  return needed(apart) < apart.length ? apart : apart.filter(isMostlyUnobserved);
}

function isMostlyUnobserved(group: Sized): boolean {
  const unobserved = group.opened - group.observed;
  return 2 * unobserved > group.opened && unobserved >= worthReopening;
}

function bySize<G extends Sized>(groups: readonly G[]): G[] {
  return [...groups].sort((a, b) => a.observed - b.observed);
}
