/** Ids of statistics: conversion from an index and back, never equal between openings; and the polls that name them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../../support/client-on.js';
import { createIds, noIds } from '../../../src/upstream/answer/ids.js';
import { narrowed } from '../../../src/upstream/session/narrow.js';
import { record } from '../../support/journey.js';
import { createMemoryServer } from '../../support/memory-server.js';
import { closeRig } from '../../support/rig.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

describe('ids', () => {
  const ids = createIds('0123456789', 1000);

  it('convert back to their index', () => {
    fc.assert(fc.property(fc.nat(999), (index) => ids.indexOf(ids.of(index)) === index));
  });

  it('differ from those of another opening', () => {
    const other = createIds('1123456789', 1000);
    expect(ids.indexOf(other.of(5))).toBeUndefined();
  });

  it.each(['', '01234567', '01234567.', '01234567.01', '01234567.1000', '01234567.1x', '01234567.-1', '01234567.1e2', `01234567.${'9'.repeat(400)}`])('do not include %j', (id) => {
    expect(ids.indexOf(id)).toBeUndefined();
  });

  it('include no other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const index = ids.indexOf(`01234567.${text}`);
        expect(index === undefined || String(index) === text).toBe(true);
      }),
    );
  });

  it('hold no comma, so that a query can list them', () => {
    expect(ids.of(7)).not.toContain(',');
  });

  it('do not exist for a peek', () => {
    expect(noIds.indexOf('01234567.1')).toBeUndefined();
  });
});

describe('polling by ids', () => {
  const ids = createIds('0123456789', 1000);
  const some = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it.each([
    ['names none if all are observed', undefined, undefined],
    ['names a few', some(3), some(3)],
    ['names as many as a URL holds', some(140), some(140)],
    ['names none if a URL cannot hold them', some(170), undefined],
  ])('%s', (_, indices, asked) => {
    expect(narrowed(indices, ids)).toEqual(asked);
  });

  it.each(['', 'a,b', '\ud800'])('names none if the server made up an id that no list can hold (%j)', (id) => {
    expect(narrowed([0, 1], { of: (index) => (index === 1 ? id : 'its-own') })).toBeUndefined();
  });
});

describe('F50: names in answers', () => {
  it.each([['stops once a server has repeated the ids it was sent', true, ['OFF', 'OFF']], ['goes on where a server repeats none', false, ['INFO', 'INFO']]])('asking for them %s', async (_, repeats, asked) => {
    const clock = createVirtualClock();
    const server = createMemoryServer(() => clock.monotonic());
    const client = createClientOn(clock, {
      baseUrl: 'https://host/statistics/v3',
      async transport(request, signal) {
        const { body, ...response } = await server.transport(request, signal);
        return { ...response, body: repeats ? body : body.replace(/"statisticId":"[^"]*",?/g, '').replaceAll(',}', '}') };
      },
    });
    const both = ['a', 'b'].map((name) => record(client.statistic$(name, sales)));
    await clock.advance(15_000);
    expect(both.map(({ values }) => values.length)).toEqual([1, 1]);
    const verbose = server.requests.map(({ query }) => new URLSearchParams(query).get('verbose'));
    expect(verbose).toEqual(['INFO', ...asked]);
    await closeRig({ clock, server, client });
  });
});
