/** Ids of statistics: from an index and back, and none that another opening made; and when to ask by them. */
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

  it('lead back to their index', () => {
    fc.assert(fc.property(fc.nat(999), (index) => ids.indexOf(ids.of(index)) === index));
  });

  it('are different in another opening', () => {
    const other = createIds('1123456789', 1000);
    expect(ids.indexOf(other.of(5))).toBeUndefined();
  });

  it.each(['', '01234567', '01234567.', '01234567.01', '01234567.1000', '01234567.1x', '01234567.-1', '01234567.1e2', `01234567.${'9'.repeat(400)}`])('%j is none of them', (id) => {
    expect(ids.indexOf(id)).toBeUndefined();
  });

  it('any text but theirs is none of them', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const index = ids.indexOf(`01234567.${text}`);
        expect(index === undefined || String(index) === text).toBe(true);
      }),
    );
  });

  it('hold no comma, so that they can be asked for', () => {
    expect(ids.of(7)).not.toContain(',');
  });

  it('a peek has none', () => {
    expect(noIds.indexOf('01234567.1')).toBeUndefined();
  });
});

describe('asking by ids', () => {
  const ids = createIds('0123456789', 1000);
  const some = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

  it.each([
    ['all are watched', undefined, undefined],
    ['a few are', some(3), some(3)],
    ['as many as a URL holds', some(140), some(140)],
    ['more than a URL holds', some(170), undefined],
  ])('%s', (_, indices, asked) => {
    expect(narrowed(indices, ids)).toEqual(asked);
  });

  it.each(['', 'a,b', '\ud800'])('an id of the server that no list can hold (%j) is not asked for: then all are', (id) => {
    expect(narrowed([0, 1], { of: (index) => (index === 1 ? id : 'its-own') })).toBeUndefined();
  });
});

describe('F50: what answers tell beside the values', () => {
  it.each([['repeats the ids it was sent', true, ['OFF', 'OFF']], ['repeats none', false, ['INFO', 'INFO']]])('a server that %s is asked for names until each statistic is known by its id', async (_, repeats, asked) => {
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
