/** The messages between tabs. They are checked here, because other code of the origin can write to the channel as well (F103). */
import type { News, Remembered } from '../fleet/index.js';

export type Message =
  | { readonly type: 'news'; readonly news: News }
  | { readonly type: 'vacant' }
  /** The tab that leads, or is about to, is hidden: is there a visible one? */
  | { readonly type: 'hidden' }
  /** A hidden leader should go: this tab is visible. */
  | { readonly type: 'visible'; readonly from: string }
  | { readonly type: 'demand'; readonly from: string; readonly revision: number; readonly changes: readonly string[]; readonly whole: boolean }
  | { readonly type: 'touch'; readonly from: string; readonly revision: number }
  | { readonly type: 'gone'; readonly from: string }
  /** A leader, or a newcomer, asks every tab for its whole demand. */
  | { readonly type: 'who' }
  | { readonly type: 'ask'; readonly text: string }
  | { readonly type: 'recall'; readonly from: string; readonly keys: readonly string[] }
  | { readonly type: 'recalled'; readonly to: string; readonly keys: readonly string[]; readonly found: readonly (Remembered | null)[] };

/** Characters of all texts in one message, and texts. */
const mostCharacters = 32 * 1024 * 1024;
const mostTexts = 400_000;

/** Returns `undefined` for anything but a message of this bus. The result is a structured clone: plain data without accessors. */
export function readMessage(data: unknown): Message | undefined {
  const given = Object.assign(Object.create(null) as Record<string, unknown>, typeof data === 'object' ? data : {});
  const { type, from, to, revision, changes, whole, keys, found, text, news } = given;
  switch (type) {
    case 'vacant':
    case 'hidden':
    case 'who':
      return { type };
    case 'news':
      return isNews(news) ? { type, news } : undefined;
    case 'visible':
    case 'gone':
      return isId(from) ? { type, from } : undefined;
    case 'demand':
      return isId(from) && isCount(revision) && isTexts(changes) ? { type, from, revision, changes, whole: whole === true } : undefined;
    case 'touch':
      return isId(from) && isCount(revision) ? { type, from, revision } : undefined;
    case 'ask':
      return typeof text === 'string' && text.length < 100 ? { type, text } : undefined;
    case 'recall':
      return isId(from) && isTexts(keys) ? { type, from, keys } : undefined;
    case 'recalled':
      return isId(to) && isTexts(keys) && Array.isArray(found) && found.length === keys.length && found.every((each) => each === null || isRemembered(each))
        ? { type, to, keys, found: found as (Remembered | null)[] }
        : undefined;
    default:
      return undefined;
  }
}

function isNews(given: unknown): given is News {
  const { fence, sequence, changes } = (given ?? {}) as Partial<News>;
  return isCount(fence) && isCount(sequence) && isTexts(changes);
}

function isRemembered(given: unknown): boolean {
  const { fence, sequence, text } = (given ?? {}) as Partial<Remembered>;
  return isCount(fence) && isCount(sequence) && typeof text === 'string' && text.length <= mostCharacters;
}

function isId(given: unknown): given is string {
  return typeof given === 'string' && given.length <= 200;
}

function isCount(given: unknown): given is number {
  return Number.isSafeInteger(given) && (given as number) >= 0;
}

function isTexts(given: unknown): given is readonly string[] {
  let left = mostCharacters;
  return Array.isArray(given) && given.length <= mostTexts && given.every((text) => typeof text === 'string' && (left -= text.length) >= 0);
}
