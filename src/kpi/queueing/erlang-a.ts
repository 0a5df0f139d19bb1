/**
 * Erlang A, also called Palm's model or M/M/N+M: calls arrive at random, take a random time, and callers hang up after a random time.
 * Owns the sums over the length of the queue. Knows no units.
 */
import { lossProbability } from './erlang-b.js';

/** The rates of the model, all per second. */
export interface ErlangARates {
  /** Arriving calls. Above 0. */
  readonly arrival: number;
  /** Calls that one agent can finish. Above 0. */
  readonly service: number;
  /** One over the average patience. Above 0. */
  readonly abandonment: number;
}

/** The fate of a call; probabilities are 0..1. */
export interface ErlangAResult {
  readonly waitProbability: number;
  readonly abandonProbability: number;
  /** The probability that a call is answered within the target time. */
  readonly answeredWithin: number;
  /** The average wait of answered calls in seconds; `Infinity` if none is answered. */
  readonly waitOfAnswered: number;
}

/** Sums are scaled down beyond this, long before they overflow. */
const large = 1e200;
/** A sum ends once the rest is at most this share of it. */
const negligible = 1e-15;

/**
 * Sums over the length `k` of the queue that a call finds, with weights relative to that of `N` busy agents and no queue.
 *
 * With `c = N * service`, the weight of `k` is that of `k - 1` times `arrival / (c + k * abandonment)`. A call behind `k` others
 * moves up with the rates `c + j * abandonment` for `j = k..0`. It is answered with probability `c / (c + (k + 1) * abandonment)`. If
 * so, its wait is a sum of exponential times with rates `c + j * abandonment` for `j = 1..k+1`. The mean of this sum is the sum of
 * the inverse rates. The number of moves within a time is distributed as a negative binomial.
 */
export function erlangA({ arrival, service, abandonment }: ErlangARates, agents: number, targetTime: number): ErlangAResult {
  const capacity = agents * service;
  const moves = createMoves(capacity / abandonment + 1, abandonment * targetTime);
  // The sum of the weights of all states with fewer than N busy agents, by Erlang B.
  let idle = 1 / lossProbability(arrival / service, agents) - 1;
  let [weight, waiting, answered, within, waited] = [1, 0, 0, 0, 0];
  let meanWait = 0;
  for (let k = 0; ; k++) {
    const next = capacity + (k + 1) * abandonment;
    meanWait += 1 / next;
    const share = (weight * capacity) / next;
    waiting += weight;
    answered += share;
    within += share * moves.moreThan(k);
    waited += share * meanWait;
    const ratio = arrival / next;
    if (ratio < 1 && (weight * ratio) / (1 - ratio) <= negligible * waiting) {
      break;
    }
    weight *= ratio;
    if (waiting > large) {
      [idle, weight, waiting, answered, within, waited] = [idle / large, weight / large, waiting / large, answered / large, within / large, waited / large];
    }
  }
  const total = idle + waiting;
  const servedProbability = (idle + answered) / total;
  if (!Number.isFinite(total)) {
    // There are so many agents that the probability of a wait is smaller than the smallest number.
    return { waitProbability: 0, abandonProbability: 0, answeredWithin: 1, waitOfAnswered: 0 };
  }
  return {
    waitProbability: waiting / total,
    abandonProbability: Math.max(0, (waiting - answered) / total),
    answeredWithin: (idle + within) / total,
    waitOfAnswered: servedProbability > 0 ? waited / total / servedProbability : Infinity,
  };
}

/**
 * The probability that a queue moves up more than `k` times within a time: one minus the distribution function of a negative binomial
 * with real `size`. Call it with `k` = 0, 1, 2 ... in turn. The first terms are below the smallest number, so each is kept as a
 * factor of a power, which is multiplied in step by step.
 */
function createMoves(size: number, time: number): { moreThan(k: number): number } {
  const step = -Math.expm1(-time);
  let exponent = -size * time;
  let power = Math.exp(exponent);
  let factor = 1;
  let cumulated = power;
  return {
    moreThan(k) {
      if (k > 0 && cumulated < 1) {
        factor *= (step * (size + k - 1)) / k;
        if (factor > large) {
          factor /= large;
          exponent += Math.log(large);
          power = Math.exp(exponent);
        }
        cumulated += factor * power;
      }
      return Math.max(0, 1 - cumulated);
    },
  };
}
