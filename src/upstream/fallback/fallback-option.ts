/**
 * The value of the client's option `fallback`. It carries the code that it stands for, so that only a program that hands
 * one in loads that code. Owns how the client gets at it; must not import any fallback.
 */
import type { Source } from '../source.js';
import type { UpstreamDeps } from '../upstream.js';

const decorator = Symbol('fallback');

/** A way to keep statistics live where no subscription can be opened. Opaque: made by `peekFallback()`. */
export interface Fallback {
  readonly [decorator]: unknown;
}

/** Puts a fallback between upstreams and those that share them. */
export type FallbackDecorator = (upstreams: Source, deps: UpstreamDeps) => Source;

export function createFallbackOption(decorate: FallbackDecorator): Fallback {
  return Object.freeze({ [decorator]: decorate });
}

/** `undefined` where `given` was not made by {@link createFallbackOption}. */
export function fallbackOf(given: unknown): FallbackDecorator | undefined {
  return (given as Partial<Record<symbol, FallbackDecorator>> | null | undefined)?.[decorator];
}
