/** F25 to F46: the effects of statuses, headers and pages that do not come from the API. */
import crossFetch from 'cross-fetch';
import { describe, expect, it } from 'vitest';
import { fetchTransport, StatisticRejectedError } from '../../src/index.js';
import { eventsOf, record, sales, startClient, support, until } from '../support/journey.js';
import { errorsOf, survives, poison, reads, startLive } from '../support/ordeal.js';
import { altered, envelope, startScriptedServer, take, type Action } from '../support/scripted-server.js';

const page = (text: string): string => `<!DOCTYPE html><html><head><title>${text}</title></head><body>${'<p>Please try again later.</p>'.repeat(200)}</body></html>`;
const html = { 'content-type': 'text/html; charset=utf-8' };

describe('F25: pages of gateways', () => {
  const key = 'canary-4711';

  it.each<[string, Action, RegExp]>([
    ['a 502 of HTML', { status: 502, headers: html, body: page('502 Bad Gateway') }, /answered 502: <!DOCTYPE html>.*502 Bad Gateway.*\.\.\.$/],
    ['a 503 of HTML that quotes the request', { status: 503, headers: html, body: page(`x-api-key: ${key}`) }, /answered 503: .*x-api-key: \*\*\*/],
    ['a 503 of plain text', { status: 503, headers: { 'content-type': 'text/plain' }, body: 'no healthy upstream' }, /answered 503: no healthy upstream$/],
    ['a 511 of a captive portal', { status: 511, headers: html, body: page('Sign in') }, /answered 511: /],
    ['a 204', { status: 204, headers: { 'content-length': [] } }, /answered 204 with no usable JSON/],
    ['an empty 200', { status: 200 }, /answered 200 with no usable JSON/],
    ['a 200 with terminal escapes', { body: '\u001b[2J\u001b]0;owned\u0007' }, /with no usable JSON: \[2J \]0;owned$/],
  ])('%s is reported in one short line, without secrets', async (_, fault, reports) => {
    const { health } = await survives(fault, { reports }, { apiKey: key });
    for (const { message } of errorsOf(health)) {
      expect(message).not.toContain(key);
      expect(message.length).toBeLessThan(330);
    }
  });
});

describe('F26: a failure in an envelope keeps code, message, detail and path', () => {
  it.each([500, 504])('%i', async (status) => {
    const body = JSON.stringify({ status: { code: 42, message: 'Stat Server is away', detail: { since: 7 } }, path: '/statistics' });
    const { health } = await survives({ status, body }, { reports: new RegExp(`answered ${status}: Stat Server is away$`) });
    errorsOf(health).forEach((error) => expect(error).toMatchObject({ httpStatus: status, code: 42, detail: { since: 7 }, path: '/statistics' }));
  });
});

describe('F27: a 200 with a failure code', () => {
  it('is a failure, whatever data it holds, and a subscription that it may have opened is deleted', async () => {
    const failing = altered(({ body }) => {
      const { data } = JSON.parse(String(body)) as { data: { statistics: object[] } };
      const statistics = data.statistics.map((each) => ({ ...each, value: { intValue: poison } }));
      return { body: envelope({ ...data, statistics }, { code: 7, message: 'busy' }) };
    });
    const { health } = await survives(failing, { reports: /answered 200 with code 7: busy$/ });
    errorsOf(health).forEach((error) => expect(error).toMatchObject({ httpStatus: 200, code: 7 }));
  });
});

describe('F30: a page where the API should be', () => {
  it.each<[string, Action]>([
    ['of a captive portal', { headers: html, body: page('Sign in to the network') }],
    ['of a login, as JSON', { body: page('Single sign-on') }],
  ])('%s is unreadable, and never emitted as a value', async (_, fault) => {
    await survives(fault, { reports: /answered 200 with no usable JSON: <!DOCTYPE html>/, kind: 'unreadable' });
  });
});

describe('F41: a 403 on opening', () => {
  it('is found by a binary search, and rejects only that definition', async () => {
    const server = await startScriptedServer();
    server.script = ({ operation, body }) =>
      operation === 'open' && body.includes('Secret') ? { status: 403, body: envelope(undefined, { code: 403, message: 'not yours' }) } : undefined;
    const client = startClient(server.url);
    const good = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => record(client.statistic$(name, sales)));
    const bad = record(client.statistic$('Secret', sales));
    await until('all are decided', () => bad.error !== undefined && good.every(({ values }) => values.length === 1));
    expect(bad.error).toBeInstanceOf(StatisticRejectedError);
    expect(bad.error).toMatchObject({ definitions: [{ name: 'Secret' }], cause: { httpStatus: 403, code: 403 } });
    await reads(server, 2);
    expect(good.every(({ error }) => error === undefined)).toBe(true);
  });
});

describe('F42: Retry-After', () => {
  it('is waited for by all upstreams, not only by the one that got it', async () => {
    const { server, client, one } = await startLive({ retry: { minTimeout: 10, maxTimeout: 5000 }, batch: { size: 1 } });
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await until('both live', () => set.values.length === 1 && new Set(server.of('read').map(({ id }) => id)).size === 2);
    let sentAt = 0;
    let known = 0;
    client.events$.subscribe(({ type }) => (known = type === 'retrying' ? performance.now() : known));
    server.script = take('read', ({ send }) => {
      sentAt = performance.now();
      send({ status: 429, headers: { 'retry-after': '1' } });
    }, 1);
    await until('it is sentAt', () => sentAt > 0);
    server.node.values['Total_Answered'] = 2;
    await until('both have the change', () => one.values.length === 2 && set.values.length === 2);
    // One poll may have been on its way already. Without the wait there would be dozens.
    const early = server.requests.filter(({ at }) => at > known && at < sentAt + 990);
    expect(known).toBeGreaterThan(sentAt);
    expect(early.length).toBeLessThanOrEqual(1);
  });

  it('also delays the next attempt of an upstream that has failed meanwhile', async () => {
    const { server, client, one } = await startLive({ retry: { minTimeout: 10, maxTimeout: 400 }, batch: { size: 1 } });
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await until('both live', () => set.values.length === 1 && new Set(server.of('read').map(({ id }) => id)).size === 2);
    const retrying = eventsOf(client, 'retrying');
    let reportedAt = 0;
    client.events$.subscribe(({ type }) => (reportedAt ||= type === 'retrying' ? performance.now() : 0));
    const [mine] = server.node.opened;
    let failLate: (() => void) | undefined;
    server.script = ({ operation, id }) => {
      if (operation !== 'read') {
        return undefined;
      }
      if (id !== mine) {
        return ({ socket }) => (failLate = () => void socket.resetAndDestroy());
      }
      return failLate === undefined ? undefined : { status: 429, headers: { 'retry-after': '9' } };
    };
    await until('the one is reported', () => retrying.length === 1);
    const before = server.requests.length;
    server.script = undefined;
    failLate?.();
    await until('the other fails', () => retrying.length === 2);
    server.node.values['Total_Answered'] = 2;
    await until('both have the change', () => one.values.length === 2 && set.values.length === 2);
    expect(Math.min(...server.requests.slice(before).map(({ at }) => at - reportedAt))).toBeGreaterThanOrEqual(350);
  });

  it('on an opening also delays the openings of others', async () => {
    const server = await startScriptedServer();
    const client = startClient(server.url, { retry: { minTimeout: 10, maxTimeout: 300 }, batch: { size: 1 } });
    const retrying = eventsOf(client, 'retrying');
    server.script = take('open', { status: 503, headers: { 'retry-after': '9' } }, 1);
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it is reported', () => retrying.length === 1);
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await until('both have a value', () => one.values.length === 1 && set.values.length === 1);
    const [first, ...others] = server.of('open');
    expect(others.map(({ at }) => at - (first?.at ?? 0)).filter((gap) => gap < 290)).toEqual([]);
  });
});

describe('F44: a Retry-After that is unusable or too long', () => {
  it.each<[string, string | readonly string[]]>([
    ['empty', ''],
    ['negative', '-1'],
    ['not a number', 'NaN'],
    ['infinite', 'Infinity'],
    ['in scientific notation', '1e9'],
    ['hexadecimal', '0x7fffffff'],
    ['a fraction', '1.5'],
    ['a list', '5, 7'],
    ['sent twice', ['5', '7']],
    ['longer than any number', '9'.repeat(400)],
    ['a word', 'soon'],
    ['a date of long ago', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['an impossible date', 'Thu, 99 Foo 2999 00:00:00 GMT'],
  ])('%s: our own backoff, of at most 10 ms after a first failure', async (_, header) => {
    const { server, client } = await startLive();
    const retrying = eventsOf(client, 'retrying');
    server.script = take('read', { status: 503, headers: { 'retry-after': header } }, 1);
    await until('it is reported', () => retrying.length === 1);
    expect(retrying[0]?.delay).toBeGreaterThanOrEqual(1);
    expect(retrying[0]?.delay).toBeLessThanOrEqual(10);
    await reads(server, 1);
  });

  it.each([['years', '999999999'], ['a date in a thousand years', 'Tue, 01 Jan 3030 00:00:00 GMT'], ['as long as fifteen digits', '9'.repeat(15)]])('%s: retry.maxTimeout', async (_, header) => {
    const { server, client } = await startLive();
    const retrying = eventsOf(client, 'retrying');
    server.script = take('read', { status: 503, headers: { 'retry-after': header } }, 1);
    await until('it is reported', () => retrying.length === 1);
    expect(retrying[0]?.delay, 'and a share of the interval at random').toBeGreaterThanOrEqual(80);
    expect(retrying[0]?.delay).toBeLessThanOrEqual(100);
    await reads(server, 1);
  });
});

describe('F46: a redirect to the same origin is not followed either', () => {
  const transports = { fetch: {}, 'cross-fetch': { transport: fetchTransport(crossFetch) } };

  it.each([301, 302, 303, 307, 308].flatMap((status) => Object.entries(transports).map(([name, options]) => ({ status, name, options }))))(
    '$status, by $name: reported, and nothing arrives there',
    async ({ status, options }) => {
      const { server } = await survives({ status, headers: { location: '/statistics/v3/elsewhere' } }, { reports: new RegExp(`answered ${status}, a redirect to .+; redirects are not followed$`) }, options);
      expect(server.requests.filter(({ target }) => target.includes('elsewhere'))).toEqual([]);
    },
  );
});
