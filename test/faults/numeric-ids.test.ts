/** F156: ids that are numbers beyond 2^53, which JSON.parse rounds to the ids of other subscriptions. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { record, sales } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';

const poll = { interval: 1000, maxInterval: 1000 };
const id = '9007199254740993';

afterEach(() => vi.restoreAllMocks());

/** A server whose ids of subscriptions and statistics are large numbers. */
function start() {
  const rig = startRig({ poll });
  const { server } = rig;
  const entries = (value: number): string => ['a', 'b'].map((name, index) => `{"statisticId":${id}${index},"name":"${name}","objectId":"Sales@SIP","objectType":"Queue","timestamp":0,"value":{"intValue":${value + index}}}`).join();
  const paths: string[] = [];
  server.fault = ({ method, url }) => {
    paths.push(`${method} ${new URL(url).pathname.replace('/statistics/v3/subscriptions', '')}`);
    return reply(200, method === 'DELETE' ? undefined : `{"status":{"code":0},"data":{"subscriptionId":${id},"statistics":[${entries(server.value)}]}}`);
  };
  return { ...rig, paths };
}

describe('F156: a numeric id beyond 2^53', () => {
  it('is read exactly: that subscription is polled and deleted, and its statistics are matched by name', async () => {
    const { clock, server, client, paths } = start();
    const one = record(client.subscription$([{ name: 'a', ...sales }, { name: 'b', ...sales }]));
    await clock.advance(1500);
    server.value = 10;
    await clock.advance(1000);
    one.unsubscribe();
    await clock.advance(10_000);
    expect(one.values.map((values) => values.map(({ value }) => value))).toEqual([[{ intValue: 0 }, { intValue: 1 }], [{ intValue: 10 }, { intValue: 11 }]]);
    expect(one.values[0]?.[0]).not.toHaveProperty('statisticId');
    expect(new Set(paths)).toEqual(new Set(['POST ', `GET /${id}/statistic-values`, `DELETE /${id}`]));
    expect(clock.pending).toEqual([]);
  });

  it('makes an opening unusable if JSON.parse does not provide the text: no other subscription is polled or deleted', async () => {
    const parse = JSON.parse;
    vi.spyOn(JSON, 'parse').mockImplementation((text: string, reviver?: (key: string, value: unknown) => unknown) => parse(text, reviver && ((key, value) => reviver(key, value))) as unknown);
    const rig = start();
    const one = record(rig.client.statistic$('a', sales));
    const health = record(rig.client.health$);
    await rig.clock.advance(2000);
    expect([one.values, one.error]).toEqual([[], undefined]);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: 'POST /subscriptions answered with a subscriptionId that no path can hold' } });
    expect(rig.paths.some((path) => path.includes('900719'))).toBe(false);
    await closeRig(rig);
  });
});
