/** F52 to F55, F105, F111, F112, F115, F116: nodes behind a balancer, cookies, caches, and old or odd gateways. */
import { describe, expect, it } from 'vitest';
import { numeric } from '../../src/index.js';
import { eventsOf, record, sales, startClient, until } from '../support/journey.js';
import { errorsOf, survives, poison, reads, seldom, startLive } from '../support/ordeal.js';
import {
  altered,
  createNode,
  render,
  startScriptedServer,
  take,
  type Action,
  type Reply,
  type Script,
  type ScriptedRequest,
  type ScriptedServer,
  type ServerNode,
} from '../support/scripted-server.js';

/** Two nodes, each with its own state, and a balancer that sends requests without a cookie to the nodes in turn. */
async function startPair(): Promise<{ server: ScriptedServer; nodes: [ServerNode, ServerNode]; out: Set<number>; cookie: (node: number) => string }> {
  const nodes: [ServerNode, ServerNode] = [createNode(), createNode()];
  const server = await startScriptedServer();
  const out = new Set<number>();
  const pair = { server, nodes, out, cookie: (node: number) => `node=${node}; Path=/; HttpOnly` };
  let next = 0;
  server.script = (request) => {
    const stuck = Number(/\bnode=([01])/.exec(request.headers.cookie ?? '')?.[1] ?? Number.NaN);
    const node = Number.isNaN(stuck) || out.has(stuck) ? (out.has(next) ? 1 - next : next) : stuck;
    next = 1 - node;
    const reply = nodes[node === 0 ? 0 : 1].serve(request);
    return node === stuck ? reply : { ...reply, headers: { 'set-cookie': pair.cookie(node) } };
  };
  return pair;
}

const isOn = (nodes: readonly ServerNode[], node: number): boolean => (nodes[node]?.open.size ?? 0) > 0;

describe('F52: two nodes behind a balancer', () => {
  it('the client sends the balancer cookie with every request, so that all reach the node that knows the subscription', async () => {
    const { server, nodes } = await startPair();
    const { client } = await startLive({}, server);
    await reads(server, 10);
    await client.close();
    expect(server.requests.slice(1).every(({ headers }) => headers.cookie === 'node=0')).toBe(true);
    expect(nodes.map(({ opened, deleted }) => [opened.length, deleted.length])).toEqual([[1, 1], [0, 0]]);
  });

  it('if a node is removed, the other one does not know the subscription, which is opened there once', async () => {
    const { server, nodes, out } = await startPair();
    const { client, one, health } = await startLive({}, server);
    nodes[0].values['Total_Answered'] = nodes[1].values['Total_Answered'] = 2;
    await until('the change', () => one.values.at(-1) === 2);
    nodes[1].values['Total_Answered'] = 3;
    out.add(0);
    await until('the value of the other', () => one.values.at(-1) === 3);
    await reads(server, 5);
    expect(server.requests.slice(-4).every(({ headers }) => headers.cookie === 'node=1')).toBe(true);
    expect(nodes.map(({ opened }) => opened.length)).toEqual([1, 1]);
    expect(errorsOf(health).filter(({ message }) => !message.includes('404'))).toEqual([]);
    await client.close();
    expect(isOn(nodes, 1)).toBe(false);
  });

  it.each([
    ['expires', 'node=; Path=/; Max-Age=0'],
    ['is rotated', 'node=1; Path=/; HttpOnly'],
  ])('the cookie %s: one more opening, on the node that the balancer selects', async (_, setCookie) => {
    const { server, nodes } = await startPair();
    const { one } = await startLive({}, server);
    const balance = server.script as Script;
    let over = false;
    server.script = (request) => {
      const action = balance(request) as Reply;
      if (over || request.operation !== 'read') {
        return action;
      }
      over = true;
      return { ...action, headers: { 'set-cookie': setCookie } };
    };
    nodes[1].values['Total_Answered'] = 7;
    await until('the value of the other', () => one.values.at(-1) === 7);
    await reads(server, 5);
    expect(nodes.map(({ opened }) => opened.length)).toEqual([1, 1]);
  });

  it('without cookies each poll reaches the wrong node: openings give values, less and less often, and health$ reports it', async () => {
    const nodes = [createNode(), createNode()] as const;
    const server = await startScriptedServer();
    server.script = (request) => nodes[request.operation === 'open' ? 0 : 1].serve(request);
    const client = startClient(server.url);
    const retrying = eventsOf(client, 'retrying');
    const health = record(client.health$);
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await until('six openings', () => server.of('open').length >= 6);
    const backoffs = retrying.filter(({ operation }) => operation === 'open');
    expect(backoffs.slice(0, 4).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(backoffs.every(({ delay }) => delay >= 1)).toBe(true);
    expect(health.values.some(({ status }) => status === 'degraded')).toBe(true);
    nodes.forEach((node) => (node.values['Total_Answered'] = 4));
    await until('the change', () => one.values.at(-1) === 4);
    expect(one.error).toBeUndefined();
  });
});

describe('F53: cookies of a hostile answer', () => {
  const cookiesOf = ({ headers }: ScriptedRequest): string[] => (headers.cookie ?? '').split('; ').filter((each) => each !== '');
  const setting = (cookies: readonly string[]): Action => altered((reply) => ({ ...reply, headers: { 'set-cookie': cookies } }));

  it('foreign and huge ones are not stored; strange names are allowed; the header stays small', async () => {
    const { server, one } = await startLive();
    server.script = take('read', setting([
      'stolen=1; Domain=other.example', 'top=1; Domain=com', 'ip=1; Domain=0.0.1', `huge=${'x'.repeat(5000)}`,
      '__proto__=polluted; Path=/', 'constructor=2; Path=/', 'kept=3; Path=/', '=nameless', ';;;',
    ]), 1);
    await reads(server, 2);
    expect(cookiesOf(server.requests.at(-1) as ScriptedRequest).sort()).toEqual(['__proto__=polluted', 'constructor=2', 'kept=3']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
  });

  it('hundreds of them are not all sent', async () => {
    const { server } = await startLive();
    let round = 0;
    server.script = take('read', ({ send, serve }) => {
      round++;
      send({ ...serve(), headers: { 'set-cookie': Array.from({ length: 300 }, (_, index) => `r${round}c${index}=1; Path=/`) } });
    });
    await reads(server, 10);
    expect(Math.max(...server.requests.map((request) => cookiesOf(request).length))).toBeLessThanOrEqual(64);
  });

  it('a thousand exceed the limit of response headers, so there is no answer at all', async () => {
    const fault = setting(Array.from({ length: 1000 }, (_, index) => `c${index}=1; Path=/; HttpOnly`));
    await survives(fault, { reports: /got no answer/, kind: 'unreadable' });
  });

  it('F105: many small ones together never make a header that a server refuses', async () => {
    const server = await startScriptedServer();
    let set = 0;
    // Most servers accept 8 KB for one header. A larger one gets a 400, for this request and every other.
    server.script = ({ headers }) =>
      (headers.cookie ?? '').length > 8190
        ? { status: 431, body: 'Request Header Fields Too Large' }
        : altered((reply) => ({ ...reply, headers: { 'set-cookie': `c${++set}=${'x'.repeat(3000)}; Path=/` } }));
    const { one, health } = await startLive({}, server);
    await reads(server, 12);
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
    expect([one.error, errorsOf(health)]).toEqual([undefined, []]);
    expect(Math.max(...server.requests.map(({ headers }) => (headers.cookie ?? '').length))).toBeGreaterThan(3000);
    expect(server.of('open')).toHaveLength(1);
  });
});

describe('F55: caches on the way', () => {
  const poll = { interval: 5, maxInterval: 5, staleAfter: 1200 };

  it('receive requests that forbid a cached answer', async () => {
    const { server } = await startLive();
    expect(server.requests.every(({ headers }) => headers['cache-control'] === 'no-cache')).toBe(true);
  });

  it('an answer older than staleAfter is ignored: its value is not emitted, the last one becomes stale, health$ reports the reason', async () => {
    const { server, client, one, health } = await startLive({ poll });
    const states = record(client.statisticState$('Total_Answered', sales));
    server.node.values['Total_Answered'] = poison;
    const old = (serve: () => Reply): Reply => ({ ...serve(), headers: { age: '2', 'x-cache': 'HIT' } });
    server.script = take('read', ({ send, serve }) => send(old(serve)));
    await until('it is stale', () => states.values.at(-1)?.status === 'stale');
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { message: expect.stringMatching(/was answered by a cache, with what is 2 s old$/) as string } });
    expect(states.values.at(-1)).toMatchObject({ value: { value: { intValue: 1 } }, error: { kind: 'unreadable' } });
    expect(server.of('open')).toHaveLength(1);
    server.node.values['Total_Answered'] = 2;
    server.script = undefined;
    await until('it is live again', () => states.values.at(-1)?.status === 'live');
    expect(one.values).toEqual([1, 2]);
  });

  it.each(['0', '1', '-5', 'NaN', '1e9', '', '3, 4', '9'.repeat(30)])('an Age of %j does no harm', async (age) => {
    await survives(altered((reply) => ({ ...reply, headers: { age } })), { reports: undefined }, { poll });
  });

  it('F115: a 304 that was not requested is not used', async () => {
    await survives({ status: 304, headers: { 'content-length': [], etag: '"x"' } }, { reports: /answered 304$/ });
  });
});

describe('old gateways', () => {
  it('F111: one without content-length that ends every connection works, with at most one socket more than upstreams', async () => {
    const server = await startScriptedServer();
    server.script = () => ({ socket, serve }) => socket.end(`HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${String(serve().body)}`);
    const { one, health } = await startLive({}, server);
    await reads(server, 20);
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
    expect(errorsOf(health)).toEqual([]);
    expect(server.sockets.all).toBe(server.requests.length);
    expect(server.sockets.most).toBeLessThanOrEqual(2);
  });

  it.each<[string, (body: string) => Buffer, RegExp | undefined]>([
    ['a byte order mark before the text', (body) => Buffer.from(`\ufeff${body}`), undefined],
    ['UTF-16', (body) => Buffer.from(`\ufeff${body}`, 'utf16le'), /not UTF-8$/],
    ['Latin-1', (body) => Buffer.from(body.replace('Sales@SIP', 'Verk\u00e4ufe'), 'latin1'), /not UTF-8$/],
    ['a comment of a proxy before the text', (body) => Buffer.from(`<!-- scanned -->${body}`), /no usable JSON: <!-- scanned -->/],
  ])('F112: %s', async (_, encode, reports) => {
    await survives(altered((reply) => ({ ...reply, body: encode(String(reply.body)) })), { reports });
  });

  it('F116: an idle connection that ends with an unexpected 408 costs nothing', async () => {
    const farewell = render({ status: 408, headers: { connection: 'close' }, body: 'Request Timeout' });
    await survives(({ socket, send, serve }) => {
      send(serve());
      setTimeout(() => socket.end(farewell), 5);
    }, { reports: undefined }, seldom);
  });
});
