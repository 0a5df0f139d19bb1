/**
 * The waist between resources and rendering on a server: what a resource asks for there, and what a browser takes over from it.
 * Implemented by `withServerRendering`; absent without it.
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
  /** In a browser: the value that the server rendered, until the application is stable for the first time. */
  carried(target: Target, reading: Reading<never, unknown>): Carried | undefined;
  /**
   * On a server: asks for the value once, together with everything else that is asked for in the same tick. Not called back
   * where there is none in time. The result ends it.
   */
  peek(target: Target, reading: Reading<never, unknown>, next: (value: Carried) => void): () => void;
}

export const RENDERING = new InjectionToken<Rendering | undefined>('genesys-statistics-rx: rendering', { factory: () => undefined });
