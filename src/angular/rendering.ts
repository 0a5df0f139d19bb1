/**
 * The interface between resources and server rendering: reading a value on the server, and taking it over in the browser. Implemented
 * by `withServerRendering`, and absent without it.
 */
import { InjectionToken } from '@angular/core';
import type { Reading } from './reading.js';
import type { Target } from './target.js';

/** A value that a server rendered. */
export interface Carried {
  readonly packed: unknown;
  /** When the server received it, in epoch milliseconds. */
  readonly receivedAt: number;
  readonly stale: boolean;
}

export interface Rendering {
  /** In a browser: returns the value that the server rendered, until the application is stable for the first time. */
  carried(target: Target, reading: Reading<never, unknown>): Carried | undefined;
  /**
   * On a server: reads the value once, together with all others of the same tick. Never calls back if no value comes in time. Returns
   * a function that ends the wait.
   */
  peek(target: Target, reading: Reading<never, unknown>, next: (value: Carried) => void): () => void;
}

export const RENDERING = new InjectionToken<Rendering | undefined>('genesys-statistics-rx: rendering', { factory: () => undefined });
