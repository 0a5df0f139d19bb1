/** Makes clients on the platform's own clock and page. */
import type { StatisticsClient } from './client.js';
import { createEngine } from './engine.js';
import { createMembers } from './members.js';
import { readClientOptions, type StatisticsClientOptions } from './options.js';
import { createSystemClock } from './time/clock.js';
import { createPageLifecycle } from './time/page-lifecycle.js';

/**
 * Makes a client. Nothing is sent before the first `subscribe`.
 *
 * @throws StatisticsOptionError for an unusable option. The message names the option, its value (unless secret) and the expectation.
 *
 * @example
 * const client = createStatisticsClient({ baseUrl: 'https://host/statistics/v3', apiKey });
 * client.statistic$('CurrentAgentState', { objectId: 'kim', objectType: 'Agent' }).subscribe(({ value }) => { ... });
 */
export function createStatisticsClient(options: StatisticsClientOptions): StatisticsClient {
  return createMembers(createEngine(createSystemClock(), readClientOptions(options), createPageLifecycle(globalThis)));
}
