/** Looks at a fleet from outside: a member that demands nothing, and never leads. */
import { noop } from 'rxjs';
import { StatisticsError } from '../index.js';
import type { Bus } from './bus.js';
import { systemClock } from './clock.js';
import { reportKey } from './publisher.js';
import { readReport, type LeaderReport } from './report.js';

/**
 * Reads what the leader of a fleet last said of itself. Opens nothing and observes nothing.
 *
 * @param baseUrl - of the fleet's clients.
 * @param timeout - milliseconds within which the bus has to answer.
 * @returns `undefined` where nobody leads.
 * @throws StatisticsError when the bus does not answer, or the leader's report cannot be read, by rejection.
 */
export async function inspectFleet(bus: Bus, baseUrl: string, timeout: number): Promise<LeaderReport | undefined> {
  let stop = noop;
  let leave = (): Promise<void> => Promise.resolve();
  try {
    return await new Promise<LeaderReport | undefined>((resolve, reject) => {
      let reason: Error | undefined;
      const read = (): void => {
        member.recall([reportKey]).then(([found]) => {
          const report = found && readReport(found.text);
          if (found !== undefined && report === undefined) {
            throw new StatisticsError('somebody leads, but its report cannot be read: it may be of another version');
          }
          resolve(report);
        }).catch(reject);
      };
      const member = bus.join(baseUrl.replace(/\/+$/, ''), { up: read, down: (error) => (reason = error), news: noop, demand: noop, asked: noop, vacant: noop, yield: noop });
      leave = () => member.leave();
      stop = systemClock.after(timeout, () => reject(new StatisticsError(`the bus has not answered for ${timeout} ms`, { cause: reason })));
    });
  } finally {
    stop();
    await leave();
  }
}
