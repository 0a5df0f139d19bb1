/**
 * Anonymises a recording: keeps shapes, types and vocabulary, and replaces the names of people and places. Equal names get equal
 * placeholders, so relations stay visible. Secrets are removed elsewhere, before this.
 */
import type { RecordedExchange } from './entry.js';

/** Keys whose values name a person, a telephone or a place. */
const identifying = /^(?:.*(?:agent|login|employee|user|person|place|switch|dn|connection|call|customer|contact|tenant|object|party)_?(?:id|name|uuid)?|id|.*(?:first|last|full|display|nick|user)_?name|.*(?:mail|phone|number|ani|dnis|address|host|ip|uri|url))$/i;
/** Keys whose values are the API's own vocabulary. */
const vocabulary = /^(?:name|objecttype|status|statusname|state|statevalue|agentstatus|type|subject|category|mainmask|relmask|relativemask|notificationmode|stringvalue|code|operationid|subscriptionid|statisticid|verbose)$/i;

export interface Anonymizer {
  entry(entry: RecordedExchange): RecordedExchange;
  /** Replaces the known names wherever they occur. */
  text(text: string): string;
}

/** @param names - names that are certainly private: object ids, the host. */
export function createAnonymizer(names: readonly string[]): Anonymizer {
  const placeholders = new Map<string, string>();
  const placeholderOf = (name: string): string => {
    const known = placeholders.get(name) ?? `name-${placeholders.size + 1}`;
    placeholders.set(name, known);
    return known;
  };
  names.filter((name) => name !== '').forEach(placeholderOf);

  function text(given: string): string {
    const longestFirst = [...placeholders].sort(([a], [b]) => b.length - a.length);
    const named = longestFirst.reduce((rest, [name, placeholder]) => [name, encodeURIComponent(name)].reduce((inner, form) => inner.replaceAll(form, placeholder), rest), given);
    // Replaces e-mail addresses, and numbers that are long enough for a telephone.
    return named.replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, 'mail').replace(/\+\d{5,}|\b\d{6,}\b(?!\.)/g, (digits) => digits.replace(/\d/g, '0'));
  }

  function value(key: string, given: unknown): unknown {
    if (typeof given === 'string') {
      if (vocabulary.test(key)) {
        return /^\S*$/.test(given) && !placeholders.has(given) ? given : text(given);
      }
      return identifying.test(key) && !/^\d{1,5}$/.test(given) && given !== '' ? placeholderOf(given) : text(given);
    }
    if (Array.isArray(given)) {
      return given.map((each: unknown) => value(key, each));
    }
    if (typeof given === 'object' && given !== null) {
      return Object.fromEntries(Object.entries(given).map(([inner, each]) => [inner, value(inner, each)]));
    }
    return given;
  }

  /** Anonymises JSON by its keys, and anything else as text. */
  function body(given: string): string {
    try {
      return JSON.stringify(value('', JSON.parse(given)));
    } catch {
      return text(given.slice(0, 4000));
    }
  }

  return {
    text,
    entry: (entry) => ({
      ...entry,
      path: text(entry.path),
      ...(entry.body === undefined ? {} : { body: body(entry.body) }),
      ...(entry.answer === undefined ? {} : { answer: body(entry.answer) }),
      ...(entry.failure === undefined ? {} : { failure: text(entry.failure) }),
    }),
  };
}
