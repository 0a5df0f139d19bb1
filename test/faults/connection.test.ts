/** F02 to F07, F13, F14, F21, F110: connections that cannot be made, must not be made, hang, or are closed. */
import crossFetch from 'cross-fetch';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { connect, type AddressInfo, type LookupFunction, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchTransport, numeric, type StatisticsClientOptions } from '../../src/index.js';
import { selfSigned } from '../support/certificate.js';
import { eventsOf, record, sales, startClient, support, until } from '../support/journey.js';
import { allDeleted, errorsOf, survives, reads, startLive } from '../support/ordeal.js';
import { hang, lose, reset, startScriptedServer, take } from '../support/scripted-server.js';

/** A transport with an agent, whose DNS lookup the test controls: it returns an address or fails. */
function lookingUp(addressOf: () => string | undefined): Partial<StatisticsClientOptions> {
  const lookup: LookupFunction = (name, { all }, found) => {
    const address = addressOf();
    if (address === undefined) {
      found(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '', 4);
    } else if (all === true) {
      found(null, [{ address, family: 4 }]);
    } else {
      found(null, address, 4);
    }
  };
  const agent = new Agent({ keepAlive: true, lookup });
  onTestFinished(() => agent.destroy());
  return { allowInsecure: true, transport: fetchTransport(crossFetch, { agent }) };
}

describe('names', () => {
  it('F02: one that cannot be resolved is tried again with backoff; nothing was opened, so nothing is deleted', async () => {
    const server = await startScriptedServer();
    let lookups = 0;
    let known = false;
    const client = startClient(`http://statistics.invalid:${server.port}/statistics/v3`, lookingUp(() => {
      lookups++;
      return known ? '127.0.0.1' : undefined;
    }));
    const health = record(client.health$);
    const retrying = eventsOf(client, 'retrying');
    const one = record(client.statistic$('Total_Answered', sales));
    await until('five attempts', () => lookups >= 5);
    expect(errorsOf(health).every((error) => /^POST \/subscriptions got no answer: ENOTFOUND statistics\.invalid$/.test(error.message) && 'kind' in error && error.kind === 'refused')).toBe(true);
    expect(retrying.every(({ operation, delay }) => operation === 'open' && delay >= 1)).toBe(true);
    known = true;
    await until('a value', () => one.values.length === 1);
    expect(one.error).toBeUndefined();
    expect(server.of('open')).toHaveLength(1);
    expect(server.of('close')).toEqual([]);
  });

  it('F03: one with a new address is used with the next connection; the subscription is opened there', async () => {
    const before = await startScriptedServer();
    const after = await startScriptedServer({ host: '127.0.0.2', port: before.port });
    let address = '127.0.0.1';
    const client = startClient(`http://statistics.invalid:${before.port}/statistics/v3`, lookingUp(() => address));
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await until('polls on one connection', () => before.of('read').length > 2);
    expect(before.sockets.all).toBe(1);
    address = '127.0.0.2';
    after.node.values['Total_Answered'] = 7;
    // The keep-alive time of the socket ends, as it does for every socket at some time.
    before.script = take('read', ({ send, serve, socket }) => (send(serve()), socket.end()));
    await until('the value of the other', () => one.values.length === 2);
    expect(one.values).toEqual([0, 7]);
    expect(after.of('open')).toHaveLength(1);
    expect(before.sockets.all).toBe(1);
  });
});

describe('F04: a server that cannot prove its identity receives nothing', () => {
  const good = selfSigned();
  const trusting = (ca: string): Partial<StatisticsClientOptions> => {
    const agent = new TlsAgent({ ca });
    onTestFinished(() => agent.destroy());
    return { transport: fetchTransport(crossFetch, { agent }) };
  };
  const expired = selfSigned({ days: -1 });
  const misnamed = selfSigned({ name: 'other.example' });

  it.each<[string, { key: string; cert: string }, (() => Partial<StatisticsClientOptions>) | undefined, RegExp]>([
    ['a certificate signed by itself', good, undefined, /self-signed certificate.* \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/],
    ['one that has expired', expired, () => trusting(expired.cert), /certificate has expired \(CERT_HAS_EXPIRED\)$/],
    ['one for another name', misnamed, () => trusting(misnamed.cert), /does not match certificate's altnames.*\(ERR_TLS_CERT_ALTNAME_INVALID\)$/],
  ])('%s: reported clearly, nothing sent, not tried again soon', async (_, certificate, options, reports) => {
    const server = await startScriptedServer({ tls: certificate });
    const retry = { minTimeout: 10, maxTimeout: 600_000 };
    const client = startClient(server.url, { apiKey: 'canary-4711', retry, ...options?.() });
    const health = record(client.health$);
    const retrying = eventsOf(client, 'retrying');
    const orphaned = eventsOf(client, 'orphaned');
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it is reported', () => retrying.length === 1);
    client.refresh();
    await until('it is tried again on request', () => retrying.length === 2);
    expect(health.values.at(-1)).toMatchObject({ status: 'degraded', lastError: { kind: 'untrusted', message: expect.stringMatching(reports) as string } });
    expect(retrying.map(({ operation, delay }) => [operation, delay])).toEqual([['open', 600_000], ['open', 600_000]]);
    expect(server.requests).toEqual([]);
    one.unsubscribe();
    await client.close();
    expect(server.sockets.all).toBeLessThanOrEqual(2);
    expect(orphaned).toEqual([]);
  });

  it('a server whose CA is set in an agent is trusted', async () => {
    const server = await startScriptedServer({ tls: good });
    const { one, client } = await startLive(trusting(good.cert), server);
    expect(one.values).toEqual([1]);
    await client.close();
    expect(server.node.deleted).toEqual(server.node.opened);
  });

  it.each<[string, () => Partial<StatisticsClientOptions>]>([
    ['fetch', () => ({})],
    ['cross-fetch', () => ({ transport: fetchTransport(crossFetch) })],
  ])('F110: https to a port that speaks http, by %s', async (_, options) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const client = startClient(`https://127.0.0.1:${(server.address() as AddressInfo).port}/statistics/v3`, options());
    const health = record(client.health$);
    record(client.statistic$('Total_Answered', sales));
    await until('it is reported', () => errorsOf(health).length > 0);
    expect(errorsOf(health)[0]).toMatchObject({ kind: 'untrusted' });
  });
});

describe('connections that hang', () => {
  const quickly = { request: { timeout: 80 } };

  // Each lost opening has its DELETE, which is tried four times. Node's fetch keeps a pending connection for ten seconds,
  // even if the request was aborted.
  it.each<[string, Partial<StatisticsClientOptions>, number]>([
    ['fetch', {}, Number.POSITIVE_INFINITY],
    ['cross-fetch', { transport: fetchTransport(crossFetch) }, 6],
  ])('F05: a TLS handshake without an answer ends at the deadline, by %s', async (_, options, most) => {
    const server = await startScriptedServer();
    const client = startClient(server.url.replace('http:', 'https:'), { ...quickly, ...options });
    const health = record(client.health$);
    const retrying = eventsOf(client, 'retrying');
    const one = record(client.statistic$('Total_Answered', sales));
    await until('four attempts', () => retrying.filter(({ operation }) => operation === 'open').length >= 4);
    errorsOf(health).forEach((error) => expect(error).toMatchObject({ kind: 'timeout', message: expect.stringMatching(/timed out after 80 ms/) as string }));
    expect(one.error).toBeUndefined();
    expect(server.sockets.all).toBeGreaterThan(0);
    expect(server.sockets.all).toBeLessThanOrEqual(3 * retrying.length);
    expect(server.sockets.most).toBeLessThanOrEqual(most);
    await client.close();
  });

  it('F06: a connection that is never accepted ends at request.timeout, not when the system gives up', async () => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const server = require('node:net').createServer((socket) => socket.destroy());
       server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
         parentPort.postMessage(server.address().port);
         Atomics.wait(workerData, 0, 0);
       });`,
      { eval: true, workerData: gate },
    );
    onTestFinished(() => worker.terminate().then(() => undefined));
    const [port] = (await once(worker, 'message')) as [number];
    // The server accepts no connection, and its backlog is soon full.
    const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    onTestFinished(() => waiting.forEach((socket) => socket.destroy()));
    await until('some are in the backlog', () => waiting.filter(({ connecting }) => !connecting).length > 1);
    const client = startClient(`http://127.0.0.1:${port}/statistics/v3`, quickly);
    const retrying = eventsOf(client, 'retrying');
    record(client.statistic$('Total_Answered', sales));
    await until('three attempts', () => retrying.filter(({ operation }) => operation === 'open').length >= 3);
    expect(waiting.some(({ connecting }) => connecting)).toBe(true);
    retrying.forEach(({ error }) => expect(error).toMatchObject({ kind: 'timeout' }));
    await client.close();
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  });

  it('F13: upstreams without answers occupy one socket each, and no more', async () => {
    const { server, client } = await startLive({ request: { timeout: 500 }, batch: { size: 1 } });
    const others = [support, { objectId: 'Third@SIP', objectType: 'Queue' }].map((object) => record(client.subscription$([{ name: 'Total_Answered', ...object }])));
    await until('all have a value', () => others.every(({ values }) => values.length === 1));
    const opens = server.of('open').length;
    server.script = take('read', hang);
    await reads(server, 6);
    expect(server.sockets.most).toBeLessThanOrEqual(3 + 1);
    server.script = undefined;
    await client.close();
    expect(new Set(server.node.deleted)).toEqual(new Set(server.node.opened));
    expect(server.of('open')).toHaveLength(opens);
  });
});

describe('F14: a socket that was kept alive is closed just as it is used again', () => {
  it('costs a poll one more attempt, after the backoff of a first failure, and nothing else', async () => {
    const { server, client, one } = await startLive();
    const retrying = eventsOf(client, 'retrying');
    server.script = take('read', ({ request, socket }) => {
      expect(request.place).toBeGreaterThan(1);
      socket.destroy();
    }, 1);
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
    expect(retrying).toHaveLength(1);
    expect(retrying[0]).toMatchObject({ operation: 'poll', attempt: 1, error: { kind: 'failed' } });
    expect(retrying[0]?.delay).toBeLessThanOrEqual(10);
    expect(server.of('open')).toHaveLength(1);
  });

  it('F47: leaves open whether an opening arrived: its id is deleted, and another one is opened', async () => {
    for (const fault of [reset, lose]) {
      const { server, client } = await startLive();
      server.script = take('open', fault, 1);
      const set = record(client.subscription$([{ name: 'Total_Answered', ...support }]));
      await until('it has a value', () => set.values.length === 1);
      const [, lost, opened] = server.of('open').map(({ body }) => (JSON.parse(body) as { operationId: string }).operationId);
      expect(lost).not.toBe(opened);
      await until('the lost one is deleted', () => server.node.deleted.includes(lost ?? ''));
      await client.close();
      await allDeleted(server);
    }
  });
});

describe('F21: a proxy on the way', () => {
  /** Runs a program with the proxy set in its environment. Resolves the lines that it logs. */
  async function runBehind(proxy: string, program: string): Promise<string[]> {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: new URL('../..', import.meta.url),
      env: { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, NO_PROXY: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await once(child, 'close');
    return output.trim().split('\n');
  }

  const program = (then: string): string => `
    import { createStatisticsClient } from 'genesys-statistics-rx';
    const client = createStatisticsClient({ baseUrl: 'http://statistics.invalid/statistics/v3', allowInsecure: true, retry: { minTimeout: 5, maxTimeout: 20 }, poll: { interval: 20, maxInterval: 20 } });
    ${then}`;

  it('that cuts idle tunnels costs one new tunnel and nothing else', async () => {
    const server = await startScriptedServer();
    const proxy = await startScriptedServer();
    const tunnels: Socket[] = [];
    proxy.script = () => ({ socket }) => {
      const tunnel = connect(server.port, '127.0.0.1');
      tunnels.push(tunnel.on('close', () => socket.destroy()));
      socket.removeAllListeners('data');
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(tunnel).pipe(socket);
    };
    // All tunnels are cut right after the answer to the second poll.
    server.script = ({ operation }) =>
      operation === 'read' && server.of('read').length === 2
        ? ({ send, serve }) => {
            send(serve());
            server.node.values['Total_Answered'] = 2;
            setTimeout(() => tunnels.forEach((tunnel) => tunnel.destroy()), 5);
          }
        : undefined;
    const output = await runBehind(`http://127.0.0.1:${proxy.port}`, program(`
      client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe(({ value }) => {
        console.log(value.intValue);
        if (value.intValue === 2) client.close();
      });`));
    expect(output).toEqual(['0', '2']);
    expect(tunnels.length).toBeGreaterThan(1);
    expect(server.of('open')).toHaveLength(1);
    expect(server.node.deleted).toEqual(server.node.opened);
  });

  it('that answers itself instead of tunnelling is named in the error', async () => {
    const fault = { status: 407, headers: { 'proxy-authenticate': 'Basic realm="canteen"' } };
    await survives(fault, { reports: /answered 407 by a proxy$/ }, { transport: fetchTransport(crossFetch) });
    // The platform's own fetch does not show the proxy's answer.
    await survives(fault, { reports: /got no answer/, kind: 'failed' });
  });

  it('that asks for credentials is named in the error; nothing is rejected or deleted because of it', async () => {
    const proxy = await startScriptedServer();
    proxy.script = () => ({ status: 407, headers: { 'proxy-authenticate': 'Basic realm="canteen"' } });
    const output = await runBehind(`http://127.0.0.1:${proxy.port}`, program(`
      let [errors, last] = [0];
      client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe({ error: (error) => console.log('refused', error.message) });
      client.health$.subscribe(({ lastError }) => {
        if (!lastError || lastError === last) return;
        last = lastError;
        if (++errors <= 3) console.log(lastError.kind, lastError.message);
        if (errors === 3) client.close();
      });`));
    expect(output).toEqual(Array.from({ length: 3 }, () => 'refused POST /subscriptions got no answer: Proxy response (407) !== 200 when HTTP Tunneling (UND_ERR_ABORTED)'));
    expect(proxy.requests.every(({ method, target }) => method === 'CONNECT' && target === 'statistics.invalid:80')).toBe(true);
    expect(proxy.requests).toHaveLength(3);
  });
});
