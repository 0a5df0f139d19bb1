/** The simulator within the page, in place of `source.ts`: no server anywhere. */
import type { StatisticsClientOptions } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { createBreaker, type Breaker } from './breaker.js';
import { pace } from './pace.js';

const simulator = await createSimulator({ listen: false, token: 'token-0' });
const breaker = createBreaker(simulator, 'token-0');

export function sourceOptions(): StatisticsClientOptions {
  return { baseUrl: simulator.url, transport: simulator.transport, token: breaker.token, ...pace };
}

export const breakServer: Breaker = breaker.breakServer;
