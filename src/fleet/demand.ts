/**
 * The union of what all members of a fleet demand, as a leader knows it: for each key, the shortest interval and whether
 * anybody counts unchanged values. Wishes come from the bus, so they are checked here.
 */
import { maxDelay } from './clock.js';
import { parse } from './plain.js';

/** The demand of all members for one topic, taken together. */
export interface Wanted {
  /** Milliseconds; `undefined`: the client's own interval. */
  readonly interval: number | undefined;
  readonly unchanged: boolean;
}

/** The most keys of one member that are served. A member has one key for each topic that it observes. */
const mostKeys = 200_000;

interface Member {
  revision: number;
  wishes: Map<string, string>;
}

/** Calls back with each key whose demand has changed, and what is wanted of it now; `undefined`: nothing any more. */
export type WantedChanged = (key: string, wanted: Wanted | undefined) => void;

export class DemandUnion {
  readonly #members = new Map<string, Member>();
  /** For each key, the members that demand it. */
  readonly #holders = new Map<string, Set<Member>>();
  readonly #changed: WantedChanged;

  constructor(changed: WantedChanged) {
    this.#changed = changed;
  }

  get members(): number {
    return this.#members.size;
  }

  get keys(): number {
    return this.#holders.size;
  }

  revisionOf(member: string): number | undefined {
    return this.#members.get(member)?.revision;
  }

  known(): readonly string[] {
    return [...this.#members.keys()];
  }

  /** Applies changes, a flat list. `false`, and nothing happens, where changes before these were missed. */
  change(name: string, revision: number, changes: readonly string[]): boolean {
    const member = this.#members.get(name);
    if (member !== undefined && revision <= member.revision) {
      return true;
    }
    if (revision !== (member?.revision ?? 0) + 1) {
      return false;
    }
    this.apply(name, revision, changes);
    return true;
  }

  /** Applies changes of a member whatever came before. */
  apply(name: string, revision: number, changes: readonly string[]): void {
    const member = this.#members.get(name) ?? { revision: 0, wishes: new Map<string, string>() };
    this.#members.set(name, member);
    member.revision = revision;
    for (let at = 0; at + 1 < changes.length; at += 2) {
      this.#set(member, changes[at] as string, changes[at + 1] as string);
    }
  }

  /** Replaces all that a member demands. */
  replace(name: string, revision: number, wishes: ReadonlyMap<string, string>): void {
    const before = [...(this.#members.get(name)?.wishes.keys() ?? [])].filter((key) => !wishes.has(key));
    this.apply(name, revision, [...before.flatMap((key) => [key, '']), ...[...wishes].flat()]);
  }

  remove(name: string): void {
    this.replace(name, 0, new Map());
    this.#members.delete(name);
  }

  #set(member: Member, key: string, wish: string): void {
    const holders = this.#holders.get(key) ?? new Set();
    if (wish === '') {
      member.wishes.delete(key);
      holders.delete(member);
    } else if (member.wishes.has(key) || member.wishes.size < mostKeys) {
      member.wishes.set(key, wish);
      holders.add(member);
    }
    if (holders.size === 0) {
      this.#holders.delete(key);
      this.#changed(key, undefined);
    } else {
      this.#holders.set(key, holders);
      this.#changed(key, together([...holders].map(({ wishes }) => readWish(wishes.get(key) ?? ''))));
    }
  }
}

function together(wanted: readonly Wanted[]): Wanted {
  const intervals = wanted.map(({ interval }) => interval).filter((interval) => interval !== undefined);
  return { interval: intervals.length === 0 ? undefined : Math.min(...intervals), unchanged: wanted.some(({ unchanged }) => unchanged) };
}

/** A wish that cannot be read asks for nothing special. */
function readWish(text: string): Wanted {
  const given = parse(text, 200);
  const [interval, unchanged] = Array.isArray(given) ? (given as unknown[]) : [];
  const isFit = typeof interval === 'number' && interval >= 1 && interval <= maxDelay;
  return { interval: isFit ? interval : undefined, unchanged: unchanged === 1 };
}
