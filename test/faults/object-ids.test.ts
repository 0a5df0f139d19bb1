/** F64: ids and names of any well-formed text reach the server unchanged, in path, query and body. Any other text is refused. */
import fc from 'fast-check';
import { take, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { numberOf, StatisticsOptionError } from '../../src/index.js';
import { startClient, startSimulator } from '../support/journey.js';

/** Characters that are special in a path, a query, a list of ids, a header, a terminal or a decoder. */
const awkward = [
  '/', '?', '#', '%', '\\', ',', '&', '=', '+', ';', ':', '@', ' ', '"', "'", '<', '>', '|', '.', '..', '%2F', '%252F', '%00', '%zz', '../', '/..', '//',
  '\0', '\n', '\r\n', '\t', '\u001b[31m', '\u007f', '\u00a0', '\u00e9', 'e\u0301', '\u05d0', '\u202e', '\u200d', '\ufeff', '\ufffd', '\uffff', '\u{1f469}\u200d\u{1f469}', '\u{10ffff}',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''))
  .filter((joined) => joined.trim() !== '');
const decoded = (encoded = ''): string[] => encoded.split(/[=&/]/).map(decodeURIComponent);
/** A name is a segment of a path. One in which a proxy may decode a dot segment is refused (F65, `test/security/paths.test.ts`). */
const segments = (joined: string): string[] => joined.replace(/%2f|%5c/gi, '/').replace(/%2e/gi, '.').replace(/%20|%[01]\w/gi, ' ').split(/[/\\;]|%3b/i);
const name = text.filter((joined) => segments(joined).every((segment) => !['.', '..'].includes(segment.replace(/[\s\0-\x1f]/g, ''))));

describe('F64: any well-formed text', () => {
  it('reaches the server unchanged, encoded once: its value comes back by GET, by POST and by a subscription', async () => {
    const simulator = await startSimulator();
    // Statistics that fill an upstream are opened at once, without a peek.
    const client = startClient(simulator.url, { sharing: { linger: 0 }, batch: { size: 1 } });
    let value = 0;
    await fc.assert(
      fc.asyncProperty(name, text, text, async (statistic, objectId, objectType) => {
        const request = { name: statistic, objectId, objectType };
        // The simulator knows a statistic only under exactly these names.
        simulator.set(request, ++value);
        simulator.ledger.clear();
        const peeked = await first(client.peek$(statistic, { objectId, objectType }));
        const [all] = await first(client.peekAll$([request]));
        const [subscribed] = await first(client.subscription$([request]));
        expect([peeked, all, subscribed].map((each) => [each.objectId, each.objectType, numberOf(each.value)])).toEqual(
          Array.from({ length: 3 }, () => [objectId, objectType, value]),
        );
        const [get, post, open] = (['peek', 'peekAll', 'open'] as const).map((what) => simulator.ledger.requests.find(({ operation }) => operation === what));
        // Decoded once, they equal the requested texts, and no character in them could act as a separator.
        expect(decoded(get?.path)).toEqual(['', 'statistics', 'v3', 'statistic-values', statistic]);
        expect(decoded(get?.query)).toEqual(['objectId', objectId, 'objectType', objectType]);
        expect([post, open].map((each) => JSON.parse(each?.body ?? '').data.statistics[0])).toMatchObject([request, request]);
        simulator.set(request, undefined);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('of 4,096 characters is accepted too', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const object = { objectId: 'x'.repeat(4096), objectType: 'Queue' };
    simulator.set({ name: 'Total_Answered', ...object }, 5);
    expect(numberOf((await first(client.peek$('Total_Answered', object))).value)).toBe(5);
    expect(numberOf((await first(client.statistic$('Total_Answered', object))).value)).toBe(5);
  });
});

describe('F64: a text that cannot be sent is refused at the call, by an error that names the argument and shortens the text', () => {
  const bad: [string, unknown][] = [
    ['nothing', ''], ['blank', ' \t\n'], ['4,097 characters', 'x'.repeat(4097)], ['10 MB', 'x'.repeat(10_000_000)],
    ['half a character', 'a\ud800b'], ['the other half', '\udc00'], ['a number', 5], ['null', null], ['undefined', undefined], ['an object', { objectId: 'x' }],
  ];

  it.each(bad)('%s', async (_, objectId) => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const object = { objectId: objectId as string, objectType: 'Queue' };
    const calls: (() => unknown)[] = [
      () => client.statistic$('Total_Answered', object),
      () => client.statistic$('Total_Answered', { objectId: 'q', objectType: objectId as string }),
      () => client.statisticState$('Total_Answered', object),
      () => client.subscription$({ a: { name: 'Total_Answered', ...object } }),
      () => client.peek$('Total_Answered', object),
      () => client.peekAll$([{ name: 'Total_Answered', ...object }]),
    ];
    for (const call of calls) {
      expect(call).toThrow(StatisticsOptionError);
      expect(call).toThrow(/(objectId|objectType) must be a non-empty string of at most 4096 characters, got .{1,120}$/);
    }
    expect(simulator.ledger.requests).toEqual([]);
  });

  it.each(bad.slice(4))('%s, by the endpoints themselves', async (_, objectId) => {
    const simulator = await startSimulator();
    const { api } = startClient(simulator.url);
    const object = { objectId: objectId as string, objectType: 'Queue' };
    await expect(api.getStatistic('Total_Answered', object)).rejects.toThrow(StatisticsOptionError);
    await expect(api.getStatistics([{ name: 'Total_Answered', ...object }])).rejects.toThrow(StatisticsOptionError);
    await expect(api.openSubscription('op-1', [{ statisticId: '1', name: 'Total_Answered', ...object }])).rejects.toThrow(StatisticsOptionError);
    expect(simulator.ledger.requests).toEqual([]);
  });
});

function first<T>(stream$: Observable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    stream$.pipe(take(1)).subscribe({ next: resolve, error: reject });
  });
}
