/** What Node reads from the environment when it starts: the doctor, and the client, in a process of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../../src/cli/doctor/finding.js';
import { canary, mark } from '../../support/canary.js';
import { selfSigned } from '../../support/certificate.js';
import { makeDirectory } from '../../support/directory.js';
import { startSimulator } from '../../support/journey.js';
import { startScriptedServer } from '../../support/scripted-server.js';
import { linesOf } from '../../support/terminal.js';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

async function examine(url: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; of: (step: string) => Finding | undefined }> {
  const child = spawn(process.execPath, [main, 'doctor', 'Current_In_Queue', 'Queue/Sales@SIP', '--json', '--base-url', url], { env: { PATH: process.env['PATH'], ...env } });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  expect(stdout).not.toContain(mark);
  const findings = linesOf(stdout) as unknown as Finding[];
  return { code, of: (step) => findings.find((finding) => finding.step === step) };
}

describe('F200: an authority in NODE_EXTRA_CA_CERTS', () => {
  it('is trusted', async () => {
    const { key, cert } = selfSigned();
    const file = join(makeDirectory(), 'ca.pem');
    writeFileSync(file, cert);
    const server = await startScriptedServer({ host: '127.0.0.1', tls: { key, cert } });
    const { code, of } = await examine(server.url, { NODE_EXTRA_CA_CERTS: file });
    // It is valid for a day.
    expect(of('TLS')).toMatchObject({ status: 'warning', verdict: expect.stringContaining('certificate of localhost'), advice: expect.stringContaining('ends soon') });
    expect(of('delete')?.status).toBe('ok');
    expect(code).toBe(0);
  });

  it.each([
    ['has expired', { days: -3 }, /^the certificate of localhost ended on .* GMT$/, 'renewed on the server'],
    ['is not valid yet', { from: 2, days: 3 }, /^the certificate of localhost begins on .* GMT$/, 'the clock of this machine'],
  ])('and its certificate, which %s', async (_, options, verdict, advice) => {
    const { key, cert } = selfSigned(options);
    const file = join(makeDirectory(), 'ca.pem');
    writeFileSync(file, cert);
    const { url, requests } = await startScriptedServer({ host: '127.0.0.1', tls: { key, cert } });
    const { code, of } = await examine(url, { NODE_EXTRA_CA_CERTS: file });
    expect(of('TLS')).toMatchObject({ status: 'failed', verdict: expect.stringMatching(verdict), advice: expect.stringContaining(advice) });
    expect(requests).toEqual([]);
    expect(code).toBe(1);
  });
});

describe('F201: a proxy', () => {
  /** @param status - what it answers to a CONNECT; 200 leads to the server. */
  async function startProxy(status: number): Promise<{ port: number; asked: string[] }> {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url = '' }, socket) => {
      asked.push(url);
      socket.on('error', () => undefined);
      if (status !== 200) {
        socket.end(`HTTP/1.1 ${status} Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const server = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        server.pipe(socket).pipe(server);
      });
      server.on('error', () => socket.destroy());
      socket.on('close', () => server.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return { port: (proxy.address() as AddressInfo).port, asked };
  }
  const through = (port: number): NodeJS.ProcessEnv => ({ HTTP_PROXY: `http://user:${canary('password')}@127.0.0.1:${port}`, NODE_USE_ENV_PROXY: '1' });

  it('that leads to the server is used, and named without its password', async () => {
    const simulator = await startSimulator();
    const { port, asked } = await startProxy(200);
    const { code, of } = await examine(simulator.url, through(port));
    expect(of('name')).toMatchObject({ status: 'skipped', verdict: expect.stringContaining('the proxy 127.0.0.1 looks 127.0.0.1 up') });
    expect(of('TCP')?.verdict).toBe(`connected to the proxy 127.0.0.1:${port}`);
    expect(asked.length).toBeGreaterThan(0);
    expect(of('delete')?.status).toBe('ok');
    expect(code).toBe(0);
  });

  it('that wants credentials is named', async () => {
    const simulator = await startSimulator();
    const { port } = await startProxy(407);
    const { code, of } = await examine(simulator.url, through(port));
    expect(code).toBe(1);
    expect(of('HTTP')).toMatchObject({ status: 'failed', advice: expect.stringContaining('The proxy refuses') });
  });
});
