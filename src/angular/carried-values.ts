/**
 * What goes from the server to the browser with the page: outcomes by resource, never what the client gave. Knows neither
 * requests nor signals.
 */
import { InjectionToken, TransferState, inject, makeStateKey } from '@angular/core';
import type { StatisticValue } from '../index.js';
import type { Reading } from './reading.js';
import type { Target } from './target.js';

/** Whether values are carried at all. */
export const CARRIES = new InjectionToken('genesys-statistics-rx: carries', { factory: () => true });

type Entry = readonly [id: string, packed: unknown, receivedAt: number];

const KEY = makeStateKey<readonly Entry[]>('genesys-statistics-rx');

/** On the server: adds an entry to what goes with the page. */
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

/** In the browser: what came with the page, out of which nobody else can take it. */
export function carriedWithPage(): Map<string, Entry> {
  const transferred = inject(TransferState);
  const entries = transferred.get(KEY, []);
  transferred.remove(KEY);
  return new Map(entries.map((entry) => [entry[0], entry]));
}

/**
 * Names the outcome of a reading of a target, the same on the server and in the browser. Of two functions that parse the same target
 * nothing is the same there but which of them came first.
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
 * Values as they are may hold what a page must not show, such as an agent's login id: numbers alone are carried.
 *
 * @returns the same with nothing but numbers, or `undefined` where one has none.
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
  // A text is the number with its decimals, or it may be anything.
  const isSame = typeof stringValue === 'string' && stringValue.trim() !== '' && Math.trunc(Number(stringValue)) === intValue;
  return { ...given, value: isSame ? { intValue, stringValue } : { intValue } };
}
