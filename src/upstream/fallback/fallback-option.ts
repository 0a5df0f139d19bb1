/**
 * The value of the client's option `fallback`. The value carries the code of the fallback, so only programs that pass a
 * fallback load this code. Owns the access to that code; must not import any fallback.
 */
import type { Source } from '../source.js';
import type { UpstreamDeps } from '../upstream.js';

const decorator = Symbol('fallback');

/** A way to keep statistics live if no subscription can be opened. Opaque: made by `peekFallback()`. */
export interface Fallback {
  readonly [decorator]: unknown;
}

/** Wraps a source in another one that can fall back. */
export type FallbackDecorator = (upstreams: Source, deps: UpstreamDeps) => Source;

export function createFallbackOption(decorate: FallbackDecorator): Fallback {
  return Object.freeze({ [decorator]: decorate });
}

/** Returns the code of a fallback; `undefined` if `given` was not made by {@link createFallbackOption}. */
export function fallbackOf(given: unknown): FallbackDecorator | undefined {
  return (given as Partial<Record<symbol, FallbackDecorator>> | null | undefined)?.[decorator];
}
