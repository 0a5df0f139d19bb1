/**
 * The part of a target that a resource shows: made of a state of the client, or of a value that a server rendered. Pure; knows no signal.
 */
import type { ResourceStatus } from '@angular/core';
import type { State } from '../index.js';
import { show, unpacked, type Reading } from './reading.js';
import type { Carried } from './rendering.js';
import type { Target } from './target.js';

/** A target as a resource shows it at one time. */
export interface Shown<T> {
  /** Of the target; `undefined` for none. */
  readonly key: string | undefined;
  readonly status: ResourceStatus;
  readonly value: T | undefined;
  readonly error?: Error;
  readonly stale: boolean;
  readonly receivedAt?: number | undefined;
}

export const idle = { key: undefined, status: 'idle', value: undefined, stale: false } as const;

export const failed = (key: string | undefined, error: unknown): Shown<never> => ({ ...idle, key, status: 'error', error: error as Error });

/** Until the target answers there is no value, unless the one before may stand for it. */
export function waitingFor<T>({ key }: Target, before: Shown<T>, keepPrevious: boolean): Shown<T> {
  return keepPrevious && before.value !== undefined ? { ...before, key, status: 'reloading' } : { ...idle, key, status: 'loading' };
}

/** A state of the client as the resource shows it. */
export function shownOf<V, T>(key: string, state: State<V>, reading: Reading<V, T>, before: Shown<T>): Shown<T> {
  const { status, value, error, receivedAt } = state;
  const stale = status === 'stale';
  if (status === 'failed') {
    return failed(key, error);
  }
  if (value === undefined) {
    // A value that a server rendered, or that is kept of another target, stays as it is until something is known.
    return stale ? { ...before, stale } : before;
  }
  try {
    return { key, status: 'resolved', value: show(reading, value), stale, receivedAt };
  } catch (thrown) {
    return failed(key, thrown);
  }
}

/** A value that a server rendered as the resource shows it, there and in the browser alike. */
export function shownOfCarried<V, T>(key: string, { packed, stale, receivedAt }: Carried, reading: Reading<V, T>): Shown<T> {
  try {
    return { key, status: 'resolved', value: unpacked(reading, packed), stale, receivedAt };
  } catch (thrown) {
    return failed(key, thrown);
  }
}
