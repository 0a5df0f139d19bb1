/**
 * Masks: the comma-separated lists in definitions ("*", names, "~" for NOT) as sets of known words. Owns the words and the part of
 * the centre that each concerns. Knows no categories.
 */
import { STATUS, type Status, type StatusName } from '../centre/status.js';
import { Refusal } from './refusal.js';

/** Actions of calls in queues. */
export const QUEUE_ACTIONS = ['CallEntered', 'CallWait', 'CallAnswered', 'CallAbandoned', 'CallDistributed'] as const;

/** One of {@link QUEUE_ACTIONS}. */
export type QueueAction = (typeof QUEUE_ACTIONS)[number];

/** Actions of agents that are not statuses. */
export const AGENT_ACTIONS = ['CallForwarded', 'CallMissed', 'CallAbandonedFromRinging', 'CallTransferMade'] as const;

/** One of {@link AGENT_ACTIONS}. */
export type AgentAction = (typeof AGENT_ACTIONS)[number];

/** A mask, divided into actions in queues, statuses of agents and other actions of agents. */
export interface Mask {
  readonly queue: readonly QueueAction[];
  readonly statuses: readonly Status[];
  readonly actions: readonly AgentAction[];
  /** Whether the mask is `*` and nothing else. */
  readonly isAll: boolean;
}

const STATUS_WORDS = new Map<string, readonly Status[]>([
  ...(Object.keys(STATUS) as StatusName[]).map((name): [string, readonly Status[]] => [name, [STATUS[name]]]),
  // Only inbound calls are put on hold here. The other words are known, but never occur.
  ['CallOnHoldInbound', [STATUS.CallOnHold]],
  ['CallOnHoldOutbound', []],
  ['CallOnHoldInternal', []],
  ['CallOnHoldConsult', []],
  ['CallOnHoldUnknown', []],
]);
const ALL_STATUSES: readonly Status[] = Object.values(STATUS);

const isOneOf = <T extends string>(list: readonly T[], word: string): word is T => (list as readonly string[]).includes(word);

/** Reads a mask. The refusal of an unknown word names `field`. */
export function parseMask(text: string, field: string): Mask {
  const queue = new Set<QueueAction>();
  const statuses = new Set<Status>();
  const actions = new Set<AgentAction>();
  // Deployments also write the whole mask in quotes: "'*,~LoggedOut'".
  const bare = text.trim().replace(/^(['"])(.*)\1$/s, '$2');
  const words = bare.split(',');
  const put = <T>(set: Set<T>, items: readonly T[], not: boolean): void => {
    for (const item of items) if (not) set.delete(item); else set.add(item);
  };
  for (const raw of words) {
    const not = raw.trim().startsWith('~');
    const word = raw.trim().slice(not ? 1 : 0).trim();
    const ofStatus = STATUS_WORDS.get(word);
    if (word === '*') put(statuses, ALL_STATUSES, not);
    else if (ofStatus !== undefined) put(statuses, ofStatus, not);
    else if (isOneOf(QUEUE_ACTIONS, word)) put(queue, [word], not);
    else if (isOneOf(AGENT_ACTIONS, word)) put(actions, [word], not);
    else throw new Refusal(`${field}: the simulator knows no action or status ${JSON.stringify(word)}`);
  }
  return { queue: [...queue], statuses: [...statuses], actions: [...actions], isAll: bare.trim() === '*' };
}
