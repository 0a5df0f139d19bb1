/** Answers that arrive but cannot be used: they leave nothing open, and none is emitted as a value. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numeric } from '../../src/index.js';
import { freezeDeep, requireShallow } from '../../src/model/freeze.js';
import { record } from '../support/journey.js';
import { createMemoryServer, reply } from '../support/memory-server.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const deep = (inside: string): string => `${'['.repeat(100)}${inside}${']'.repeat(100)}`;

describe('F18: values that nest too deeply', () => {
  it('have more than 64 levels, wherever they nest', () => {
    const nested = (levels: number): unknown => JSON.parse(`{"a":1,"b":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)},"c":[]}`);
    for (const look of [freezeDeep, requireShallow]) {
      expect(() => look(nested(64))).not.toThrow();
      expect(() => look(nested(65))).toThrow(RangeError);
    }
  });

  it('in the answer to an opening: the subscription is deleted by the server\'s id and opened anew', async () => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport });
    let first = true;
    server.fault = ({ method }) => {
      if (method !== 'POST' || !first) {
        return undefined;
      }
      first = false;
      return reply(200, `{"status":{"code":0},"data":{"subscriptionId":"its-own-id","statistics":[{"name":"a","objectId":"Sales@SIP","objectType":"Queue","value":${deep('1')}}]}}`);
    };
    const one = record(client.statistic$('a', sales));
    await clock.advance(2000);
    expect(one.values).toHaveLength(1);
    expect(server.deleted).toEqual(['its-own-id']);
    expect(server.opened).toHaveLength(1);
  });

  it('in a poll: the answer is ignored, however often it comes, and the next usable one is delivered', async () => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const client = createClientOn(clock, { baseUrl: 'https://host/statistics/v3', transport: server.transport, poll: { interval: 1000, maxInterval: 1000 } });
    const one = record(client.statistic$('a', sales).pipe(numeric()));
    const health = record(client.health$);
    await clock.advance(2500);
    const bad = `{"status":{"code":0},"data":{"statistics":[{"name":"a","objectId":"Sales@SIP","objectType":"Queue","value":{"x":${deep('1')}}}]}}`;
    server.fault = ({ method }) => (method === 'GET' ? reply(200, bad) : undefined);
    await clock.advance(5000);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: 'a value of the answer nests too deeply' } });
    server.fault = undefined;
    server.value = 5;
    await clock.advance(20_000);
    expect(one.values).toEqual([0, 5]);
    expect(server.count('POST')).toBe(1);
  });
});
