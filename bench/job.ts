/**
 * The job of every contestant, and the observers that check it: the one small type that all contestants implement. Knows no
 * contestant, no server and no clock.
 */

/** A statistic of the bench, as a program asks for it. */
export interface Requested {
  readonly name: string;
  readonly objectId: string;
  readonly objectType: string;
}

/** The part of a value that every shape has (see `Shape`). */
export interface Value {
  readonly timestamp: number;
  readonly intValue: number;
}

/** Anything that holds a value, such as an element of an answer. */
export interface Told {
  readonly value: Value;
}

/** An observer is told its statistic's first value, and then each different one. */
export type Observer = (told: Told) => void;

/** An observer of a set is told all its values at once: first, and then whenever an answer changes one of them. */
export type SetObserver = (told: readonly Told[]) => void;

/** The sizes and settings of one run: plain data, so that it can be handed to another process. */
export interface Job {
  /** The API's base, path included. */
  readonly url: string;
  readonly statistics: number;
  readonly observers: number;
  /** How many statistics a set has, where each observer watches a set. A multiple of it is `statistics`. */
  readonly setSize?: number | undefined;
  /** Milliseconds from the end of a poll to the next; for the tutorial recipe, from start to start. */
  readonly interval: number;
  /** The library's `batch.size`; its default if left out. */
  readonly batchSize?: number | undefined;
}

/** A job with everything prepared that must not be measured. */
export interface Task extends Job {
  /** One for each statistic. */
  readonly definitions: readonly Requested[];
  /** Makes the observer with this number, which watches statistic `number % statistics`. */
  readonly observe: (number: number) => Observer;
  /** Makes the observer of the set with this number, whose statistics begin at `number * setSize`. */
  readonly observeSet: (number: number, setSize: number) => SetObserver;
}

/** A contestant that runs. */
export interface Running {
  /** Adds the observer with this number, where observers can come one at a time. */
  join?(number: number): void;
  /** Unsubscribes every observer, and does nothing else. */
  leave(): void;
  /** Resolves when the contestant says that it has ended: it sends nothing any more. */
  close(): Promise<void>;
}

/** Subscribes all observers at once. */
export type Contestant = (task: Task) => Running;

const names = [
  'CurrentAgentState', 'TimeInCurrentState', 'AverageHandlingTime', 'InboundCalls', 'OutboundCalls',
  'ReadyDuration', 'NotReadyDuration', 'TalkDuration', 'HoldDuration', 'WrapDuration',
] as const;

/** The statistic with this number: ten for each agent. */
function requested(index: number): Requested {
  const agent = Math.floor(index / names.length);
  return { name: names[index % names.length] ?? names[0], objectId: `employee${String(agent).padStart(5, '0')}@ContactCentre_Frankfurt_SIP_Switch_01`, objectType: 'Agent' };
}

export function requestAll(count: number): Requested[] {
  return Array.from({ length: count }, (_, index) => requested(index));
}

/** Identifies a statistic without an id. */
export function keyOf({ name, objectId, objectType }: Requested): string {
  return `${name}|${objectId}|${objectType}`;
}

/**
 * A value's share of a checksum: neither another value nor another observer adds the same.
 *
 * @param number - of the observer; for a set, of the statistic.
 */
export function sumOf(number: number, value: number): number {
  return Math.imul(number + 1, value);
}
