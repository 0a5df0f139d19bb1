/** A seeded generator of random numbers, with an independent stream per name. Owns the arithmetic only. Knows nothing of the centre. */

/** A stream of random numbers that is the same for the same seed and name. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** `true` with probability `p`. */
  chance(p: number): boolean;
  /** A number of the exponential distribution with this mean: the gaps of a Poisson process. */
  exponential(mean: number): number;
}

/** FNV-1a over the name, so that streams of different names are independent. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** The generator sfc32: 128 bits of state, fast, and good enough for a simulation. */
export function createRandom(seed: number, name: string): Random {
  let a = hash(name);
  let b = Math.floor(seed) | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
  // Skip the first numbers, which still depend visibly on the seed.
  for (let i = 0; i < 12; i++) next();
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (p) => next() < p,
    exponential: (mean) => -Math.log(1 - next()) * mean,
  };
}
