/**
 * Credentials go in the clear to this machine alone: every way to write a host that is, or only looks like, the loopback; and
 * what a server that cannot do TLS gets to see of a client that was told https:, which is nothing.
 */
import { describe, expect, it } from 'vitest';
import { createStatisticsClient, StatisticsOptionError } from '../../src/index.js';
import { readClientOptions } from '../../src/options.js';
import { canary, mark } from '../support/canary.js';
import { startHostileServer, startSilentPort } from '../support/hostile-server.js';
import { record, sales, startClient, until } from '../support/journey.js';

describe('http: to the loopback', () => {
  it.each([
    ['http://127.0.0.1/', 'http://127.0.0.1'],
    ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/x'],
    ['http://127.255.255.254', 'http://127.255.255.254'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://127.0.1', 'http://127.0.0.1'],
    ['http://0x7f000001', 'http://127.0.0.1'],
    ['http://0x7f.0.0.1', 'http://127.0.0.1'],
    ['http://2130706433', 'http://127.0.0.1'],
    ['http://017700000001', 'http://127.0.0.1'],
    ['http://0177.0.0.1', 'http://127.0.0.1'],
    ['http://127.0.0.1.', 'http://127.0.0.1'],
    ['http://１２７.0.0.1', 'http://127.0.0.1'],
    ['http://127。0。0。1', 'http://127.0.0.1'],
    ['http://%31%32%37.0.0.1', 'http://127.0.0.1'],
    ['http://localhost', 'http://localhost'],
    ['HTTP://LOCALHOST:3000', 'http://localhost:3000'],
    ['http://ｌocalhost', 'http://localhost'],
    ['http://app.localhost', 'http://app.localhost'],
    ['http://[::1]', 'http://[::1]'],
    ['http://[0:0:0:0:0:0:0:1]:80', 'http://[::1]'],
    ['http://[0000::0001]', 'http://[::1]'],
    // The host ends at the backslash: what follows is a path on this machine.
    ['http://127.0.0.1\\@evil.com', 'http://127.0.0.1/@evil.com'],
    ['http:127.0.0.1', 'http://127.0.0.1'],
    ['http:///127.0.0.1', 'http://127.0.0.1'],
    [' http://127.0.0.1 ', 'http://127.0.0.1'],
    ['ht\ntp://127.0.0.1', 'http://127.0.0.1'],
  ])('%j is %s', (given, read) => {
    expect(readClientOptions({ baseUrl: given }).baseUrl).toBe(read);
    expect(readClientOptions({ baseUrl: new URL(given) }).baseUrl).toBe(read);
  });
});

describe('F120: http: to a host that is not, or not for sure', () => {
  it.each([
    'http://localhost.evil.com', 'http://localhostevil.com', 'http://evil-localhost', 'http://xlocalhost', 'http://localhost.', 'http://localhost.localdomain', 'http://localhost%2eevil.com',
    'http://127.0.0.1.nip.io', 'http://127.0.0.1.evil.com', 'http://127.0.0.1evil.com', 'http://x127.0.0.1', 'http://1127.0.0.1.com', 'http://127.evil.com', 'http://127-0-0-1.evil.com',
    'http://128.0.0.1', 'http://126.255.255.255', 'http://0.0.0.0', 'http://0', 'http://10.0.0.1', 'http://192.168.0.1', 'http://169.254.169.254', 'http://2130706432x', 'http://0x80000001',
    'http://[::]', 'http://[::2]', 'http://[::ffff:127.0.0.1]', 'http://[::127.0.0.1]', 'http://[fe80::1]', 'http://[1::1]', 'http://host', 'http://host.local',
    'http://evil.com\\@127.0.0.1', 'http://evil.com/@127.0.0.1', 'http://evil.com/127.0.0.1', 'http://evil.com:80/localhost', 'http://lоcalhost', 'http://localhost\u00ad.evil.com',
  ])('%j is refused, unless it is allowed', (baseUrl) => {
    expect(() => createStatisticsClient({ baseUrl })).toThrow(StatisticsOptionError);
    expect(() => createStatisticsClient({ baseUrl, allowInsecure: false })).toThrow(/^baseUrl must be/);
    expect(() => createStatisticsClient({ baseUrl: baseUrl.replace('http:', 'https:') })).not.toThrow(/clear/);
  });

  it.each([
    'http://127.0.0.1@evil.com', 'http://localhost:80@evil.com', 'http://localhost@evil.com', 'http://@evil.com', 'http://[::1]@evil.com', 'http://127.0.0.1%2f@evil.com', 'http://evil.com@127.0.0.1',
    'http://evil.com#@127.0.0.1', 'http://evil.com?@127.0.0.1', 'http://127.0.0.1#', 'http://127.0.0.1?', 'ws://127.0.0.1', 'ftp://127.0.0.1', 'file://localhost/x', 'javascript://localhost', 'blob:http://localhost/x', 'http+unix://localhost',
  ])('%j is refused, allowed or not', (baseUrl) => {
    expect(() => createStatisticsClient({ baseUrl })).toThrow(StatisticsOptionError);
    if (baseUrl !== 'http://@evil.com') {
      expect(() => createStatisticsClient({ baseUrl, allowInsecure: true })).toThrow(/^baseUrl must/);
    }
  });

  it.each(['yes', 1, {}, null, 'true'])('allowInsecure of %j allows nothing', (allowInsecure) => {
    expect(() => createStatisticsClient({ baseUrl: 'http://host', allowInsecure: allowInsecure as never })).toThrow(StatisticsOptionError);
  });
});

describe('https:', () => {
  const secrets = { apiKey: canary('key'), token: canary('token') };

  it('is never given up: a server without TLS hears a greeting of TLS and no word of a request', async () => {
    const port = await startSilentPort();
    const client = startClient(`https://127.0.0.1:${port.port}/statistics/v3`, { ...secrets, request: { timeout: 100 } });
    const one = record(client.statistic$('Total_Answered', sales));
    await until('it has been tried twice', () => port.connections.length > 1 && port.bytes().length > 0);
    one.unsubscribe();
    // Every record of TLS that begins a handshake is a 22, of version 3.x.
    expect([...port.bytes().subarray(0, 2)]).toEqual([22, 3]);
    const heard = port.bytes().toString('latin1');
    ['POST /', 'HTTP/1', 'x-api-key', 'Bearer', mark].forEach((text) => expect(heard.includes(text), text).toBe(false));
    expect(one.values).toEqual([]);
  });

  it('nor to one that answers in the clear', async () => {
    const plain = await startHostileServer();
    const client = startClient(`https://127.0.0.1:${plain.port}/statistics/v3`, { ...secrets, request: { timeout: 1000 } });
    const health = record(client.health$);
    record(client.statistic$('Total_Answered', sales));
    await until('it is reported', () => health.values.some(({ lastError }) => lastError !== undefined));
    await expect(client.api.readSubscription('op-1')).rejects.toThrow('got no answer');
    expect(plain.requests).toEqual([]);
  });
});
