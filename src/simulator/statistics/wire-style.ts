/** The form of values on the wire: the shape of states, and the unit of times. Owns the choice by profile. */
import type { Profile } from '../profiles.js';
import { flatShapes, NESTED, type StateShapes } from './states.js';

/** The form in which one kind of server writes values. */
export interface WireStyle {
  readonly shapes: StateShapes;
  /** Converts a time in epoch ms to its written form. */
  written(ms: number): number;
}

const inSeconds = (ms: number): number => Math.floor(ms / 1000);
const inMilliseconds = (ms: number): number => ms;

export function wireStyle(profile: Profile): WireStyle {
  const written = profile === 'seconds' ? inSeconds : inMilliseconds;
  return { shapes: profile === 'nested' ? NESTED : flatShapes(written), written };
}
