/** Erlang's delay formula. */
import { lossProbability } from './erlang-b.js';
import { readLoad, type Load } from './offered.js';

/**
 * Erlang C: the probability (0..1) that a call has to wait, if callers wait until they are answered.
 *
 * Formula: `C = N B / (N - A (1 - B))` with `A` the traffic in erlangs, `N` the agents and `B` Erlang B. The result is 1 if `A >= N`,
 * because the queue then grows without end.
 *
 * Source: A. K. Erlang, 1917; in every textbook of queueing theory.
 *
 * @throws StatisticsOptionError when an argument is out of bounds.
 *
 * @example
 * erlangC({ traffic: 10, agents: 14 }); // 0.17413194...
 */
export function erlangC(load: Load): number {
  const { traffic, agents } = readLoad(load);
  return delayProbability(traffic, agents);
}

/** The same without a check of the arguments. */
export function delayProbability(traffic: number, agents: number): number {
  if (traffic >= agents) {
    return 1;
  }
  const loss = lossProbability(traffic, agents);
  // Written without 1 - B, which would lose digits near saturation.
  return (agents * loss) / (agents - traffic + traffic * loss);
}
