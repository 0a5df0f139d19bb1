/** An upstream in a page, in virtual time: hidden, offline, left and restored. Chromium shows the same in test/browser. */
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import { numeric, type StatisticsClient, type StatisticsClientOptions, type TransportRequest, type TransportResponse } from '../../src/index.js';
import { createPageLifecycle } from '../../src/time/page-lifecycle.js';
import { createFakePage, type FakePage } from '../support/fake-page.js';
import { eventsOf, record } from '../support/journey.js';
import { createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, settle, type VirtualClock } from '../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const support = { objectId: 'Support@SIP', objectType: 'Queue' };

interface Rig {
  readonly clock: VirtualClock;
  readonly server: MemoryServer;
  readonly page: FakePage;
  readonly client: StatisticsClient;
  /** Every request that the transport received. */
  readonly sent: TransportRequest[];
  readonly signals: AbortSignal[];
}

function start(options: Partial<StatisticsClientOptions> = {}): Rig {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const page = createFakePage();
  const sent: TransportRequest[] = [];
  const signals: AbortSignal[] = [];
  const client = createClientOn(
    clock,
    {
      baseUrl: 'https://host/statistics/v3',
      batch: { size: 1 },
      transport(request, signal) {
        sent.push(request);
        signals.push(signal);
        return server.transport(request, signal);
      },
      ...options,
    },
    createPageLifecycle(page),
  );
  return { clock, server, page, client, sent, signals };
}

const times = ({ requests }: MemoryServer, method: string): number[] => requests.filter((request) => request.method === method).map(({ at }) => at);

describe('F72: a page that is hidden or offline', () => {
  it('is polled every hiddenInterval, even if values change', async () => {
    const { clock, server, page, client } = start();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    page.hide();
    for (let minute = 0; minute < 3; minute++) {
      server.value++;
      await clock.advance(30_000);
    }
    const polls = times(server, 'GET');
    expect(polls.slice(1).map((at, index) => at - (polls[index] ?? 0))).toEqual([30_000, 30_000]);
  });

  it('F250: opens what a task asks for together, without a timer, which browsers delay by up to a minute', async () => {
    const { clock, server, page, client } = start({ batch: { size: 10 } });
    page.hide();
    record(client.statistic$('Total_Answered', sales));
    record(client.statistic$('Total_Answered', support));
    await settle();
    expect(times(server, 'POST')).toEqual([0]);
    expect(clock.monotonic()).toBe(0);
  });

  it('F250: opens together what the promises of one task ask for, turn by turn', async () => {
    const { clock, server, page, client } = start({ batch: { size: 100 } });
    page.hide();
    for (let place = 0; place < 20; place++) {
      record(client.statistic$('Total_Answered', { objectId: `Queue${place}@SIP`, objectType: 'Queue' }));
      await Promise.resolve();
    }
    await settle();
    await settle();
    expect(times(server, 'POST')).toEqual([0]);
    expect(clock.monotonic()).toBe(0);
  });

  it('F250: opens nothing for an observer that leaves within the same task', async () => {
    const { server, page, client } = start();
    page.hide();
    client.statistic$('Total_Answered', sales).subscribe().unsubscribe();
    await settle();
    expect(server.requests).toEqual([]);
  });

  it('catches up with one poll per upstream when it is shown, and goes on at the usual interval', async () => {
    const { clock, server, page, client } = start();
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await clock.advance(100_000);
    page.hide();
    server.value = 1;
    await clock.advance(20_000);
    const before = server.count('GET');
    page.show();
    await settle();
    expect(server.count('GET') - before).toBe(2);
    expect(one.values).toEqual([0, 1]);
    await clock.advance(4999);
    expect(server.count('GET') - before).toBe(2);
    await clock.advance(1);
    expect(server.count('GET') - before).toBe(4);
  });

  it('is not polled more often than a visible page, however often it is hidden and shown', async () => {
    const { clock, server, page, client } = start();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    for (let times = 0; times < 300; times++) {
      page.hide();
      page.show();
      await clock.advance(100);
    }
    expect(server.count('GET')).toBeLessThanOrEqual(6);
  });

  it('reports its values as stale after a long freeze, then catches up', async () => {
    const { clock, server, page, client } = start({ poll: { staleAfter: 40_000 } });
    const states = record(client.statisticState$('Total_Answered', sales));
    await clock.advance(10);
    page.hide();
    server.fault = () => new Promise(() => undefined);
    await clock.advance(600_000);
    expect(states.values.at(-1)?.status).toBe('stale');
    server.fault = undefined;
    page.show();
    await settle();
    await clock.advance(10_000);
    expect(states.values.at(-1)?.status).toBe('live');
    expect(server.count('POST')).toBe(1);
  });

  it('ends its backoff when it is online again', async () => {
    const { clock, server, page, client } = start();
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    clock.chance = 1;
    await clock.advance(10);
    server.fault = () => Promise.reject(new Error('offline'));
    page.goOffline();
    await clock.advance(600_000);
    server.fault = undefined;
    server.value = 1;
    const before = server.count('GET');
    page.goOnline();
    await settle();
    expect(server.count('GET') - before).toBe(1);
    expect(one.values).toEqual([0, 1]);
  });

  it('F160: is polled as usual while its platform reports offline, as long as the server answers', async () => {
    const { clock, server, page, client } = start();
    page.goOffline();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    for (let poll = 0; poll < 23; poll++) {
      server.value++;
      await clock.advance(5000);
    }
    expect(server.count('GET')).toBeGreaterThanOrEqual(22);
  });

  it('F160: is polled every hiddenInterval once a request fails and its platform reports offline, until a request is answered', async () => {
    const options = { poll: { interval: 5000, maxInterval: 5000, hiddenInterval: 60_000 } };
    const { clock, server, page, client } = start(options);
    record(client.statistic$('Total_Answered', sales));
    record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await clock.advance(30_000);
    const [sick, well] = server.opened;
    const asked = (id: string | undefined): number => server.requests.filter(({ method, path }) => method === 'GET' && path.includes(id ?? '-')).length;
    page.goOffline();
    // Backoffs are long, so that there is no third failure, which would open the circuit breaker.
    clock.chance = 1;
    server.fault = ({ url }) => (url.includes(sick ?? '-') ? Promise.reject(new Error('offline')) : undefined);
    const before = asked(well);
    await clock.advance(5000);
    expect(asked(sick)).toBeGreaterThan(0);
    const meanwhile = asked(well);
    expect(meanwhile - before).toBeLessThanOrEqual(1);
    server.fault = undefined;
    await clock.advance(11_000);
    expect(asked(well) - meanwhile, 'an answer to the other ends it').toBeGreaterThanOrEqual(1);
  });

  it('waits for a Retry-After even when it is shown', async () => {
    const { clock, server, page, client } = start();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    server.fault = () => reply(503, '', { 'retry-after': '20' });
    await clock.advance(6000);
    expect(server.count('GET')).toBe(1);
    page.hide();
    page.show();
    await clock.advance(13_000);
    expect(server.count('GET')).toBe(1);
  });
});

describe('F83: a page that is left', () => {
  it('deletes everything once during the event, with keepalive, and opens nothing', async () => {
    const { clock, server, page, client, sent } = start();
    record(client.statistic$('Total_Answered', sales));
    record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await clock.advance(10);
    page.leave();
    // Only promises are resolved here, because no timer runs in a page that is left.
    await Promise.resolve().then(settle);
    expect(new Set(server.deleted)).toEqual(new Set(server.opened));
    expect(sent.filter(({ method }) => method === 'DELETE').map(({ keepalive }) => keepalive)).toEqual([true, true]);
    const before = sent.length;
    await clock.advance(600_000);
    expect(sent.length).toBe(before);
  });

  it('deletes upstreams that linger or wait in a backoff as well', async () => {
    const { clock, server, page, client } = start();
    const one = record(client.statistic$('Total_Answered', sales));
    record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await clock.advance(10);
    server.fault = ({ method }) => (method === 'DELETE' ? undefined : reply(503));
    await clock.advance(6000);
    one.unsubscribe();
    page.leave();
    await settle();
    expect(new Set(server.deleted)).toEqual(new Set(server.opened));
    expect(server.deleted).toHaveLength(2);
  });

  it('aborts a poll in flight, which would keep it out of the back-forward cache', async () => {
    const { clock, server, page, client, signals } = start();
    server.fault = ({ method }) => (method === 'GET' ? 'silent' : undefined);
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(6000);
    expect([server.count('GET'), signals.at(-1)?.aborted]).toEqual([1, false]);
    page.leave();
    await settle();
    expect(signals[1]?.aborted).toBe(true);
    expect(server.deleted).toEqual(server.opened);
  });

  it('deletes the operationId of a POST in flight, and deletes it again after the answer, since the DELETE may have overtaken the POST', async () => {
    const { clock, server, page, client } = start();
    let answer: (() => void) | undefined;
    let operationId = '';
    server.fault = (request) => {
      if (request.method !== 'POST' || answer !== undefined) {
        return undefined;
      }
      operationId = (JSON.parse(request.body ?? '') as { operationId: string }).operationId;
      return new Promise((resolve) => {
        answer = () => resolve(reply(200, { data: { subscriptionId: 'named-by-the-server', statistics: [] } }));
      });
    };
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await clock.advance(10);
    page.leave();
    await settle();
    expect(server.deleted).toEqual([operationId]);
    page.restore();
    await settle();
    answer?.();
    await settle();
    expect(server.deleted).toEqual([operationId, 'named-by-the-server']);
    expect(server.count('POST')).toBe(2);
    expect(one.values).toEqual([0]);
  });

  it('deletes the operationId of a POST in flight, also if its observers have left before', async () => {
    const { clock, server, page, client } = start({ sharing: { linger: 0 } });
    server.fault = ({ method }) => (method === 'POST' ? 'silent' : undefined);
    const one = record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    one.unsubscribe();
    page.leave();
    await settle();
    expect(server.deleted).toEqual(server.opened);
  });

  it('reports no answer to an opening that nobody waits for any more', async () => {
    let answer = (_: TransportResponse): void => undefined;
    const { clock, page, client } = start({
      sharing: { linger: 0 },
      transport: ({ method }) => (method === 'POST' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(reply(200))),
    });
    const events = [eventsOf(client, 'rejected'), eventsOf(client, 'retrying')];
    const one = record(client.subscription$([{ name: 'Total_Answered', ...sales }]));
    await clock.advance(10);
    one.unsubscribe();
    page.leave();
    answer({ status: 400, headers: {}, body: '{"status":{"code":5,"message":"no such statistic"}}' });
    await clock.advance(60_000);
    expect(events).toEqual([[], []]);
  });

  it('sends every DELETE at once, also one that waits for its delay or for another attempt', async () => {
    const { clock, server, page, client } = start({ sharing: { linger: 0 }, request: { timeout: 100 } });
    clock.chance = 1;
    let posts = 0;
    server.fault = ({ method }) => (method === 'POST' && posts++ === 0 ? 'silent' : method === 'DELETE' ? reply(503) : undefined);
    const one = record(client.statistic$('Total_Answered', sales));
    await clock.advance(150);
    expect([server.count('POST'), server.count('DELETE')]).toEqual([1, 0]);
    page.leave();
    await settle();
    expect(server.count('DELETE')).toBe(1);
    server.fault = undefined;
    page.leave();
    await settle();
    expect(server.deleted).toEqual(server.opened);
    one.unsubscribe();
  });

  it('sends every DELETE at once, also one that backs off or waits in the queue, even if sixteen others hang', async () => {
    const { clock, server, page, client } = start({ sharing: { maxIdle: 50, linger: 1 }, request: { timeout: 60_000 } });
    const all = Array.from({ length: 40 }, (_, index) => record(client.subscription$([{ name: `statistic ${index}`, ...sales }])));
    await clock.advance(10);
    // The first four DELETEs fail and back off. The following ones hang, and use up the limit.
    let deletes = 0;
    server.fault = ({ method }) => (method !== 'DELETE' ? undefined : deletes++ < 4 ? reply(503) : 'silent');
    clock.chance = 1;
    all.forEach(({ unsubscribe }) => unsubscribe());
    await clock.advance(2);
    expect(new Set(server.deleted).size).toBeLessThan(server.opened.length);
    page.leave();
    await settle();
    expect(new Set(server.deleted)).toEqual(new Set(server.opened));
  });

  it('opens anew at once when it is restored; observers see no error and no repeated value', async () => {
    const { clock, server, page, client } = start();
    const reopened = eventsOf(client, 'reopened');
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await clock.advance(6000);
    const [first, second] = server.opened;
    page.leave();
    await clock.advance(3_600_000);
    page.restore();
    await settle();
    expect(server.count('POST')).toBe(4);
    expect(new Set(reopened.map(({ previousId }) => previousId))).toEqual(new Set([first, second]));
    expect([one.values, set.values.length, one.error, set.error]).toEqual([[0], 1, undefined, undefined]);
    server.value = 1;
    await clock.advance(6000);
    expect([one.values, set.values.length]).toEqual([[0, 1], 2]);
    page.leave();
    await settle();
    // The event comes twice, because a program may dispatch it itself.
    page.leave();
    page.restore();
    await settle();
    expect(server.count('POST')).toBe(6);
    await client.close();
    expect(new Set(server.deleted)).toEqual(new Set(server.opened));
    expect(server.deleted).toHaveLength(6);
  });

  it('opens anew when it is restored, even if it is not visible yet', async () => {
    const { clock, server, page, client } = start();
    record(client.statistic$('Total_Answered', sales));
    record(client.subscription$([{ name: 'Total_Answered', ...support }]));
    await clock.advance(10);
    server.fault = ({ method, url }) => (method === 'GET' && url.includes(server.opened[1] ?? '') ? reply(429) : undefined);
    await clock.advance(6000);
    page.leave();
    await settle();
    page.dispatchEvent(new Event('pageshow'));
    await settle();
    expect(server.count('POST')).toBe(4);
  });

  it('opens nothing if the client is closed while it is away', async () => {
    const { clock, server, page, client } = start();
    record(client.statistic$('Total_Answered', sales));
    server.fault = () => reply(503);
    await clock.advance(50);
    page.leave();
    await settle();
    const posts = server.count('POST');
    await client.close();
    page.restore();
    await clock.advance(60_000);
    expect(server.count('POST')).toBe(posts);
    expect(page.listeners).toBe(0);
  });

  it('G8: keeps the value of a statistic that the new subscription lacks', async () => {
    const { clock, server, page, client } = start({ poll: { maxInterval: 5000 }, batch: { size: 2 } });
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    const two = record(client.statistic$('Total_Answered', support).pipe(numeric()));
    await clock.advance(10);
    page.leave();
    let ids: string[] = [];
    server.fault = ({ method, body }) => {
      if (method === 'POST') {
        ids = (JSON.parse(body ?? '') as { data: { statistics: { statisticId: string }[] } }).data.statistics.map(({ statisticId }) => statisticId);
      }
      return method === 'DELETE' ? undefined : reply(200, { data: { subscriptionId: 'again', statistics: [{ statisticId: ids[0], timestamp: 0, value: { intValue: 1 } }] } });
    };
    page.restore();
    await clock.advance(30_000);
    expect([one.values, two.values, two.error]).toEqual([[0, 1], [0], undefined]);
  });

  it('opens when it is restored, if it was left during an outage', async () => {
    const { clock, server, page, client } = start();
    clock.chance = 1;
    server.fault = () => Promise.reject(new Error('down'));
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await clock.advance(20_000);
    page.leave();
    await clock.advance(600_000);
    const before = server.count('POST');
    server.fault = undefined;
    page.restore();
    await settle();
    expect(server.count('POST')).toBe(before + 1);
    expect(one.values).toEqual([0]);
  });

  it('I4: leaves no listener and no timer once the client is closed, even while it is away', async () => {
    const { clock, server, page, client } = start();
    record(client.statistic$('Total_Answered', sales));
    await clock.advance(10);
    expect(page.listeners).toBeGreaterThan(0);
    page.leave();
    await settle();
    await client.close();
    expect(page.listeners).toBe(0);
    expect(clock.pending).toEqual([]);
    expect(server.deleted).toEqual(server.opened);
  });
});
