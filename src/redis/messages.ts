/** The messages of the Redis bus: lines of text, of which the first says what it is. Untrusted, so they are bounded and checked. */
import type { News } from '../fleet/index.js';

/** The longest message that is read: a publication of this package has at most a line more than 256 Ki characters. */
const longest = 32 * 1024 * 1024;

export function readNews(message: string): News | undefined {
  const [head = '', ...changes] = linesOf(message);
  const [, fence, sequence] = /^(\d{1,16}) (\d{1,16})$/.exec(head) ?? [];
  const news = { fence: Number(fence), sequence: Number(sequence), changes: changes.length === 1 && changes[0] === '' ? [] : changes };
  return Number.isSafeInteger(news.fence) && Number.isSafeInteger(news.sequence) ? news : undefined;
}

export interface DemandMessage {
  readonly member: string;
  readonly revision: number;
  readonly changes: readonly string[];
}

export function readDemand(message: string): DemandMessage | undefined {
  const [head = '', ...changes] = linesOf(message);
  const [, member = '', revision] = /^(\S{1,200}) (\d{1,15}|gone)$/.exec(head) ?? [];
  // A revision that nothing follows makes the leader look, and find the member gone.
  return revision === undefined ? undefined : { member, revision: revision === 'gone' ? Number.POSITIVE_INFINITY : Number(revision), changes };
}

/** Reads a remembered text of the server: `fence sequence text`. */
export function readRemembered(text: unknown): { readonly fence: number; readonly sequence: number; readonly text: string } | undefined {
  const [head = '', fence, sequence] = (typeof text === 'string' && text.length <= longest ? /^(\d{1,16}) (\d{1,16}) /.exec(text) : null) ?? [];
  return fence === undefined ? undefined : { fence: Number(fence), sequence: Number(sequence), text: (text as string).slice(head.length) };
}

function linesOf(message: string): string[] {
  return message.length > longest ? [] : message.split('\n');
}
