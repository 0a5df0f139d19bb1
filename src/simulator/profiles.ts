/**
 * The kinds of server that a simulator can behave like, as data: their differences, and the evidence for them. Does not know the
 * implementation.
 */

/** A kind of server. `'reference'` follows the API reference. */
export type Profile = 'reference' | 'aas' | 'async' | 'seconds' | 'nested' | 'no-content';

/** A profile, and its difference from the API reference. */
export interface ProfileEntry {
  readonly name: Profile;
  readonly what: string;
  /** The public source that shows it. */
  readonly source?: string;
  /** The reason for the guess, if there is no public source. */
  readonly guess?: string;
}

/** Every profile, with its public source or marked as a guess. */
export const PROFILES: readonly ProfileEntry[] = [
  {
    name: 'reference',
    what: 'the five endpoints as the API reference has them',
    source: 'Statistics API v3 reference',
  },
  {
    name: 'aas',
    what: 'ids of its own, statisticIds and verbose ignored, zero for names it does not know and for definitions, nulls and ISO times inside values, no peeks, a DELETE that deletes nothing, code 0 without data for ids it does not know',
    source: 'agent-api-simulator 1.0.5 by Genesys, as it ran',
  },
  {
    name: 'async',
    what: 'POST /subscriptions answers code 1 and no values; they come with the first read',
    guess: 'the vendor\'s Java client takes code 1 for "accepted, goes on in the background"; that it happens here is a guess',
  },
  {
    name: 'seconds',
    what: 'timestamps and times in epoch seconds',
    guess: 'the reference names no unit, and Stat Server\'s own messages are in seconds',
  },
  {
    name: 'nested',
    what: 'the state of an agent on the levels of Stat Server\'s message: agentStatus, place, dnStatuses, actions',
    guess: 'the levels are those of Stat Server\'s message as its SDK documents it; the names of the keys are made up',
  },
  {
    name: 'no-content',
    what: 'DELETE answers 204 without a body',
    guess: 'the reference lists 200 alone, and gateways are known to make 204 of an empty answer',
  },
];
