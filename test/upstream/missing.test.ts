/** G8: a statistic is rejected if neither the opening nor two polls for it have held it, whatever else is requested meanwhile. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { StatisticRejectedError, type StatisticsClient } from '../../src/index.js';
import { record } from '../support/journey.js';
import { createMemoryServer, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

/** A server that leaves one statistic out of every answer. */
function start(): { clock: VirtualClock; server: MemoryServer; client: StatisticsClient } {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const client = createClientOn(clock, {
    baseUrl: 'https://host/statistics/v3',
    async transport(request, signal) {
      const { body, ...response } = await server.transport(request, signal);
      const answer = JSON.parse(body) as { data?: { statistics: { name: string }[] } };
      if (answer.data !== undefined) {
        answer.data.statistics = answer.data.statistics.filter(({ name }) => name !== 'missing');
      }
      return { ...response, body: JSON.stringify(answer) };
    },
  });
  return { clock, server, client };
}

describe('a statistic that the server leaves out', () => {
  it('is rejected with the second poll, if it is alone', async () => {
    const { clock, server, client } = start();
    const missing = record(client.statistic$('missing', sales));
    await clock.advance(30_000);
    expect(missing.error).toBeInstanceOf(StatisticRejectedError);
    expect([server.count('GET'), server.opened.length]).toEqual([2, 1]);
  });

  it('is neither reopened with the others nor counted after its rejection', async () => {
    const { clock, server, client } = start();
    const other = record(client.statistic$('a', sales));
    const missing = record(client.statistic$('missing', sales));
    await clock.advance(30_000);
    expect([missing.error, other.error]).toMatchObject([{ name: 'StatisticRejectedError' }, undefined]);
    expect(record(client.health$).values[0]).toMatchObject({ status: 'live', statistics: 1 });
    server.forget();
    await clock.advance(60_000);
    expect(server.requests.filter(({ method }) => method === 'POST').map(({ statistics }) => statistics)).toEqual([2, 1]);
    expect(other.error).toBeUndefined();
  });

  it('is rejected without a reopening, if all others have left and polls ask for it alone', async () => {
    const { clock, server, client } = start();
    const others = ['a', 'b', 'c'].map((name) => record(client.statistic$(name, sales)));
    const missing = record(client.statistic$('missing', sales));
    await clock.advance(100);
    others.forEach((other) => other.unsubscribe());
    await clock.advance(60_000);
    expect(missing.error).toBeInstanceOf(StatisticRejectedError);
    expect(server.requests.filter(({ query }) => query.includes('statisticIds'))).toHaveLength(2);
    expect(server.opened).toHaveLength(1);
    expect(server.deleted).toEqual(server.opened);
  });

  it('is not rejected by polls that did not ask for it', async () => {
    const { clock, client } = start();
    const others = ['a', 'b', 'c'].map((name) => record(client.statistic$(name, sales)));
    const first = client.statistic$('missing', sales).subscribe();
    await clock.advance(100);
    first.unsubscribe();
    others.slice(1).forEach((other) => other.unsubscribe());
    await clock.advance(60_000);
    const late = record(client.statistic$('missing', sales));
    expect([late.error, others[0]?.error]).toEqual([undefined, undefined]);
    await clock.advance(60_000);
    expect(late.error).toBeInstanceOf(StatisticRejectedError);
    expect(others[0]?.error).toBeUndefined();
  });
});
