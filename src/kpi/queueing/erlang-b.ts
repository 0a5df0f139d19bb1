/** Erlang's loss formula. */
import { readLoad, type Load } from './offered.js';

/**
 * Erlang B: the probability (0..1) that a call finds every agent busy, if such calls are lost instead of waiting.
 *
 * Formula: `B(0) = 1`, `B(n) = A B(n-1) / (n + A B(n-1))` with `A` the traffic in erlangs. The recursion neither overflows nor
 * loses digits.
 *
 * Source: A. K. Erlang, 1917; in every textbook of queueing theory.
 *
 * @throws StatisticsOptionError when an argument is out of bounds.
 *
 * @example
 * erlangB({ traffic: 2, agents: 3 }); // 0.21052631578947367, 4/19
 */
export function erlangB(load: Load): number {
  const { traffic, agents } = readLoad(load);
  return lossProbability(traffic, agents);
}

/** The same without a check of the arguments. */
export function lossProbability(traffic: number, agents: number): number {
  let probability = 1;
  for (let n = 1; n <= agents; n++) {
    probability = (traffic * probability) / (n + traffic * probability);
  }
  return probability;
}
