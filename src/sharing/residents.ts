/**
 * The tenants of one group, and where their definitions stand in its answers: each definition once, however many tenants
 * need it. Owns that mapping in both directions, and which definitions anybody observes. Knows nothing of requests.
 */
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';
import { Cell } from './cell.js';
import { LiveSet } from './set.js';

export type Resident = Cell | LiveSet;

/** A member of a set: its index there. */
export interface Membership {
  readonly set: LiveSet;
  readonly member: number;
}

export class Residents {
  /** Every definition that a resident needs, once. Their indices are the places. */
  readonly definitions: readonly Definition[];
  readonly #cells: (Cell | undefined)[];
  readonly #sets = new Map<LiveSet, readonly number[]>();
  /** By place: how many observed residents need the definition. */
  readonly #claims: Uint32Array;
  #claimed = 0;
  /** Made when somebody looks a definition up: most groups hold cells alone, and are never asked. */
  #placeOf: Map<string, number> | undefined;
  /** By place; made again after a set has come or gone. */
  #memberships: Map<number, Membership[]> | undefined;

  constructor(residents: readonly Resident[]) {
    const cells: (Cell | undefined)[] = residents.filter((resident) => resident instanceof Cell);
    const sets = residents.filter((resident) => resident instanceof LiveSet);
    const definitions = residents.flatMap((resident) => (resident instanceof Cell ? [resident.definition] : []));
    if (sets.length > 0) {
      const places = new Map(definitions.map(({ key }, place) => [key, place]));
      for (const definition of sets.flatMap((set) => set.definitions)) {
        if (!places.has(definition.key)) {
          places.set(definition.key, definitions.push(definition) - 1);
        }
      }
      this.#placeOf = places;
    }
    this.definitions = definitions;
    this.#cells = cells;
    this.#claims = new Uint32Array(definitions.length);
    sets.forEach((set) => this.add(set, this.find(set) ?? []));
  }

  /** How many definitions are observed. */
  get claimed(): number {
    return this.#claimed;
  }

  isClaimed(place: number): boolean {
    return (this.#claims[place] ?? 0) > 0;
  }

  /** By place, `undefined` where no cell needs the definition. */
  get cells(): readonly (Cell | undefined)[] {
    return this.#cells;
  }

  /** The sets, each with the places of its members. */
  get sets(): ReadonlyMap<LiveSet, readonly number[]> {
    return this.#sets;
  }

  *[Symbol.iterator](): Iterator<Resident> {
    yield* this.#sets.keys();
    for (const cell of this.#cells) {
      if (cell !== undefined) {
        yield cell;
      }
    }
  }

  /** The places of a tenant's definitions, in its own order; `undefined` where one of them is not among these. */
  find(tenant: Resident): readonly number[] | undefined {
    const places = this.#places();
    const found = tenant.definitions.map(({ key }) => places.get(key));
    return found.includes(undefined) ? undefined : (found as number[]);
  }

  /** Takes in a tenant whose definitions have been found. */
  add(tenant: Resident, places: readonly number[]): void {
    if (tenant instanceof Cell) {
      this.#cells[places[0] ?? -1] = tenant;
    } else {
      this.#sets.set(tenant, places);
      this.#memberships = undefined;
    }
  }

  /** Its definitions stay, since the server has them open. */
  remove(tenant: Resident): void {
    if (tenant instanceof LiveSet) {
      this.#sets.delete(tenant);
      this.#memberships = undefined;
    } else if (this.#cells[tenant.place] === tenant) {
      this.#cells[tenant.place] = undefined;
    }
  }

  /** A resident is observed from now on: its definitions are wanted. */
  claim(tenant: Resident): void {
    this.#claim(tenant, 1);
  }

  /** It is observed no more. */
  release(tenant: Resident): void {
    this.#claim(tenant, -1);
  }

  /** The sets that hold the definition at a place. */
  membershipsAt(place: number): readonly Membership[] {
    if (this.#sets.size === 0) {
      return none;
    }
    if (this.#memberships === undefined) {
      const made = new Map<number, Membership[]>();
      for (const [set, places] of this.#sets) {
        places.forEach((at, member) => {
          const there = made.get(at);
          if (there === undefined) {
            made.set(at, [{ set, member }]);
          } else {
            there.push({ set, member });
          }
        });
      }
      this.#memberships = made;
    }
    return this.#memberships.get(place) ?? none;
  }

  /** Everybody who needs the definition at a place. */
  at(place: number): readonly Resident[] {
    const cell = this.#cells[place];
    const sets = this.membershipsAt(place).map(({ set }) => set);
    return cell === undefined ? sets : [...sets, cell];
  }

  /** The readings that residents have accepted for the definition at a place. */
  readingsAt(place: number): readonly Reading[] {
    const own = this.#cells[place]?.reading;
    const ofSets = this.membershipsAt(place).flatMap(({ set, member }) => set.readingAt(member) ?? []);
    return own === undefined ? ofSets : [...ofSets, own];
  }

  #claim(tenant: Resident, change: 1 | -1): void {
    if (tenant instanceof Cell) {
      this.#claimOne(tenant.place, change);
    } else {
      this.#sets.get(tenant)?.forEach((place) => this.#claimOne(place, change));
    }
  }

  #claimOne(place: number, change: 1 | -1): void {
    const claims = (this.#claims[place] ?? 0) + change;
    this.#claims[place] = claims;
    if (claims === (change === 1 ? 1 : 0)) {
      this.#claimed += change;
    }
  }

  #places(): ReadonlyMap<string, number> {
    return (this.#placeOf ??= new Map(this.definitions.map(({ key }, place) => [key, place])));
  }
}

const none: readonly Membership[] = [];
