/**
 * The values that a page carries from the server to the browser, one entry per resource. Owns the entries' ids, and the removal of
 * everything that a page must not show. Knows neither requests nor signals.
 */
import { InjectionToken, TransferState, inject, makeStateKey } from '@angular/core';
import type { StatisticValue } from '../index.js';
import type { Reading } from './reading.js';
import type { Target } from './target.js';

/** Whether a page carries values at all. */
export const CARRIES = new InjectionToken('genesys-statistics-rx: carries', { factory: () => true });

type Entry = readonly [id: string, packed: unknown, receivedAt: number];

const KEY = makeStateKey<readonly Entry[]>('genesys-statistics-rx');

/** On the server: returns a function that adds an entry to the page. */
export function carryWithPage(): (...entry: Entry) => void {
  const transferred = inject(TransferState);
  const carries = inject(CARRIES);
  const entries: Entry[] = [];
  return (...entry) => {
    if (carries && entries.push(entry) === 1) {
      transferred.onSerialize(KEY, () => entries);
    }
  };
}

/** In the browser: takes the entries out of the page, by id. A second call finds none. */
export function carriedWithPage(): Map<string, Entry> {
  const transferred = inject(TransferState);
  const entries = transferred.get(KEY, []);
  transferred.remove(KEY);
  return new Map(entries.map((entry) => [entry[0], entry]));
}

/**
 * Makes ids that are the same on the server and in the browser: from the target, and from the order in which `parse` functions first
 * read it. The functions themselves cannot be compared across the two.
 */
export function createIds(): (target: Target, reading: Pick<Reading<never, unknown>, 'kind' | 'pack'>) => string {
  const parsers = new Map<string, unknown[]>();
  return ({ key, isSingle }, { kind, pack }) => {
    const id = `${isSingle ? 'one' : 'set'} ${kind} ${key}`;
    if (kind !== 'parse') {
      return id;
    }
    const known = parsers.get(id) ?? [];
    parsers.set(id, known);
    return `${known.includes(pack) ? known.indexOf(pack) : known.push(pack) - 1} ${id}`;
  };
}

/**
 * Reduces a value or a snapshot to its numbers, because the rest may be private, such as an agent's login id.
 *
 * @returns the same shape with numbers only; `undefined` if a value holds no number.
 */
export function numbersOnly(given: unknown, isSingle: boolean): unknown {
  if (isSingle) {
    return numberOnly(given as StatisticValue);
  }
  const entries = Object.entries(given as object).map(([key, value]) => [key, numberOnly(value as StatisticValue)] as const);
  if (entries.some(([, value]) => value === undefined)) {
    return undefined;
  }
  return Array.isArray(given) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function numberOnly(given: StatisticValue): StatisticValue | undefined {
  const { value } = given;
  if (typeof value === 'number') {
    return given;
  }
  const { intValue, stringValue } = (value ?? {}) as { readonly intValue?: unknown; readonly stringValue?: unknown };
  if (typeof intValue !== 'number') {
    return undefined;
  }
  // Keep the text only if it is the same number with its decimals. Any other text may be private.
  const isSame = typeof stringValue === 'string' && stringValue.trim() !== '' && Math.trunc(Number(stringValue)) === intValue;
  return { ...given, value: isSame ? { intValue, stringValue } : { intValue } };
}
