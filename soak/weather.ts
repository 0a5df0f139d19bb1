/**
 * What the server of the soak does to its client: a fault for a while, then another, then fair weather. Owns which and how
 * long, all from one seed. Knows nothing of the client.
 */
import type { FaultScript } from 'genesys-statistics-rx/simulator';
import type { Chance } from './chance.ts';

/** One spell of bad weather. */
export interface Spell {
  readonly name: string;
  /** Milliseconds. */
  readonly lasts: number;
  /** Faults in force while it lasts. */
  readonly faults: readonly FaultScript[];
  /** Done once, when it begins. */
  readonly begins?: 'forget' | 'expire the token';
}

const every = { times: Infinity } as const;

const spells: readonly Spell[] = [
  { name: 'connections are reset', lasts: 1500, faults: [{ kind: 'reset', ...every }] },
  { name: 'answers are lost', lasts: 400, faults: [{ kind: 'resetAfter', ...every }] },
  { name: 'answers are cut off', lasts: 400, faults: [{ kind: 'truncate', ...every }] },
  { name: 'nothing is answered', lasts: 2500, faults: [{ kind: 'hang', ...every }] },
  { name: 'answers are slow', lasts: 1500, faults: [{ kind: 'delay', ms: 300, ...every }] },
  { name: 'openings are slower than anybody waits', lasts: 500, faults: [{ kind: 'delay', ms: 1100, operation: 'open', ...every }] },
  { name: 'the server fails', lasts: 1500, faults: [{ kind: 'status', status: 500, ...every }] },
  { name: 'openings fail', lasts: 800, faults: [{ kind: 'status', status: 503, operation: 'open', ...every }] },
  { name: 'polls fail', lasts: 1500, faults: [{ kind: 'status', status: 500, operation: 'read', ...every }] },
  { name: 'DELETEs fail', lasts: 600, faults: [{ kind: 'status', status: 503, operation: 'close', ...every }] },
  { name: 'a gateway answers', lasts: 800, faults: [{ kind: 'body', status: 502, body: '<html>bad gateway</html>', ...every }] },
  { name: 'too many requests', lasts: 1000, faults: [{ kind: 'status', status: 429, headers: { 'retry-after': '1' }, ...every }] },
  { name: 'somebody has to sign in', lasts: 600, faults: [{ kind: 'body', body: '<html>sign in</html>', headers: { 'content-type': 'text/html' }, ...every }] },
  { name: 'everything is forgotten', lasts: 100, faults: [], begins: 'forget' },
  { name: 'the token expires', lasts: 100, faults: [], begins: 'expire the token' },
];

/** A spell, and how many milliseconds of fair weather come before it. */
export function nextSpell(chance: Chance): { readonly spell: Spell; readonly after: number } {
  return { spell: chance.oneOf(spells), after: 200 + chance.below(1300) };
}
