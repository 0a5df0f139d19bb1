/** The interval of polls, and the time after which values are stale. */
import type { StatisticsClientOptions } from 'genesys-statistics-rx';

export const pace = {
  poll: { interval: 2000, maxInterval: 5000, staleAfter: 12_000 },
  retry: { minTimeout: 1000, maxTimeout: 5000 },
  request: { timeout: 4000 },
} as const satisfies Partial<StatisticsClientOptions>;
