/**
 * Houses statistics and sets together in as few upstreams as possible (G2). Connects admission, splitting and compaction.
 * Owns the tenants by their keys, so that equal requests share one memory.
 */
import { createLruMap } from '#lru';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';
import type { StatisticValue } from '../model/statistic.js';
import { createTokenBucket } from '../time/token-bucket.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import { createAdmission, type AdmissionDeps } from './admission.js';
import { Cell } from './cell.js';
import { createCompaction } from './compaction.js';
import type { Group, GroupDeps } from './group.js';
import { countDefinitions, pack } from './packing.js';
import { LiveSet } from './set.js';
import type { LruMap } from './lru.js';
import { openSplitting, type SplittingDeps } from './splitting.js';
import type { Observer, Registrar, Tenant } from './tenant.js';

export interface HousingOptions {
  /** Milliseconds in which newcomers are gathered. */
  readonly window: number;
  /** The most statistics in one upstream. */
  readonly size: number;
}

export interface HousingDeps extends GroupDeps {
  readonly monitor: Monitor;
  readonly page: AdmissionDeps['page'];
  /** Reads configured statistics once, without a subscription. In the order of `definitions`; `undefined` where the server has none. */
  peek(definitions: readonly Definition[], signal: AbortSignal): Promise<readonly (Reading | undefined)[]>;
}

export interface Housing {
  /** Observes a statistic. The observer gets the present state and value at once, and leaves by its own `unsubscribe`. */
  join(definition: Definition, observer: Observer<StatisticValue>): void;
  /**
   * The set of these definitions. The same definitions in another order, or repeated, are the same set.
   *
   * @returns `join` observes the set; `order` holds, for each given member, its index in the values of the set.
   */
  set(members: readonly Definition[]): { readonly order: readonly number[]; join(observer: Observer<readonly StatisticValue[]>): void };
  refresh(): void;
  /** Completes every observer and closes every upstream. */
  close(): void;
}

/** The most refused definitions that are remembered. Without them, a bad definition would cause another search whenever it is requested. */
const mostSuspects = 10_000;

/**
 * However often a page changes, openings for newcomers and merges are limited: ten at once, then one every two seconds.
 * Newcomers beyond that get a first value by a peek, and are opened with the next ones.
 */
const opensAtOnce = 10;
const millisecondsPerOpen = 2000;

export function createHousing(deps: HousingDeps, options: HousingOptions): Housing {
  const { clock, monitor } = deps;
  const tenants = new Map<string, Tenant>();
  const groups = new Set<Group>();
  /** Groups that tenants of other groups are moving into. */
  const expecting = new Set<Group>();
  const probing: SplittingDeps['probing'] = new Map();
  // Created with the first refusal: in Node it reserves memory for all of its entries at once, some 200 KB.
  let suspects: LruMap<string, true> | undefined;
  const opens = createTokenBucket(clock, opensAtOnce, millisecondsPerOpen);
  let limit = options.size;

  const isSuspect = ({ definitions }: Tenant): boolean => suspects !== undefined && definitions.some(({ key }) => suspects?.has(key));

  const registrar: Registrar = {
    unobserved(tenant) {
      if (tenant.home === undefined) {
        admission.turnAway(tenant);
        forget(tenant);
        probing.get(tenant)?.();
      }
      expecting.forEach((group) => (group.expectsMovers ? group.giveUpUnobserved() : expecting.delete(group)));
      compaction.reconsider();
    },
  };

  const splitting: SplittingDeps = {
    ...deps,
    probing,
    cell: (definition) => cellOf(definition),
    forget,
    suspect({ key }) {
      suspects ??= createLruMap(mostSuspects);
      suspects.set(key, true);
    },
    limitTo(size) {
      limit = Math.min(limit, size);
    },
    opened(group) {
      groups.add(group);
      if (group.expectsMovers) {
        expecting.add(group);
      }
    },
    closed(group) {
      groups.delete(group);
      expecting.delete(group);
      compaction.ended(group);
    },
    accepted(group, from) {
      if (from > 0) {
        monitor.emit({ type: 'merged', upstreams: from, statistics: group.opened });
      }
      compaction.accepted(from > 0);
    },
  };

  const compaction = createCompaction({ clock, opens, groups, limit: () => limit, isSuspect, open });

  const admission = createAdmission({
    ...deps,
    window: options.window,
    opens,
    limit: () => limit,
    openApart: open,
    open(newcomers) {
      const together = newcomers.filter((tenant) => !isSuspect(tenant));
      open([...newcomers, ...compaction.absorb(countDefinitions(together))]);
    },
  });

  /** Opens tenants in as few upstreams as they need. Tenants of other groups move, make before break. */
  function open(some: readonly Tenant[]): void {
    // A suspect is tried alone, so that its neighbours do not pay for it again.
    some.filter(isSuspect).forEach((tenant) => openSplitting(splitting, [tenant]));
    pack(some.filter((tenant) => !isSuspect(tenant)), limit).forEach((together) => openSplitting(splitting, together));
  }

  function forget(tenant: Tenant): void {
    if (tenants.get(tenant.key) === tenant) {
      tenants.delete(tenant.key);
    }
  }

  function remembered<T extends Tenant>(key: string, create: () => T): T {
    const known = tenants.get(key) as T | undefined;
    const tenant = known ?? create();
    tenants.set(key, tenant);
    return tenant;
  }

  const cellOf = (definition: Definition): Cell => remembered(definition.key, () => new Cell(definition, registrar));

  /** Adds an observer. A new tenant enters a group that holds its definitions already; otherwise it waits to be opened. */
  function join<V>(isKnown: boolean, tenant: Tenant<V>, observer: Observer<V>): void {
    const isBack = isKnown && !tenant.observed;
    if (!isKnown && ![...groups].some((group) => group.admit(tenant))) {
      admission.add(tenant);
    }
    tenant.join(observer);
    if (isBack) {
      // The tenant's group is observed again, so it may be possible to merge it with others.
      compaction.wake();
    }
  }

  return {
    join(definition, observer) {
      join(tenants.has(definition.key), cellOf(definition), observer);
    },
    set(members) {
      const definitions = [...new Map(members.map((member) => [member.key, member])).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      const key = ['set', ...definitions.map((definition) => definition.key)].join('\n');
      const indexOf = new Map(definitions.map((definition, index) => [definition.key, index]));
      return {
        order: members.map((member) => indexOf.get(member.key) ?? -1),
        join: (observer) => join(tenants.has(key), remembered(key, () => new LiveSet(key, definitions, registrar)), observer),
      };
    },
    refresh() {
      groups.forEach((group) => group.refresh());
    },
    close() {
      const all = [...tenants.values()];
      tenants.clear();
      admission.close();
      compaction.close();
      probing.forEach((stop) => stop());
      groups.forEach((group) => group.close());
      groups.clear();
      all.forEach((tenant) => tenant.complete());
    },
  };
}
