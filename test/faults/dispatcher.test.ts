/** The way through a proxy, and to a server with a private CA, in Node: `fetchTransport(fetch, { dispatcher })` with undici. */
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { Agent, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchTransport, numeric } from '../../src/index.js';
import { eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';
import { selfSigned } from '../support/certificate.js';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A tunnelling proxy, and the hosts that it was asked for. */
async function startProxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const proxy = createHttpServer();
  proxy.on('connect', ({ url = '' }, socket, head) => {
    asked.push(url);
    const upstream = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) {
      end.on('error', () => undefined);
    }
    onTestFinished(() => {
      socket.destroy();
      upstream.destroy();
    });
  });
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
}

/** The simulator behind TLS, with a certificate that no public authority has signed. */
async function startPrivate(simulatorUrl: string): Promise<{ url: string; ca: string }> {
  const { key, cert } = selfSigned();
  const { port: behind } = new URL(simulatorUrl);
  const server = createHttpsServer({ key, cert });
  server.on('secureConnection', (socket) => {
    const upstream = connect(Number(behind), '127.0.0.1');
    for (const end of [socket, upstream]) {
      end.on('error', () => undefined);
    }
    upstream.pipe(socket).pipe(upstream);
    onTestFinished(() => {
      socket.destroy();
      upstream.destroy();
    });
  });
  // The tunnel passes bytes on unchanged.
  server.removeAllListeners('request');
  return { url: `https://localhost:${await listen(server)}/statistics/v3`, ca: cert };
}

describe('F163: a dispatcher of undici', () => {
  it('leads through a proxy', async () => {
    const simulator = await startSimulator();
    const proxy = await startProxy();
    const dispatcher = new ProxyAgent(proxy.url);
    const client = startClient(simulator.url, { transport: fetchTransport(fetch, { dispatcher }) });
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await until('a value', () => one.values.length > 0);
    await client.close();
    await dispatcher.close();
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(simulator.url).host]));
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('makes a private CA trusted, which is not trusted without it', async () => {
    const simulator = await startSimulator();
    const { url, ca } = await startPrivate(simulator.url);
    const suspicious = startClient(url);
    const retrying = eventsOf(suspicious, 'retrying');
    record(suspicious.statistic$('Total_Answered', sales));
    await until('it is refused', () => retrying.length > 0);
    expect(retrying[0]?.error).toMatchObject({ kind: 'untrusted' });
    await suspicious.close();
    expect(simulator.ledger.requests).toEqual([]);

    const dispatcher = new Agent({ connect: { ca } });
    const client = startClient(url, { transport: fetchTransport(fetch, { dispatcher }) });
    const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
    await until('a value', () => one.values.length > 0);
    await client.close();
    await dispatcher.close();
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('type-checks, from any version of undici', () => {
    const all = [new Agent(), new EnvHttpProxyAgent({ httpProxy: 'http://127.0.0.1:9' })];
    expect(all.map((dispatcher) => typeof fetchTransport(fetch, { dispatcher }))).toEqual(['function', 'function']);
  });
});
