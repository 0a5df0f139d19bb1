/** The state of a resource, computed from a state of the client, or from a value that a server rendered. Pure. Knows no signal. */
import type { ResourceStatus } from '@angular/core';
import type { State } from '../index.js';
import { show, unpacked, type Reading } from './reading.js';
import type { Carried } from './rendering.js';
import type { Target } from './target.js';

/** The state of a resource at one time. */
export interface Shown<T> {
  /** The key of the target; `undefined` without a target. */
  readonly key: string | undefined;
  readonly status: ResourceStatus;
  readonly value: T | undefined;
  readonly error?: Error;
  readonly stale: boolean;
  readonly receivedAt?: number | undefined;
}

export const idle = { key: undefined, status: 'idle', value: undefined, stale: false } as const;

export const failed = (key: string | undefined, error: unknown): Shown<never> => ({ ...idle, key, status: 'error', error: error as Error });

/** The state until the target answers: without a value, or with the previous one if `keepPrevious` is set. */
export function waitingFor<T>({ key }: Target, before: Shown<T>, keepPrevious: boolean): Shown<T> {
  return keepPrevious && before.value !== undefined ? { ...before, key, status: 'reloading' } : { ...idle, key, status: 'loading' };
}

/** Converts a state of the client. */
export function shownOf<V, T>(key: string, state: State<V>, reading: Reading<V, T>, before: Shown<T>): Shown<T> {
  const { status, value, error, receivedAt } = state;
  const stale = status === 'stale';
  if (status === 'failed') {
    return failed(key, error);
  }
  if (value === undefined) {
    // A value that a server rendered, or that belongs to the previous target, stays until the client has one.
    return stale ? { ...before, stale } : before;
  }
  try {
    return { key, status: 'resolved', value: show(reading, value), stale, receivedAt };
  } catch (thrown) {
    return failed(key, thrown);
  }
}

/** Converts a value that a server rendered. Used on the server and in the browser. */
export function shownOfCarried<V, T>(key: string, { packed, stale, receivedAt }: Carried, reading: Reading<V, T>): Shown<T> {
  try {
    return { key, status: 'resolved', value: unpacked(reading, packed), stale, receivedAt };
  } catch (thrown) {
    return failed(key, thrown);
  }
}
