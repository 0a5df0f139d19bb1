/** Faults of the laboratory, played by a simulator: in the page, or behind the server of the page. */
import type { Simulator } from 'genesys-statistics-rx/simulator';

export const faults = ['unavailable', 'hang', 'forget', 'expire'] as const;

export type Fault = (typeof faults)[number];

/** Resolves with whether there was a simulator to break. */
export type Breaker = (fault: Fault) => Promise<boolean>;

/** How long an outage lasts, and how long the new token is kept back, in milliseconds: long enough to see the wall turn stale. */
const outage = 20_000;

export function createBreaker(simulator: Pick<Simulator, 'fault' | 'forget' | 'expireToken'>, firstToken: string): { readonly token: () => string; readonly breakServer: Breaker } {
  let token = firstToken;
  const play = {
    unavailable: () => setTimeout(simulator.fault({ kind: 'status', status: 503, times: Infinity }), outage),
    hang: () => setTimeout(simulator.fault({ kind: 'hang', times: Infinity }), outage),
    forget: () => simulator.forget(),
    expire() {
      const next = simulator.expireToken();
      setTimeout(() => (token = next), outage / 4);
    },
  };
  return {
    token: () => token,
    breakServer(fault) {
      play[fault]();
      return Promise.resolve(true);
    },
  };
}
