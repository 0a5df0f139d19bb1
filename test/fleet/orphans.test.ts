/** Subscriptions that could not be deleted: which of them are tried again, and when. */
import { expect, it } from 'vitest';
import { createOrphans } from '../../src/fleet/orphans.js';
import { StatisticsApiError } from '../../src/index.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const answered = (httpStatus: number): StatisticsApiError => new StatisticsApiError(`answered ${httpStatus}`, { operation: 'DELETE', httpStatus });

it('F246: one that the server refuses to delete, or does not know, holds no other up', async () => {
  const clock = createVirtualClock();
  const asked: string[] = [];
  const deleted: string[] = [];
  const statuses = new Map([['refused', 403], ['unknown', 400], ['away', 503]]);
  const orphans = createOrphans(clock, (id) => {
    asked.push(id);
    const status = statuses.get(id);
    return status === undefined ? Promise.resolve() : Promise.reject(answered(status));
  }, (id) => deleted.push(id));
  ['refused', 'unknown', 'away', 'open'].forEach((id) => orphans.add(id));
  await clock.advance(1_000);
  expect([asked, deleted]).toEqual([['refused', 'unknown', 'away'], ['unknown']]);
  statuses.clear();
  await clock.advance(2_000);
  expect([asked.slice(3), deleted]).toEqual([['away', 'open'], ['unknown', 'away', 'open']]);
  await clock.advance(120_000);
  expect(asked).toHaveLength(5);
});
