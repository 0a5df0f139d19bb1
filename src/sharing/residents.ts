/**
 * The tenants of one group, and the place of each definition in its answers: one place, however many tenants need the
 * definition. Owns this mapping, which definitions are observed, and passing answers to tenants. Knows nothing of requests.
 */
import type { Definition } from '../model/definition.js';
import type { Answer } from '../upstream/source.js';
import type { Home, Tenant } from './tenant.js';

export class Residents {
  /** The distinct definitions of all tenants. The index of a definition is its place. */
  readonly definitions: readonly Definition[];
  readonly #tenants: Set<Tenant>;
  /** From a definition's key to its place. Rebuilt on demand, since most groups never need it after their first answer. */
  #placeOf: Map<string, number> | undefined;
  /** By place: the tenants at home that need the definition, one or several. */
  readonly #at: (Tenant | Tenant[] | undefined)[] = [];
  /** By place: the number of observed tenants at home that need the definition. */
  readonly #claims: Uint32Array;
  readonly #news: Uint8Array;
  #claimed = 0;

  /** @param tenants - the tenants that will live here. Each is at home once {@link settle} was called for it. */
  constructor(tenants: readonly Tenant[]) {
    this.#tenants = new Set(tenants);
    const places = new Map<string, number>();
    const definitions: Definition[] = [];
    for (const { definitions: needed } of tenants) {
      for (const definition of needed) {
        if (!places.has(definition.key)) {
          places.set(definition.key, definitions.push(definition) - 1);
        }
      }
    }
    this.definitions = definitions;
    this.#placeOf = places;
    this.#claims = new Uint32Array(definitions.length);
    this.#news = new Uint8Array(definitions.length);
  }

  /** Number of definitions that are observed. */
  get claimed(): number {
    return this.#claimed;
  }

  isClaimed(place: number): boolean {
    return (this.#claims[place] ?? 0) > 0;
  }

  /** The tenants that satisfy a condition, those that have yet to move in included. */
  filter(condition: (tenant: Tenant) => boolean): Tenant[] {
    const found: Tenant[] = [];
    // `forEach` creates nothing for each tenant, and a group may have tens of thousands.
    this.#tenants.forEach((tenant) => condition(tenant) && found.push(tenant));
    return found;
  }

  /** The places of a tenant's definitions; `undefined` if the group lacks one of them. */
  find({ definitions }: Tenant): readonly number[] | undefined {
    const placeOf = (this.#placeOf ??= new Map(this.definitions.map(({ key }, place) => [key, place])));
    // `map` makes an array of just this length; one that grows by `push` would take 128 bytes more for each tenant.
    const places = definitions.map(({ key }) => placeOf.get(key) ?? -1);
    return places.includes(-1) ? undefined : places;
  }

  forgetKeys(): void {
    this.#placeOf = undefined;
  }

  /** Makes a tenant at home here. */
  settle(tenant: Tenant, places: readonly number[]): void {
    this.#tenants.add(tenant);
    tenant.places = places;
    for (const place of places) {
      const there = this.#at[place];
      this.#at[place] = there === undefined ? tenant : Array.isArray(there) ? [...there, tenant] : [there, tenant];
    }
  }

  /** Removes a tenant. Its definitions stay, because the subscription on the server still holds them. */
  remove(tenant: Tenant): void {
    this.#tenants.delete(tenant);
    for (const place of tenant.places) {
      const left = this.at(place).filter((other) => other !== tenant);
      this.#at[place] = left.length > 1 ? left : left[0];
    }
  }

  /** The tenants at home that need the definition at a place. */
  at(place: number): readonly Tenant[] {
    const there = this.#at[place];
    return there === undefined ? [] : Array.isArray(there) ? there : [there];
  }

  /** Counts a tenant's definitions as observed (1), or takes that count back (-1). */
  claim({ places }: Tenant, change: 1 | -1): void {
    for (const place of places) {
      const claims = (this.#claims[place] ?? 0) + change;
      this.#claims[place] = claims;
      if (claims === (change === 1 ? 1 : 0)) {
        this.#claimed += change;
      }
    }
  }

  /**
   * Passes an answer to the tenants at home, except those for which nothing can have changed. Sets come before cells: an
   * observer of a cell may join a set while it is notified, and that set must already hold this answer.
   *
   * @param skipUnchanged - no tenant wants an answer in which nothing changed for it.
   * @returns the number of definitions that have a new value.
   */
  fanOut(answer: Answer, home: Home, skipUnchanged: boolean): number {
    const changed = answer.changed === undefined ? undefined : new Set(answer.changed);
    const concerned = changed === undefined ? [...this.#tenants] : this.#concernedBy(changed, skipUnchanged);
    this.#news.fill(0);
    for (const isSet of [true, false]) {
      for (const tenant of concerned) {
        if (tenant.home === home && tenant.places.length > 1 === isSet) {
          tenant.take(answer, changed, this.#news);
        }
      }
    }
    return this.#news.reduce((sum, isNews) => sum + isNews, 0);
  }

  #concernedBy(changed: ReadonlySet<number>, skipUnchanged: boolean): Iterable<Tenant> {
    const found = new Set<Tenant>();
    for (const place of changed) {
      const there = this.#at[place];
      if (Array.isArray(there)) {
        there.forEach((tenant) => found.add(tenant));
      } else if (there !== undefined) {
        found.add(there);
      }
    }
    for (const tenant of skipUnchanged ? [] : this.#tenants) {
      if (tenant.wantsUnchanged) {
        found.add(tenant);
      }
    }
    return found;
  }
}
