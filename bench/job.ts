/**
 * What every contestant is asked to do, and by what it is seen that it did: the one small type behind which they all
 * stand. Knows no contestant, no server and no clock.
 */

/** A statistic of the bench, as a program asks for it. */
export interface Requested {
  readonly name: string;
  readonly objectId: string;
  readonly objectType: string;
}

/** The value of a numeric statistic, as the server sends it. */
export interface Value {
  readonly intervalLength: number;
  readonly tag: number;
  readonly stringValue: string;
  readonly timestamp: number;
  readonly intValue: number;
}

/** An observer is told its statistic's first value, and then each different one, by anything that holds the value. */
export type Observer = (told: { readonly value: Value }) => void;

/** The sizes and settings of one run: plain data, so that it can be handed to another process. */
export interface Job {
  /** The API's base, path included. */
  readonly url: string;
  readonly statistics: number;
  readonly observers: number;
  /** Milliseconds from the end of a poll to the next; the tutorial recipe's from start to start. */
  readonly interval: number;
  /** The library's `batch.size`; its default where it is left out. */
  readonly batchSize?: number;
  /** The library's `retry.minTimeout`; its default where it is left out. */
  readonly backoff?: number;
}

/** A job with all there is to be at hand before anything is measured. */
export interface Task extends Job {
  /** One for each statistic. */
  readonly definitions: readonly Requested[];
  /** Makes the observer of this number, which watches statistic `number % statistics`. */
  readonly observe: (number: number) => Observer;
}

/** A contestant that runs. */
export interface Running {
  /** One more observer, with this number, where observers can come one at a time. */
  join?(number: number): void;
  /** Every observer unsubscribes, and that is all. */
  leave(): void;
  /** Resolves when it says that it has ended: nothing is sent any more. */
  close(): Promise<void>;
}

/** Subscribes all observers at once. */
export type Contestant = (task: Task) => Running;

const names = [
  'CurrentAgentState', 'TimeInCurrentState', 'AverageHandlingTime', 'InboundCalls', 'OutboundCalls',
  'ReadyDuration', 'NotReadyDuration', 'TalkDuration', 'HoldDuration', 'WrapDuration',
] as const;

/** The statistic of this number: ten for each agent. */
function requested(index: number): Requested {
  const agent = Math.floor(index / names.length);
  return { name: names[index % names.length] ?? names[0], objectId: `employee${String(agent).padStart(5, '0')}@ContactCentre_Frankfurt_SIP_Switch_01`, objectType: 'Agent' };
}

export function requestAll(count: number): Requested[] {
  return Array.from({ length: count }, (_, index) => requested(index));
}

/** What identifies a statistic when ids are not given. */
export function keyOf({ name, objectId, objectType }: Requested): string {
  return `${name}|${objectId}|${objectType}`;
}

/** What one delivery adds to a checksum: another observer's value, or another value, does not add the same. */
export function sumOf(observer: number, value: number): number {
  return Math.imul(observer + 1, value);
}
