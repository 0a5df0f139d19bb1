/** Makes a client on a test's clock and page. */
import { createEngine } from '../../src/engine.js';
import type { StatisticsClient, StatisticsClientOptions } from '../../src/index.js';
import { createMembers } from '../../src/members.js';
import { readClientOptions } from '../../src/options.js';
import type { Clock } from '../../src/time/clock.js';
import { createPageLifecycle, type PageLifecycle } from '../../src/time/page-lifecycle.js';

export function createClientOn(clock: Clock, options: StatisticsClientOptions, page: PageLifecycle = createPageLifecycle(globalThis)): StatisticsClient {
  return createMembers(createEngine(clock, readClientOptions(options), page));
}
