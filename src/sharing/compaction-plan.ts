/**
 * Chooses the groups to merge, so that statistics and sets that were requested one at a time end up in few upstreams (G2). Also
 * chooses the groups to open anew, because hardly anything in them is observed. Pure: sizes in, a choice out.
 */

/** The part of a group that the choice depends on. */
export interface Sized {
  /** Number of its definitions that are observed. */
  readonly observed: number;
  /** Number of definitions that it was opened with. */
  readonly opened: number;
}

/** Newcomers absorb a group only if it is at most this many times larger. So a statistic moves O(log N) times among N statistics. */
const mostTimesLarger = 3;
/** From this number of unobserved definitions on, opening anew without them pays. Below it, polls just do not ask for them. */
const worthReopening = 50;

/** The groups that newcomers absorb: smallest first, while they fit, and none more than three times as large as the merged part so far. */
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
 * The groups to open anew together: all of them if fewer upstreams would then be enough, otherwise the mostly unobserved ones.
 *
 * @param needed - returns the number of upstreams that the tenants of given groups need.
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
