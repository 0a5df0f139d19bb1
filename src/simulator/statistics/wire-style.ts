/** The written form of values: the shape of states, and the unit of times. Owns the choice by profile. */
import type { Profile } from '../profiles.js';
import { flatShapes, NESTED, type StateShapes } from './states.js';

/** How one server writes values. */
export interface WireStyle {
  readonly shapes: StateShapes;
  /** A time in epoch ms, as it is written. */
  written(ms: number): number;
}

const inSeconds = (ms: number): number => Math.floor(ms / 1000);
const inMilliseconds = (ms: number): number => ms;

export function wireStyle(profile: Profile): WireStyle {
  const written = profile === 'seconds' ? inSeconds : inMilliseconds;
  return { shapes: profile === 'nested' ? NESTED : flatShapes(written), written };
}
