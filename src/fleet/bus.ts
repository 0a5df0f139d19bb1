/**
 * The waist of a fleet: elect, publish, hear, remember. Redis, tabs and a bus in memory implement it, and one suite of laws
 * runs against each (test/laws/bus.test.ts). A bus carries texts and understands none of them.
 */

/** The outcome of an attempt to lead. */
export interface Election {
  /** Whether the member that asked leads now. */
  readonly leads: boolean;
  /** The fencing number of the present lease. It grows with every new leader, and stays while one is renewed. */
  readonly fence: number;
  /** Milliseconds until the present lease ends, unless it is renewed. */
  readonly remaining: number;
}

/**
 * One publication of a leader. `changes` is flat: a key, the text that it has now, the next key ... An empty text
 * means that the key is remembered no more.
 */
export interface News {
  readonly fence: number;
  /** Counts the publications of one fence from 1, so that a gap shows that news were lost. */
  readonly sequence: number;
  readonly changes: readonly string[];
}

/** A text that the bus remembers, and the publication that it came with. */
export interface Remembered {
  readonly fence: number;
  readonly sequence: number;
  readonly text: string;
}

/** The demand of a member: a text for each key. The revision grows with every change. */
export interface Demand {
  readonly revision: number;
  readonly wishes: ReadonlyMap<string, string>;
}

/** The callbacks of a bus. News and demand may be lost, never reordered for one sender; `up` then says that a resync is due. */
export interface BusHooks {
  /** The bus works, for the first time or again. Whatever was sent before may have been missed. */
  up(): void;
  /** The bus does not work; it keeps trying to come back by itself. */
  down(error: Error): void;
  /** The leader has published something. */
  news(news: News): void;
  /** A member has changed its demand: `changes` is flat, and an empty text withdraws a key. Called while this member leads. */
  demand(member: string, revision: number, changes: readonly string[]): void;
  /** A member asks the leader for something. Called while this member leads. */
  asked(text: string): void;
  /** The lease may be free sooner than expected. `reserved`: for this member alone, so that it need not let others go first. */
  vacant(reserved?: boolean): void;
  /** Another member would lead better, such as a visible tab instead of a hidden one. Called while this member leads. */
  yield(): void;
}

/**
 * One member of a fleet. Every promise rejects with an `Error` while the bus does not work, and soon: nothing waits for a
 * bus to come back.
 */
export interface BusMember {
  /** Unique among the members of all time. */
  readonly id: string;
  /**
   * Takes the lease if it is free, or keeps it if this member holds it.
   *
   * @param lease - milliseconds for which the lease is taken, from when the bus grants it.
   * @param above - the highest fencing number that is known: a new one is higher, even if the bus has forgotten its own.
   */
  elect(lease: number, above: number): Promise<Election>;
  /**
   * Gives the lease up, if it is still that of `fence`, and calls the others' `vacant`.
   *
   * @param isUnsuccessful - this member could not reach the server, so another should lead, even if it is worse placed.
   */
  resign(fence: number, isUnsuccessful?: boolean): Promise<void>;
  /**
   * Remembers the changes and sends them to every other member, both or neither. `false`, and nothing happens, when there
   * has been a higher fence.
   *
   * @param keepFor - milliseconds after which everything remembered is forgotten unless there is another publication.
   */
  publish(news: News, keepFor: number): Promise<boolean>;
  /** Reads the remembered text of each of the keys, in their order. */
  recall(keys: readonly string[]): Promise<readonly (Remembered | undefined)[]>;
  /**
   * Changes what this member demands, and keeps it for `lease` milliseconds.
   *
   * @param changes - flat; an empty text withdraws a key.
   * @param whole - replaces everything demanded before.
   */
  demand(revision: number, changes: readonly string[], lease: number, whole: boolean): Promise<void>;
  /** Keeps the demand for another `lease` milliseconds. `false` when the bus no longer has it at this revision. */
  touch(revision: number, lease: number): Promise<boolean>;
  /** The members whose demand is kept, each with its revision. */
  census(): Promise<ReadonlyMap<string, number>>;
  /** Reads the demand of a member; `undefined` when it is kept no more. */
  demandOf(member: string): Promise<Demand | undefined>;
  /** Asks the leader for something. Lost where nobody leads. */
  ask(text: string): Promise<void>;
  /** The journal of what leaders have open on the server. It outlives every member. */
  readonly journal: {
    /** Records an entry; one that is there already stays. */
    add(entry: string): Promise<void>;
    /** Removes an entry, if it is there. */
    remove(entry: string): Promise<void>;
    /** Every entry, whichever member recorded it. */
    entries(): Promise<readonly string[]>;
  };
  /** Withdraws the demand, gives the lease up, and ends the member's use of the bus. Never rejects; hooks are not called afterwards. */
  leave(): Promise<void>;
}

/** The carrier of a fleet: `redisBus`, `tabsBus` or `memoryBus`. */
export interface Bus {
  /**
   * Joins a fleet. Connects in the background; `hooks.up` says when the member can be used.
   *
   * @param room - members of the same room on the same bus form one fleet.
   */
  join(room: string, hooks: BusHooks): BusMember;
}
