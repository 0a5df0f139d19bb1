/** The token: requested once for all callers, as long as one waits, and sent in the right form. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createStatisticsClient, StatisticsApiError, StatisticsNetworkError, StatisticsOptionError } from '../../src/index.js';
import { createCredentials, type Credentials, type Token } from '../../src/wire/credentials.js';
import { canary } from '../support/canary.js';
import { eventsOf, record, sales } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { startRig } from '../support/rig.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';

const timeout = 10_000;

function start(token: Token): { clock: VirtualClock; credentials: Credentials } {
  const clock = createVirtualClock();
  return { clock, credentials: createCredentials({ token, timeout, askAgainAfter: 30_000 }, clock, () => undefined) };
}

/** A token function that hangs, and counts its calls. */
function hanging(): { readonly token: () => Promise<string>; asked: number } {
  const counted = {
    asked: 0,
    token: (): Promise<string> => {
      counted.asked++;
      return new Promise(() => undefined);
    },
  };
  return counted;
}

const refusal = (): StatisticsApiError => new StatisticsApiError('no', { operation: 'GET /', httpStatus: 401 });

describe('F145, G13: a token function that hangs', () => {
  it('F69: has the same deadline, whatever happens to the wall clock', async () => {
    const hung = hanging();
    const { clock, credentials } = start(hung.token);
    const answers = [credentials.headers().catch((error: unknown) => error)];
    await settle();
    clock.jump(3_600_000);
    answers.push(credentials.headers().catch((error: unknown) => error));
    await clock.advance(timeout);
    expect(hung.asked).toBe(1);
    expect(await Promise.all(answers)).toMatchObject([{ kind: 'refused' }, { kind: 'refused' }]);
  });

  it('is waited for until its deadline, and leaves no timer once no caller waits', async () => {
    const hung = hanging();
    const { clock, credentials } = start(hung.token);
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const answers = [leaving, staying].map(({ signal }) => credentials.headers(signal).catch((error: unknown) => error));
    await settle();
    leaving.abort('left');
    expect(await answers[0]).toBe('left');
    expect(clock.pending).toEqual([timeout]);
    await clock.advance(timeout);
    expect(await answers[1]).toMatchObject({ name: 'StatisticsNetworkError', kind: 'refused', message: 'token: the function gave nothing within 10000 ms' });
    expect(hung.asked).toBe(1);

    const last = new AbortController();
    const answer = credentials.headers(last.signal).catch((error: unknown) => error);
    await settle();
    last.abort('left');
    await answer;
    expect(clock.pending).toEqual([]);
    // The function may still answer, so the next caller waits for the rest of its time.
    const next = credentials.headers().catch((error: unknown) => error);
    await clock.advance(timeout);
    expect(await next).toBeInstanceOf(StatisticsNetworkError);
    expect(hung.asked).toBe(2);
    credentials.headers().catch(() => undefined);
    await settle();
    expect(hung.asked).toBe(3);
  });

  it.each<[string, 'first' | 'after a 401']>([['when it is asked first', 'first'], ['when it is asked again after a 401', 'after a 401']])('%s leaves no timer, no request and no orphan once all observers have left', async (_, when) => {
    const hung = hanging();
    const rig = startRig({ token: () => (when === 'first' || hung.asked > 0 ? hung.token() : 'first-token') });
    const { clock, server, client } = rig;
    if (when === 'after a 401') {
      server.fault = () => {
        hung.asked ||= 1;
        return reply(401);
      };
    }
    const events = record(client.events$);
    const streams = [record(client.statistic$('a', sales)), record(client.subscription$([{ name: 'b', ...sales }])), record(client.peek$('a', sales))];
    await clock.advance(100);
    const sent = server.requests.length;
    streams.forEach(({ unsubscribe }) => unsubscribe());
    // The upstream lingers for a second.
    await clock.advance(1500);
    expect(clock.pending).toEqual([]);
    expect(server.requests).toHaveLength(sent);
    expect(events.values.filter(({ type }) => ['orphaned', 'deleted'].includes(type))).toEqual([]);
    await client.close();
  });

  it('does not hold up close()', async () => {
    const { clock, client } = startRig({ token: hanging().token });
    const orphans = eventsOf(client, 'orphaned');
    record(client.statistic$('a', sales));
    await clock.advance(100);
    let closed = false;
    void client.close().then(() => (closed = true));
    await settle();
    expect(closed).toBe(true);
    expect([orphans, clock.pending]).toEqual([[], []]);
  });
});

describe('I4: renewing a token', () => {
  it('leaves no listener on the signal of a caller that waited for it', async () => {
    let count = 0;
    const { credentials } = start(() => `token-${++count}`);
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round++) {
      const { generation } = await credentials.headers(signal);
      const error = refusal();
      credentials.refused(error, generation);
      await credentials.renewed(error, signal);
    }
    expect(count).toBe(21);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('F144: an unusable token', () => {
  const wrong: [string, string][] = [
    ['with its scheme', `Bearer ${canary('a')}`],
    ['with its scheme in small letters', `  bearer  ${canary('a')}`],
    ['with another scheme', `Basic ${canary('a')}`],
    ['of blanks', '  '],
    ['of a megabyte', canary('a'.repeat(1024 * 1024))],
  ];

  it.each(wrong)('%s is an option error that explains where schemes belong', (_, token) => {
    const make = (): unknown => createStatisticsClient({ baseUrl: 'https://host/statistics/v3', token });
    expect(make).toThrow(StatisticsOptionError);
    expect(make).toThrow(/^token must be one word that fits in a header .*`Bearer ` .*headers\.authorization/);
    expect(make).not.toThrow(/canary/);
  });

  it.each(wrong)('%s from a function is a failure with the same explanation', async (_, token) => {
    const { credentials } = start(() => token);
    await expect(credentials.headers()).rejects.toMatchObject({ kind: 'refused', message: expect.stringMatching(/^token: the function must give one word that fits in a header .*`Bearer ` .*headers\.authorization/) as string });
    await expect(credentials.headers()).rejects.not.toMatchObject({ message: expect.stringContaining('canary') as string });
  });

  it.each(['apiKey', 'headers'])('of a megabyte is an option error of %s too', (option) => {
    const secret = canary('a'.repeat(1024 * 1024));
    expect(() => createStatisticsClient({ baseUrl: 'https://host/statistics/v3', [option]: option === 'headers' ? { 'x-a': secret } : secret })).toThrow(/at most 65536 characters/);
  });

  it('of 60,000 characters is usable', async () => {
    const token = 'a'.repeat(60_000);
    expect((await start(token).credentials.headers()).headers['authorization']).toBe(`Bearer ${token}`);
  });
});
