/**
 * F148, F149: answers that refuse the form of a request (431: its headers are too large) say nothing about definitions or subscriptions.
 */
import { describe, expect, it } from 'vitest';
import { eventsOf, record, sales } from '../../support/journey.js';
import { reply } from '../../support/memory-server.js';
import { startRig } from '../../support/rig.js';

const statuses = [406, 414, 415, 431];
const poll = { interval: 1000, maxInterval: 1000 };

describe('F149: a base path that does not exist, or not yet', () => {
  it.each([404, 405])('%i for openings rejects no statistic: health$ names origin and base path, and all become live once the path exists', async (status) => {
    const { clock, server, client } = startRig({ poll });
    const health = record(client.health$);
    const streams = [record(client.statistic$('a', sales)), record(client.subscription$([{ name: 'b', ...sales }]))];
    server.fault = ({ method }) => (method === 'POST' ? reply(status) : undefined);
    await clock.advance(60_000);
    expect(streams.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: `POST /subscriptions below https://host/statistics/v3 answered ${status}` } });
    expect(server.count('POST')).toBeLessThan(20);
    server.fault = undefined;
    await clock.advance(60_000);
    expect(streams.map(({ values }) => values.length)).toEqual([1, 1]);
  });
});

describe('F148: a server that refuses the form of a request', () => {
  it.each(statuses)('with %i on opening: no observer gets an error, health$ reports it, and the statistics become live once it is accepted', async (status) => {
    const { clock, server, client } = startRig({ poll });
    const health = record(client.health$);
    const streams = [record(client.statistic$('a', sales)), record(client.subscription$([{ name: 'b', ...sales }]))];
    server.fault = ({ method }) => (method === 'POST' ? reply(status) : undefined);
    await clock.advance(5000);
    expect(streams.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: `POST /subscriptions answered ${status}, which is about the form of the request` } });
    server.fault = undefined;
    await clock.advance(60_000);
    expect(streams.map(({ values }) => values.length)).toEqual([1, 1]);
  });

  it.each(statuses)('with %i on a poll: the subscription is not treated as gone', async (status) => {
    const { clock, server, client } = startRig({ poll });
    const one = record(client.statistic$('a', sales));
    await clock.advance(5000);
    server.fault = ({ method }) => (method === 'GET' ? reply(status) : undefined);
    await clock.advance(60_000);
    server.fault = undefined;
    server.value = 1;
    await clock.advance(60_000);
    expect([one.values.length, server.count('POST'), server.count('DELETE')]).toEqual([2, 1, 0]);
  });

  it.each(statuses)('with %i on a DELETE: it is tried again, and reported as orphaned, not as deleted', async (status) => {
    const { clock, server, client } = startRig({ poll });
    const [deleted, orphaned] = [eventsOf(client, 'deleted'), eventsOf(client, 'orphaned')];
    const one = record(client.statistic$('a', sales));
    await clock.advance(5000);
    server.fault = ({ method }) => (method === 'DELETE' ? reply(status) : undefined);
    one.unsubscribe();
    await clock.advance(300_000);
    expect([server.count('DELETE'), deleted.length, orphaned.length]).toEqual([4, 0, 1]);
  });
});
