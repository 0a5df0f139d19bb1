/**
 * Tenants that live in one upstream. Owns who is at home in it, what they need of the next poll, and that it lingers and
 * ends when nobody observes any of them. The meaning of a refusal is the opener's business.
 */
import type { Definition } from '../model/definition.js';
import type { StatisticsError } from '../model/errors.js';
import type { Clock } from '../time/clock.js';
import type { Answer, Decision, Lag, Needs, Refusal, Source, SourceHandle } from '../upstream/source.js';
import type { Pool, Share } from './pool.js';
import { Residents } from './residents.js';
import type { Home, Tenant } from './tenant.js';

export interface GroupDeps {
  readonly source: Source;
  readonly pool: Pool;
  readonly clock: Clock;
  /** Milliseconds: the client's interval between polls while values change. */
  readonly interval: number;
  /** Milliseconds: how long a tenant that nobody observes is kept. */
  readonly linger: number;
}

export interface GroupHooks {
  /** The first answer: the server has accepted the definitions. `from`: how many other groups tenants have moved in from. */
  accepted(from: number): void;
  /** Whether a group that keeps failing for no stated reason ends, instead of being tried on as it is. */
  endsFailing(error: StatisticsError): boolean;
  /** The group has ended. `tenants` were at home in it, or on their way into it. */
  refused(tenants: readonly Tenant[], error: StatisticsError, why: Refusal, failures: number): void;
  /** No answer has ever held this definition. `tenants` need it, and are in the group no more. `error`: the reason, where it is known. */
  missing(definition: Definition, tenants: readonly Tenant[], error: StatisticsError | undefined): void;
  /** Nothing usable has come for so long that the tenants are stale. */
  stale(error: StatisticsError | undefined): void;
  /** Answers arrive, but have lacked these definitions for too long. */
  lagging(definitions: readonly Definition[], error: StatisticsError): void;
  /** These tenants are kept no more, since nobody observes them. */
  dismissed(tenants: readonly Tenant[]): void;
  /** Nobody needs the group any more, so it has ended. */
  ended(): void;
}

export class Group implements Home {
  readonly #deps: GroupDeps;
  readonly #hooks: GroupHooks;
  readonly #residents: Residents;
  readonly #share: Share;
  readonly #handle: SourceHandle;
  /** The tenants that live elsewhere until the first answer. */
  readonly #movers: readonly Tenant[];
  #accepted = false;
  /** Held open until the movers are in, even if all newcomers leave before. */
  #held = true;
  /** Made anew when it is asked for after a change. */
  #needs: Needs | undefined;
  /** No tenant wants an answer in which nothing changed for it. Found by looking; true until something changes. */
  #skipUnchanged = false;
  /** How many tenants at home nobody observes, and until when the last of them may come back and find itself as it was. */
  #unobserved = 0;
  #keptUntil = 0;
  /** The last answer: a new tenant whose definitions are in it is given it at once. */
  #last: Answer | undefined;
  /** The statistic that observed tenants have lacked for too long, and the keys of all that were reported. */
  #lag: Lag | undefined;
  #reported: ReadonlySet<string> = new Set();
  /** Set while nothing usable comes: a new tenant is not to wait in silence. */
  #silence: { readonly error: StatisticsError | undefined } | undefined;

  /**
   * Opens an upstream for `tenants`. Those without a home are at home in it at once. Those that live elsewhere move in with
   * the first answer, so that none is ever without an upstream; a home that they leave empty ends.
   */
  constructor(deps: GroupDeps, tenants: readonly Tenant[], hooks: GroupHooks, failures: number) {
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
      failures,
    );
    this.#share.use();
    this.#movers = tenants.filter(({ home }) => home !== undefined);
    tenants.filter(({ home }) => home === undefined).forEach((tenant) => this.#moveIn(tenant, this.#residents.find(tenant)));
    if (this.#movers.length === 0) {
      this.#letGo('linger');
    }
  }

  /** How many definitions it was opened with. */
  get opened(): number {
    return this.#residents.definitions.length;
  }

  /** How many of them are observed. */
  get observed(): number {
    return this.#residents.claimed;
  }

  /** Whether the server has accepted it, so that its tenants live. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /** Whether tenants of other groups are on their way into it. */
  get awaited(): boolean {
    return !this.#accepted && this.#movers.length > 0;
  }

  /** The observed tenants at home here. */
  members(): readonly Tenant[] {
    return this.#atHome().filter(({ observed }) => observed);
  }

  /** Takes in a tenant if the upstream holds all of its definitions; one that lives elsewhere, only if it loses nothing. */
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

  /** Ends it if it is still being opened and nobody observes a tenant of it, wherever the tenant lives. */
  giveUpUnobserved(): void {
    // Otherwise a server that cannot be reached would be tried for ever, for nobody (G13).
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
    return [...this.#residents].filter(({ home }) => home === this);
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
    // A mover without a home by now was refused or dismissed elsewhere.
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

  /** Nobody is at home any more; returns who was. */
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

  /** Forgets the tenants that nobody has come back to. A later one for the same definitions is admitted anew. */
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

  // -- what its upstream asks and says -----------------------------------------------------------------------------

  #needsNow(): Needs {
    if (this.#unobserved > 0 && this.observed > 0 && this.#deps.clock.monotonic() >= this.#keptUntil) {
      this.#dismissUnobserved();
    }
    return (this.#needs ??= { indices: this.#narrowed(), interval: this.#interval() });
  }

  /** The places to ask for by name, where most definitions are needed by no tenant at all. */
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
    // After an answer that was offered to all, one of them may have passed it over.
    const attentive = this.#skipUnchanged && answer.changed !== undefined ? [] : this.#atHome().filter(({ wantsUnchanged }) => wantsUnchanged);
    this.#skipUnchanged = attentive.length === 0;
    this.#reportLags(attentive.flatMap(({ lag, observed }) => (lag !== undefined && observed ? [lag] : [])));
    return news;
  }

  /** Reports each statistic once until it is back. */
  #reportLags(lags: readonly Lag[]): void {
    const fresh = lags.filter(({ definition }) => !this.#reported.has(definition.key));
    // A subscription that is opened anew for one may help them all.
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

  /** Whether the last answer holds this, and nothing older than another tenant has shown. */
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
