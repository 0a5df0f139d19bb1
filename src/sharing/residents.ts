/**
 * The tenants of one group, and where their definitions stand in its answers: each definition once, however many tenants
 * need it. Owns that mapping, which definitions anybody observes, and handing answers to the tenants. Knows nothing of requests.
 */
import type { Definition } from '../model/definition.js';
import type { Answer } from '../upstream/source.js';
import type { Home, Tenant } from './tenant.js';

export class Residents {
  /** Every definition that a tenant needs, once; its index is its place. */
  readonly definitions: readonly Definition[];
  readonly #tenants: Set<Tenant>;
  /** By key. Forgotten while it is not needed: most groups are never asked again. */
  #placeOf: Map<string, number> | undefined;
  /** By place: the tenants at home that need the definition, one or several. */
  readonly #at: (Tenant | Tenant[] | undefined)[] = [];
  /** By place: how many observed tenants at home need the definition. */
  readonly #claims: Uint32Array;
  readonly #news: Uint8Array;
  #claimed = 0;

  /** @param tenants - they will live here; each is at home once it is {@link settle}d. */
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

  /** How many definitions are observed. */
  get claimed(): number {
    return this.#claimed;
  }

  isClaimed(place: number): boolean {
    return (this.#claims[place] ?? 0) > 0;
  }

  [Symbol.iterator](): Iterator<Tenant> {
    return this.#tenants.values();
  }

  /** The places of a tenant's definitions; `undefined` where one of them is not among these. */
  find({ definitions }: Tenant): readonly number[] | undefined {
    const placeOf = (this.#placeOf ??= new Map(this.definitions.map(({ key }, place) => [key, place])));
    const found = definitions.map(({ key }) => placeOf.get(key));
    return found.includes(undefined) ? undefined : (found as number[]);
  }

  forgetKeys(): void {
    this.#placeOf = undefined;
  }

  /** A tenant is at home here from now on. */
  settle(tenant: Tenant, places: readonly number[]): void {
    this.#tenants.add(tenant);
    tenant.places = places;
    for (const place of places) {
      const there = this.#at[place];
      this.#at[place] = there === undefined ? tenant : Array.isArray(there) ? [...there, tenant] : [there, tenant];
    }
  }

  /** It is no more. Its definitions stay, since the server has them open. */
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

  /** A tenant is observed from now on (1), or no more (-1). */
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
   * Hands an answer to the tenants at home. None looks at an answer in which nothing of its own can have changed. Sets come
   * first: an observer of a cell may join a set while it is notified, and is to be given this answer, not the last.
   *
   * @param skipUnchanged - no tenant wants an answer in which nothing changed for it.
   * @returns how many definitions have a value that is news.
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
