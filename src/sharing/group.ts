/**
 * The tenants that share one upstream. Owns the list of tenants at home in the group, their needs for the next poll, and the end of
 * the upstream, after a linger, once nobody observes any of them. Does not know what a refusal means: the opener does.
 */
import type { Definition } from '../model/definition.js';
import type { StatisticsError } from '../model/errors.js';
import type { Clock } from '../time/clock.js';
import type { Answer, Attempts, Decision, Lag, Needs, Refusal, Source, SourceHandle } from '../upstream/source.js';
import type { Pool, Share } from './pool.js';
import { Residents } from './residents.js';
import type { Home, Tenant } from './tenant.js';

export interface GroupDeps {
  readonly source: Source;
  readonly pool: Pool;
  readonly clock: Clock;
  /** Milliseconds: the client's interval between polls while values change. */
  readonly interval: number;
  /** Milliseconds for which a tenant that nobody observes is kept. */
  readonly linger: number;
}

export interface GroupHooks {
  /** The first answer came, so the server has accepted the definitions. `from`: the number of groups that tenants moved in from. */
  accepted(from: number): void;
  /** Whether a group that keeps failing without a stated reason ends. Otherwise the same definitions are tried again. */
  endsFailing(error: StatisticsError): boolean;
  /** The server refused the group, which has ended. `tenants` were at home in it, or moving into it. */
  refused(tenants: readonly Tenant[], error: StatisticsError, why: Refusal, failures: number): void;
  /** No answer has ever held this definition. `tenants` need it, and have left the group. `error`: the reason, where it is known. */
  missing(definition: Definition, tenants: readonly Tenant[], error: StatisticsError | undefined): void;
  /** No usable answer has come for so long that the tenants are stale. */
  stale(error: StatisticsError | undefined): void;
  /** Answers arrive, but have lacked these definitions for too long. */
  lagging(definitions: readonly Definition[], error: StatisticsError): void;
  /** The group has forgotten these tenants, because nobody observes them. */
  dismissed(tenants: readonly Tenant[]): void;
  /** The group has ended, because nobody needs it any more. */
  ended(): void;
}

export class Group implements Home {
  readonly #deps: GroupDeps;
  readonly #hooks: GroupHooks;
  readonly #residents: Residents;
  readonly #share: Share;
  readonly #handle: SourceHandle;
  /** The tenants that live in other groups until the first answer comes. */
  readonly #movers: readonly Tenant[];
  #accepted = false;
  /** The group holds a share of its own upstream until the movers are in, even if all newcomers leave before. */
  #held = true;
  /** The tenants' needs for the next poll. Cleared by every change, and computed again when the upstream asks. */
  #needs: Needs | undefined;
  /** No tenant wants an answer that is unchanged for it. Checked after each answer; reset when an observer or the state of a tenant changes. */
  #skipUnchanged = false;
  /** The number of tenants at home that nobody observes, and the monotonic time until which all of them are kept. */
  #unobserved = 0;
  #keptUntil = 0;
  /** The last answer. A new tenant takes it at once if it holds all definitions of the tenant. */
  #last: Answer | undefined;
  /** A statistic that observed tenants have lacked for too long, and the keys of all such statistics, which have been reported. */
  #lag: Lag | undefined;
  #reported: ReadonlySet<string> = new Set();
  /** Set while no usable answer comes, so that a new tenant is stale at once. */
  #silence: { readonly error: StatisticsError | undefined } | undefined;

  /**
   * Opens an upstream for `tenants`. Tenants without a home are at home here at once. Tenants of other groups move in with the
   * first answer, so that none is ever without an upstream. A group that they leave empty ends.
   */
  constructor(deps: GroupDeps, tenants: readonly Tenant[], hooks: GroupHooks, before: Attempts) {
    this.#deps = deps;
    this.#hooks = hooks;
    this.#residents = new Residents(tenants);
    const { definitions } = this.#residents;
    this.#share = deps.pool.add(definitions.length, () => this.#end());
    this.#handle = deps.source(
      definitions,
      {
        answer: (answer) => this.#answer(answer),
        lag: () => this.#lag,
        needs: () => this.#needsNow(),
        missing: (places, error) => places.forEach((place) => this.#miss(place, error)),
        refused: (error, why, failed) => this.#refused(error, why, failed),
        stale: (error) => this.#stale(error),
      },
      before,
    );
    this.#share.use();
    this.#movers = tenants.filter(({ home }) => home !== undefined);
    tenants.filter(({ home }) => home === undefined).forEach((tenant) => this.#moveIn(tenant, this.#residents.find(tenant)));
    if (this.#movers.length === 0) {
      this.#letGo('linger');
    }
  }

  /** Number of definitions that the group was opened with. */
  get opened(): number {
    return this.#residents.definitions.length;
  }

  /** Number of its definitions that are observed. */
  get observed(): number {
    return this.#residents.claimed;
  }

  /** Whether the server has accepted the group, so that its tenants get values. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** Whether tenants of other groups wait for the first answer to move in. */
  get expectsMovers(): boolean {
    return !this.#accepted && this.#movers.length > 0;
  }

  /** The observed tenants at home here. */
  members(): readonly Tenant[] {
    return this.#residents.filter(({ home, observed }) => home === this && observed);
  }

  /** Takes a tenant in if the upstream holds all of its definitions. A tenant of another group also needs a last answer that is not older. */
  admit(tenant: Tenant): boolean {
    const places = this.#residents.find(tenant);
    const isCurrent = places?.every((place) => this.#isCurrent(place)) === true;
    if (places === undefined || (tenant.home !== undefined && !isCurrent)) {
      return false;
    }
    this.#moveIn(tenant, places);
    if (isCurrent && this.#last !== undefined) {
      tenant.take({ ...this.#last, opening: true, reopened: false }, undefined);
    } else if (this.#accepted) {
      this.#handle.refresh();
    }
    if (this.#silence !== undefined) {
      tenant.stale(this.#silence.error);
    }
    return true;
  }

  enter(tenant: Tenant): void {
    this.#unobserved--;
    this.#claim(tenant);
    if (tenant.interval(this.#deps.interval) !== undefined) {
      this.#handle.reconsider();
    }
  }

  leave(tenant: Tenant): void {
    this.#release(tenant);
    this.#unobserved++;
    this.#keptUntil = this.#deps.clock.monotonic() + this.#deps.linger;
    this.#share.release('linger');
  }

  moveOut(tenant: Tenant): () => void {
    if (!tenant.observed) {
      this.#unobserved--;
      return () => this.#residents.remove(tenant);
    }
    this.#release(tenant);
    this.#residents.remove(tenant);
    return () => this.#share.release('at once');
  }

  reconsider(): void {
    this.#needs = undefined;
    this.#skipUnchanged = false;
    this.#handle.reconsider();
  }

  /** Ends the group if it waits for movers, and nobody observes any of its tenants, movers included. */
  giveUpUnobserved(): void {
    // Without this, an unreachable server would be tried for ever although nobody observes anything (G13).
    if (this.observed === 0 && !this.#movers.some(({ observed }) => observed)) {
      this.#letGo('at once');
    }
  }

  refresh(): void {
    this.#handle.refresh();
  }

  close(): void {
    this.#evict();
    this.#handle.close();
  }

  // -- who is at home ----------------------------------------------------------------------------------------------

  #atHome(): Tenant[] {
    return this.#residents.filter(({ home }) => home === this);
  }

  #moveIn(tenant: Tenant, places: readonly number[] = []): void {
    const finish = tenant.home?.moveOut(tenant);
    tenant.home = this;
    this.#residents.settle(tenant, places);
    if (tenant.observed) {
      this.#claim(tenant);
    } else {
      this.#unobserved++;
    }
    finish?.();
  }

  #claim(tenant: Tenant): void {
    this.#residents.claim(tenant, 1);
    this.#needs = undefined;
    this.#skipUnchanged = false;
    this.#share.use();
  }

  #release(tenant: Tenant): void {
    this.#residents.claim(tenant, -1);
    this.#needs = undefined;
  }

  #accept(): void {
    this.#accepted = true;
    // A mover that has no home any more was refused or dismissed by its old group.
    const moving = this.#movers.filter(({ home }) => home !== undefined);
    const from = new Set(moving.map(({ home }) => home)).size;
    moving.forEach((tenant) => this.#moveIn(tenant, this.#residents.find(tenant)));
    this.#residents.forgetKeys();
    this.#letGo('linger');
    this.#hooks.accepted(from);
  }

  #letGo(after: 'linger' | 'at once'): void {
    if (this.#held) {
      this.#held = false;
      this.#share.release(after);
    }
  }

  /** Leaves no tenant at home. Returns the tenants that were. */
  #evict(): readonly Tenant[] {
    this.#share.drop();
    const evicted = this.#atHome();
    evicted.forEach((tenant) => (tenant.home = undefined));
    return evicted;
  }

  #end(): void {
    const evicted = this.#evict();
    this.#handle.close();
    this.#hooks.dismissed(evicted);
    this.#hooks.ended();
  }

  /** Forgets the tenants that nobody observes. A later tenant with the same definitions is admitted anew. */
  #dismissUnobserved(): void {
    const dismissed = this.#atHome().filter(({ observed }) => !observed);
    for (const tenant of dismissed) {
      this.#residents.remove(tenant);
      tenant.home = undefined;
    }
    this.#unobserved = 0;
    this.#needs = undefined;
    this.#hooks.dismissed(dismissed);
  }

  // -- the hooks of its upstream -----------------------------------------------------------------------------------

  #needsNow(): Needs {
    if (this.#unobserved > 0 && this.observed > 0 && this.#deps.clock.monotonic() >= this.#keptUntil) {
      this.#dismissUnobserved();
    }
    return (this.#needs ??= { indices: this.#narrowed(), interval: this.#interval() });
  }

  /** The places to ask for by id, if no tenant needs most of the definitions; `undefined`: ask for all. */
  #narrowed(): readonly number[] | undefined {
    if (this.#unobserved > 0 || this.observed === 0 || 2 * this.observed > this.opened) {
      return undefined;
    }
    return [...this.#residents.definitions.keys()].filter((place) => this.#residents.isClaimed(place));
  }

  #interval(): number | undefined {
    const { interval } = this.#deps;
    const wanted = this.members().map((tenant) => tenant.interval(interval));
    const least = wanted.reduce<number>((min, each) => Math.min(min, each ?? interval), Number.POSITIVE_INFINITY);
    return least === Number.POSITIVE_INFINITY || (least === interval && wanted.includes(undefined)) ? undefined : least;
  }

  #answer(answer: Answer): number {
    this.#silence = undefined;
    if (!this.#accepted) {
      this.#accept();
    }
    this.#last = answer;
    const news = this.#residents.fanOut(answer, this, this.#skipUnchanged);
    // This answer was offered to all tenants, and any of them may have passed it over, so look for those that want the next one.
    const attentive = this.#skipUnchanged && answer.changed !== undefined ? [] : this.#atHome().filter(({ wantsUnchanged }) => wantsUnchanged);
    this.#skipUnchanged = attentive.length === 0;
    this.#reportLags(attentive.flatMap(({ lag, observed }) => (lag !== undefined && observed ? [lag] : [])));
    return news;
  }

  /** Reports each lagging statistic once, and again only after it has come back. */
  #reportLags(lags: readonly Lag[]): void {
    const fresh = lags.filter(({ definition }) => !this.#reported.has(definition.key));
    // The upstream sees one lag: opening the subscription anew for one statistic may help all of them.
    this.#lag = lags.find(({ isOutdated }) => isOutdated) ?? lags[0];
    if (lags.length > 0 || this.#reported.size > 0) {
      this.#reported = new Set(lags.map(({ definition }) => definition.key));
    }
    for (const isOutdated of [true, false]) {
      const alike = new Map(fresh.filter((lag) => lag.isOutdated === isOutdated).map((lag) => [lag.definition.key, lag]));
      const [first] = alike.values();
      if (first !== undefined) {
        this.#hooks.lagging([...alike.values()].map(({ definition }) => definition), first.error);
      }
    }
  }

  /** Whether the last answer holds a reading at this place that is not older than the one a tenant here has accepted. */
  #isCurrent(place: number): boolean {
    const reading = this.#last?.readings[place];
    const serverTime = this.#last?.serverTime ?? 0;
    return reading !== undefined && !this.#residents.at(place).some((tenant) => tenant.isNewerThan(reading, serverTime, place));
  }

  #miss(place: number, error: StatisticsError | undefined): void {
    const definition = this.#residents.definitions[place];
    const tenants = this.#residents.at(place);
    if (definition === undefined || tenants.length === 0) {
      return;
    }
    const observed = tenants.filter((tenant) => tenant.observed);
    observed.forEach((tenant) => this.#release(tenant));
    this.#unobserved -= tenants.length - observed.length;
    for (const tenant of tenants) {
      this.#residents.remove(tenant);
      tenant.home = undefined;
    }
    this.#hooks.missing(definition, tenants, error);
    observed.forEach(() => this.#share.release('linger'));
  }

  #refused(error: StatisticsError, why: Refusal, failures: number): Decision {
    if (why === 'barred' || (why === 'keepsFailing' && !this.#hooks.endsFailing(error))) {
      return 'keepTrying';
    }
    const movers = this.#accepted ? [] : this.#movers.filter(({ home }) => home !== undefined);
    this.#hooks.refused([...this.#evict(), ...movers], error, why, failures);
    return 'stop';
  }

  #stale(error: StatisticsError | undefined): void {
    this.#silence = { error };
    this.#skipUnchanged = false;
    this.#atHome().forEach((tenant) => tenant.stale(error));
    this.#hooks.stale(error);
  }
}
