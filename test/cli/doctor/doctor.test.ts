/** The newcomer's worst hour: each thing that may be wrong, on a real server of 127.0.0.1, and what the doctor says of it. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor } from '../../../src/cli/commands/doctor.js';
import type { CommandContext } from '../../../src/cli/arguments/command.js';
import { steps, type Finding } from '../../../src/cli/doctor/finding.js';
import { createSimulator } from '../../../src/simulator/index.js';
import { canary, mark } from '../../support/canary.js';
import { selfSigned } from '../../support/certificate.js';
import { makeDirectory } from '../../support/directory.js';
import { startHostileServer, startSilentPort, type Arrived, type Reply } from '../../support/hostile-server.js';
import { startSimulator } from '../../support/journey.js';
import { startFullPort } from '../../support/full-port.js';
import { createNode, startScriptedServer } from '../../support/scripted-server.js';
import { contextOf, linesOf, pipe, terminal } from '../../support/terminal.js';

const waiting = ['Current_In_Queue', 'Queue/Sales@SIP'];
const key = canary('key');
const token = canary('token');

interface Examined {
  readonly code: number;
  readonly of: (step: string) => Finding;
  readonly failed: readonly string[];
  readonly findings: readonly Finding[];
}

async function examine(url: string, argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}, more: Partial<CommandContext> = {}): Promise<Examined> {
  const { output, text } = pipe();
  const code = await doctor.run(['--base-url', url, '--json', '--timeout', '2s', ...argv], contextOf({ output }, { ...more, env }));
  expect(text()).not.toContain(mark);
  const findings = linesOf(text()) as unknown as Finding[];
  return {
    code,
    findings,
    failed: findings.filter(({ status }) => status === 'failed').map(({ step }) => step),
    of: (step) => findings.find((finding) => finding.step === step) ?? expect.fail(`no step ${step}`),
  };
}

describe('the doctor', () => {
  it('takes every step once, in order, and finds nothing wrong with a server that is well', async () => {
    const simulator = await startSimulator({ apiKey: key, token });
    const { code, findings, of } = await examine(simulator.url, waiting, { GENESYS_API_KEY: key, GENESYS_TOKEN: token });
    expect(findings.map(({ step }) => step)).toEqual(steps);
    expect(findings.filter(({ status }) => status === 'failed' || status === 'warning')).toEqual([]);
    expect(code).toBe(0);
    expect(of('HTTP').verdict).toBe('the API answers: 400 to an empty request, as expected');
    expect(of('cookie').verdict).toBe('STATISTICS_SESSIONID: set, and sent back');
    expect(simulator.ledger.opened).toHaveLength(1);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('without a statistic it opens nothing, and says how to', async () => {
    const simulator = await startSimulator();
    const { code, of } = await examine(simulator.url);
    expect(code).toBe(0);
    expect(of('open')).toMatchObject({ status: 'skipped', verdict: expect.stringContaining('doctor Current_In_Queue Queue/Sales@SIP') });
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('for people it is a line for each step, and one for all that a failure makes pointless', async () => {
    const { output, text } = terminal();
    expect(await doctor.run(['--base-url', 'http://127.0.0.1:1/statistics/v3', '--no-color'], contextOf({ output }))).toBe(1);
    const lines = text().split('\n');
    expect(lines[2]).toBe('  failed   TCP             127.0.0.1:1 cannot be reached: ECONNREFUSED');
    expect(text()).toContain('-> Nothing listens on port 1');
    expect(text()).toContain('  skipped  TLS             and all that follows: pointless as long as TCP');
    expect(text()).toContain('Begin with the first that failed: TCP.');
    expect(lines.every(({ length }) => length <= 80)).toBe(true);
  });

  it('is stopped by a signal, with nothing left open', async () => {
    const stop = new AbortController();
    const server = await startHostileServer((request) => {
      if (request.method === 'POST' && request.target.includes('/subscriptions')) {
        stop.abort();
      }
      return undefined;
    });
    const { findings } = await examine(server.url, waiting, {}, { stop: stop.signal });
    expect(findings.at(-1)?.step).toBe('open');
    expect(server.requests.at(-1)?.method).toBe('DELETE');
  });
});

describe('F200: what is wrong below HTTP', () => {
  it.each([
    ['htp://host/statistics/v3', 'an https: or http: URL'],
    ['no url', 'an absolute URL'],
    ['http://host.example/statistics/v3', 'with --allow-insecure'],
  ])('the URL %s', async (url, words) => {
    const { code, failed, of } = await examine(url);
    expect({ code, failed }).toEqual({ code: 1, failed: ['URL'] });
    expect(of('URL').verdict).toContain(words);
    expect(of('delete').verdict).toBe('pointless as long as URL fails');
  });

  it('a name that there is not', async () => {
    const { failed, of } = await examine('https://no-such-host.invalid/statistics/v3');
    expect(failed).toEqual(['name']);
    expect(of('name')).toMatchObject({ verdict: expect.stringMatching(/^no-such-host\.invalid cannot be resolved: (ENOTFOUND|EAI_AGAIN)$/) });
  });

  it('a port on which nothing listens', async () => {
    const gone = await createSimulator();
    await gone.close();
    const { failed, of } = await examine(gone.url);
    expect(failed).toEqual(['TCP']);
    expect(of('TCP')).toMatchObject({ verdict: expect.stringContaining('ECONNREFUSED'), advice: expect.stringContaining('check the port') });
  });

  it('a proxy that Node is not told to use', async () => {
    const gone = await createSimulator();
    await gone.close();
    const { of } = await examine(gone.url, [], { http_proxy: 'http://user:secret@proxy.example:3128' });
    expect(of('TCP').advice).toContain('http_proxy is set, but Node goes through it only with NODE_USE_ENV_PROXY=1');
    expect(JSON.stringify(of('TCP'))).not.toContain('secret');
  });

  it('a server that takes the connection and says nothing', async () => {
    const { port } = await startSilentPort();
    const { failed, of } = await examine(`http://127.0.0.1:${port}/statistics/v3`, ['--timeout', '200ms']);
    expect(failed).toEqual(['HTTP']);
    expect(of('HTTP')).toMatchObject({ verdict: expect.stringContaining('timed out'), advice: expect.stringContaining('--timeout') });
  });

  it('a server that takes the connection and never answers the handshake', async () => {
    const { port } = await startSilentPort();
    const { failed, of } = await examine(`https://127.0.0.1:${port}/statistics/v3`, ['--timeout', '200ms']);
    expect(failed).toEqual(['TLS']);
    expect(of('TLS')).toMatchObject({ verdict: 'the server takes the connection, but does not answer the handshake within 200 ms', advice: expect.stringContaining('may not speak TLS') });
  });

  it('a connection that nobody accepts', async () => {
    const port = await startFullPort();
    const { failed, of } = await examine(`http://127.0.0.1:${port}/statistics/v3`, ['--timeout', '200ms']);
    expect(failed).toEqual(['TCP']);
    expect(of('TCP')).toMatchObject({ verdict: `127.0.0.1:${port} does not answer within 200 ms`, advice: expect.stringContaining('firewall') });
  });

  it.each([
    ['signed by itself', {}, 'is not trusted', 'let NODE_EXTRA_CA_CERTS name it'],
    ['that has expired', { days: -3 }, /^the certificate of localhost ended on .* GMT$/, 'renewed on the server'],
    ['for another name', { name: 'other.example' }, /(is not trusted|is for DNS:other\.example)/, /NODE_EXTRA_CA_CERTS|a name that the certificate holds/],
  ])('a certificate %s', async (_, options, verdict, advice) => {
    const { port, requests } = await startScriptedServer({ tls: selfSigned(options) });
    const { failed, of } = await examine(`https://localhost:${port}/statistics/v3`, [], { GENESYS_API_KEY: key });
    expect(failed).toEqual(['TLS']);
    expect(of('TLS').verdict).toMatch(verdict);
    expect(of('TLS').advice).toMatch(advice);
    expect(requests).toEqual([]);
  });

  it('a NODE_EXTRA_CA_CERTS that cannot be read', async () => {
    const { port } = await startScriptedServer({ tls: selfSigned() });
    const { of } = await examine(`https://localhost:${port}/statistics/v3`, [], { NODE_EXTRA_CA_CERTS: '/no/such/file.pem' });
    expect(of('TLS')).toMatchObject({ status: 'failed', verdict: expect.stringContaining('NODE_EXTRA_CA_CERTS names /no/such/file.pem, which cannot be read') });
  });

  it('https: to a port that speaks plain HTTP', async () => {
    const { port } = await startHostileServer();
    const { failed, of } = await examine(`https://127.0.0.1:${port}/statistics/v3`);
    expect(failed).toEqual(['TLS']);
    expect(of('TLS').advice).toContain('does not speak TLS');
  });
});

describe('F201: what is wrong with HTTP', () => {
  const answering = (reply: Reply): Promise<{ readonly url: string; readonly requests: Arrived[] }> => startHostileServer(() => reply);

  it('a page of HTML instead of JSON', async () => {
    const { url } = await answering({ headers: { 'content-type': 'text/html' }, body: '<html><head><title>Corporate login</title></head></html>' });
    const { failed, of } = await examine(url);
    expect(failed).toEqual(['HTTP']);
    expect(of('HTTP').verdict).toBe('the server answers 200 with a page, "Corporate login", instead of JSON');
  });

  it('a URL without /statistics/v3: the right one is found', async () => {
    const simulator = await startSimulator();
    const { origin } = new URL(simulator.url);
    const { failed, of } = await examine(origin);
    expect(failed).toEqual(['HTTP']);
    expect(of('URL').status).toBe('warning');
    expect(of('HTTP').advice).toContain(`The API answers at ${simulator.url}: use that URL.`);
  });

  it('a redirect to a login, with neither its query nor the key on the way', async () => {
    const target = await startHostileServer();
    const { url } = await answering({ status: 302, headers: { location: `${target.url.replace('/statistics/v3', '')}/login?session=${canary('session')}` } });
    const { failed, of } = await examine(url, [], { GENESYS_API_KEY: key });
    expect(failed).toEqual(['redirect']);
    expect(of('redirect')).toMatchObject({ verdict: expect.stringMatching(/a redirect to http:.*\/login$/), advice: expect.stringContaining('wants a browser to log in') });
    expect(of('key').status).toBe('skipped');
    expect(target.requests).toEqual([]);
  });

  it('a redirect to another host', async () => {
    const { url } = await answering({ status: 301, headers: { location: 'https://right.example/statistics/v3/' } });
    expect((await examine(url)).of('redirect').advice).toContain('If https://right.example is your server too, use it in the URL');
  });

  it('a server that is not well', async () => {
    const { url } = await answering({ status: 503, body: { status: { code: 503, message: 'no Stat Server' } } });
    const { failed, of } = await examine(url);
    expect(failed).toEqual(['HTTP']);
    expect(of('HTTP').verdict).toBe('the server answers 503, "no Stat Server"');
  });

  it('a gateway that refuses in plain text', async () => {
    const { url } = await answering({ status: 400, headers: { 'content-type': 'text/plain' }, body: 'Bad Request' });
    expect((await examine(url)).of('HTTP')).toMatchObject({ status: 'warning', verdict: 'the server answers 400 with no usable JSON', advice: expect.stringContaining('a gateway may stand in its place') });
  });

  it.each([['no key', {}, 'no key was sent', 'Put the key into GENESYS_API_KEY'], ['a wrong key', { GENESYS_API_KEY: key }, 'the server refuses the key', 'Check that the key is for this environment']])(
    '403 with %s', async (_, env, verdict, advice) => {
      const simulator = await startSimulator({ apiKey: canary('right-key') });
      const { code, failed, of } = await examine(simulator.url, waiting, env);
      expect({ code, failed }).toEqual({ code: 1, failed: ['key'] });
      expect(of('key').verdict).toContain(verdict);
      expect(of('key').advice).toContain(advice);
      expect(simulator.ledger.opened).toEqual([]);
    },
  );

  it.each([['no token', {}, 'no token was sent'], ['a wrong token', { GENESYS_TOKEN: token }, 'the server refuses the token']])('401 with %s', async (_, env, verdict) => {
    const simulator = await startSimulator({ token: canary('right-token') });
    const { failed, of } = await examine(simulator.url, waiting, env);
    expect(failed).toEqual(['token']);
    expect(of('token').verdict).toContain(verdict);
    expect(of('key').verdict).toBe('unknown as long as the token is refused');
  });

  it('a token that has ended by its own words', async () => {
    const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) - 7200 })).toString('base64url');
    const simulator = await startSimulator({ token: canary('right-token') });
    const { of } = await examine(simulator.url, [], { GENESYS_TOKEN: `e30.${claims}.c2ln` });
    expect(of('token').verdict).toMatch(/by its own words it ended 2h ago$/);
  });

  it.each([
    ['Domain=other.example', 'it is for other.example, not for 127.0.0.1'],
    ['Secure', 'it is for https: only, and the URL is http:'],
    ['Path=/elsewhere', 'it is for the path /elsewhere, and the API is at /statistics/v3'],
  ])('a cookie that is lost (%s)', async (attribute, reason) => {
    const { url } = await startHostileServer(({ usual }) => ({ body: usual, headers: { 'set-cookie': `NODE=${canary('session')}; ${attribute}` } }));
    const { of } = await examine(url);
    // A domain or a path that the jar refuses is no cookie at all.
    expect(of('cookie')).toMatchObject({ status: 'warning', verdict: `NODE is lost: ${reason}`, advice: expect.stringContaining('load balancer') });
  });

  it('a cookie that is lost, so that polls reach a server that does not know the subscription', async () => {
    const nodes = [createNode(), createNode()];
    const server = await startScriptedServer();
    server.script = (request) => nodes[request.number % 2]?.serve(request);
    const { failed, of } = await examine(server.url, waiting);
    expect(failed).toEqual(['poll']);
    expect(of('poll')).toMatchObject({ verdict: expect.stringContaining('does not give what it has just opened'), advice: expect.stringContaining('A load balancer probably leads requests to different servers') });
  });

  it.each([[-3_600_000, 'behind'], [7_200_000, 'ahead of']])('clocks that differ by %i ms', async (skew, side) => {
    const { url } = await startHostileServer(({ usual }) => ({ body: usual, headers: { date: new Date(Date.now() + skew).toUTCString() } }));
    const { code, of } = await examine(url);
    expect(code).toBe(0);
    expect(of('clock skew')).toMatchObject({ status: 'warning', verdict: expect.stringContaining(`${side} this machine's`), advice: expect.stringContaining('NTP') });
  });
});

describe('F202: what is wrong with a subscription', () => {
  it('200 with a failure code', async () => {
    const server = await startHostileServer(({ method, target }) => (method === 'POST' && target.includes('/subscriptions') ? { body: { status: { code: 7, message: 'Stat Server is not connected' } } } : undefined));
    const { code, failed, of } = await examine(server.url, waiting);
    expect({ code, failed }).toEqual({ code: 1, failed: ['open'] });
    expect(of('open').verdict).toContain('the server answers 200, but its code 7 says that it failed');
    expect(of('open').verdict).toContain('Stat Server is not connected');
    expect(server.requests.at(-1)?.method).toBe('DELETE');
  });

  it('an unknown statistic among known ones is named, with the name that was probably meant', async () => {
    const simulator = await startSimulator();
    const { failed, of } = await examine(simulator.url, ['Current_In_Queue,Total_Anwsered', 'Queue/Sales@SIP']);
    expect(failed).toEqual(['open']);
    expect(of('open').verdict).toMatch(/^Total_Anwsered of Queue\/Sales@SIP refused: .*; did you mean Total_Answered\?$/);
    expect(simulator.ledger.open).toEqual([]);
  });

  it.each<[string, (request: Arrived) => Reply | undefined, string]>([
    ['whose opening alone is answered with no JSON', ({ statistics: [one] }) => (one?.name === 'A' ? { body: '{' } : undefined), 'together'],
    ['whose opening alone answers 503', ({ statistics: [one] }) => (one?.name === 'A' ? { status: 503, body: {} } : undefined), 'together'],
    ['that is refused alone', ({ statistics: [one] }) => (one?.name === 'A' ? { status: 400, body: { status: { code: 5 } } } : undefined), 'A'],
  ])('of two statistics that are refused together, one %s', async (_, alone, blamed) => {
    const server = await startHostileServer((request) => {
      if (request.method !== 'POST' || !request.target.includes('/subscriptions')) {
        return undefined;
      }
      return request.statistics.length > 1 ? { status: 400, body: { status: { code: 5, message: 'no' } } } : alone(request);
    });
    const { of } = await examine(server.url, ['A,B', 'Queue/Sales@SIP']);
    const names = blamed === 'together' ? 'A of Queue/Sales@SIP, B of Queue/Sales@SIP refused together: ' : 'A of Queue/Sales@SIP refused: ';
    expect(of('open').verdict.startsWith(names), of('open').verdict).toBe(true);
  });

  it('a DELETE of a statistic that was opened alone fails once: no statistic is blamed, and nothing is left open', async () => {
    let failures = 1;
    const deleted = new Set<string>();
    const server = await startHostileServer(({ method, target, statistics }) => {
      if (method === 'DELETE' && failures-- > 0) {
        return { status: 503, body: {} };
      }
      if (method === 'DELETE') {
        deleted.add(target);
      }
      return method === 'POST' && statistics.length > 1 ? { status: 400, body: { status: { code: 5 } } } : undefined;
    });
    const { of } = await examine(server.url, ['A,B', 'Queue/Sales@SIP']);
    expect(of('open').verdict).toContain('refused together');
    const tried = new Set(server.requests.filter(({ method }) => method === 'DELETE').map(({ target }) => target));
    expect(deleted).toEqual(tried);
  });

  it.each([[404, 'ok', 'the subscription is gone'], [500, 'ok', 'the subscription is gone'], [401, 'warning', 'reading it again failed'], [503, 'warning', 'reading it again failed']])('reading after the DELETE answers %i: %s', async (status, judged, verdict) => {
    let isDeleted = false;
    const server = await startHostileServer(({ method }) => {
      isDeleted ||= method === 'DELETE';
      return isDeleted && method === 'GET' ? { status, body: { status: { code: status } } } : undefined;
    });
    const { of } = await examine(server.url, waiting);
    expect(of('delete')).toMatchObject({ status: judged, verdict: expect.stringContaining(verdict) });
  });

  it('a statistic that the answer lacks', async () => {
    const simulator = await startSimulator({ partial: true });
    const { code, of } = await examine(simulator.url, ['Current_In_Queue,Nope', 'Queue/Sales@SIP']);
    expect(code).toBe(0);
    expect(of('open')).toMatchObject({ status: 'warning', verdict: 'opened, but the answer lacks Nope of Queue/Sales@SIP' });
  });

  it('values whose times are in seconds', async () => {
    const node = createNode();
    node.timestamp = Math.floor(Date.now() / 1000);
    const server = await startScriptedServer({ node });
    const { code, of } = await examine(server.url, waiting);
    expect(code).toBe(0);
    expect(of('timestamp unit')).toMatchObject({ status: 'warning', verdict: 'seconds' });
  });

  it('values that are null, and values of a shape that nobody has published', async () => {
    const value = { deeply: { hidden: [1, 2] } };
    const server = await startHostileServer(({ usual, method, statistics }) => (method === 'POST' ? { body: { ...usual, data: { ...usual.data, statistics: statistics.map((asked, at) => ({ ...asked, timestamp: null, value: at === 0 ? null : value })) } } } : undefined));
    const { of } = await examine(server.url, ['A,B', 'Queue/Sales@SIP']);
    expect(of('values')).toMatchObject({ status: 'warning', verdict: '1 null, 1 of an unknown shape', advice: expect.stringContaining('doctor --capture') });
    expect(of('timestamp unit')).toMatchObject({ status: 'warning', verdict: 'values have no usable time' });
  });

  it('an account that may not open subscriptions', async () => {
    const server = await startHostileServer(({ method, target }) => (method === 'POST' && target.includes('/subscriptions') ? { status: 403, body: { status: { code: 403, message: 'no' } } } : undefined));
    const { failed, of } = await examine(server.url, waiting, { GENESYS_API_KEY: key });
    expect(failed).toEqual(['open']);
    expect(of('open').advice).toContain('The account may not open subscriptions. Peeks may still work');
  });

  it('a DELETE that deletes nothing', async () => {
    const server = await startHostileServer();
    const { of } = await examine(server.url, waiting);
    expect(of('delete')).toMatchObject({ status: 'warning', verdict: 'the server says that it deleted the subscription, and still answers for it' });
  });
});

describe('doctor --capture', () => {
  it('writes what the server answered, without secrets, and with placeholders for people and places', async () => {
    const state = { agentStatus: { AgentId: 'kim.possible', LoginId: '4711', Status: 22, Time: 1240840034, Place: { PlaceId: 'Desk 12', DnStatuses: [{ DNId: '+15550123456', stringValue: 'CallInbound' }] } } };
    const server = await startHostileServer((request) => ({
      headers: { 'set-cookie': `S=${canary('session')}` },
      body: request.method === 'POST' && request.target.includes('/subscriptions')
        ? { ...request.usual, echo: `${String(request.headers['x-api-key'])} ${String(request.headers['authorization'])} for kim`, data: { ...request.usual.data, statistics: request.statistics.map((asked) => ({ ...asked, timestamp: 1, value: state })) } }
        : request.usual,
    }));
    const file = join(makeDirectory(), 'answer.ndjson');
    await examine(server.url, ['CurrentAgentState', 'Agent/kim', '--capture', file], { GENESYS_API_KEY: key, GENESYS_TOKEN: token });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(mark);
    for (const name of ['kim', 'possible', '4711x', 'Desk', '5550123456', '127.0.0.1']) {
      expect(text).not.toContain(name);
    }
    const [head, ...lines] = linesOf(text) as { type: string; path?: string; answer?: string; cookies?: string[] }[];
    expect(head).toMatchObject({ type: 'recording', version: 1 });
    const opening = lines.find(({ path }) => path?.startsWith('/subscriptions?'));
    expect(opening?.cookies).toEqual(['S']);
    const { data } = JSON.parse(opening?.answer ?? '') as { data: { statistics: { name: string; objectId: string; value: typeof state }[] } };
    const [statistic] = data.statistics;
    expect(statistic).toMatchObject({ name: 'CurrentAgentState', objectType: 'Agent', objectId: expect.stringMatching(/^name-\d+$/) });
    expect(statistic?.value.agentStatus).toMatchObject({ Status: 22, Place: { DnStatuses: [{ stringValue: 'CallInbound' }] } });
  });
});
