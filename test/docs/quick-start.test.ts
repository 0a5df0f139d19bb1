/** The README's first program, in a process of its own: against a server that refuses it, a proxy, a private authority. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { selfSigned } from '../support/certificate.js';
import { makeDirectory } from '../support/directory.js';
import { sales, startSimulator, until } from '../support/journey.js';
import type { Simulator } from '../../src/simulator/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Run {
  readonly lines: readonly string[];
  /** Presses Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null>;
}

function run(env: Record<string, string>): Run {
  const child = spawn(process.execPath, ['--no-warnings', 'examples/server/quick-start.ts'], { cwd: root, env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let output = '';
  [child.stdout, child.stderr].forEach((stream) => stream.on('data', (chunk: Buffer) => (output += chunk.toString())));
  return {
    get lines() {
      return output.split('\n');
    },
    async interrupt() {
      child.kill('SIGINT');
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

const credentials = { GENESYS_API_KEY: 'right-key', GENESYS_TOKEN: 'right-token' };

async function startGuarded(): Promise<Simulator> {
  const simulator = await startSimulator({ apiKey: 'right-key', token: 'right-token' });
  simulator.set({ name: 'Current_In_Queue', ...sales }, 7);
  return simulator;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('the quick start', () => {
  it.each([
    ['a wrong key', { GENESYS_API_KEY: 'wrong-key' }, /^Current_In_Queue of Queue Sales@SIP is refused: POST \/subscriptions answered 403/],
    ['a wrong token', { GENESYS_TOKEN: 'wrong-token' }, /^health: unauthorized .*answered 401/],
  ])('says in one line that %s is refused', async (_, wrong, line) => {
    const simulator = await startGuarded();
    const program = run({ GENESYS_STATISTICS_URL: simulator.url, ...credentials, ...wrong });
    await until('the refusal is printed', () => program.lines.some((printed) => line.test(printed)));
    await program.interrupt();
    expect(simulator.ledger.opened).toEqual([]);
  });

  it('goes through the proxy of NODE_USE_ENV_PROXY', async () => {
    const simulator = await startGuarded();
    const asked: string[] = [];
    const proxy = createServer((incoming: IncomingMessage, outgoing) => {
      asked.push(incoming.url ?? '');
      incoming.pipe(request(incoming.url ?? '', { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }));
    });
    proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
      asked.push(url);
      const { hostname, port } = new URL(`http://${url}`);
      const tunnel = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        tunnel.pipe(socket).pipe(tunnel);
      });
      [socket, tunnel].forEach((end) => end.on('error', () => [socket, tunnel].forEach((each) => each.destroy())));
    });
    const port = await listening(proxy);
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '' };
    const program = run({ GENESYS_STATISTICS_URL: simulator.url, ...credentials, ...env });
    await until('a value is printed', () => program.lines.includes('waiting: 7'));
    expect(await program.interrupt()).toBe(0);
    expect(asked.length).toBeGreaterThan(0);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it.each([
    ['is trusted by NODE_EXTRA_CA_CERTS', true, /^waiting: 7$/],
    ['is not trusted without', false, /^health: degraded .*self-signed certificate/],
  ])('a private authority %s', async (_, told, line) => {
    const simulator = await startGuarded();
    const { key, cert } = selfSigned();
    const port = await listening(createTlsServer({ key, cert }, (incoming, outgoing) => {
      incoming.pipe(request(`http://127.0.0.1:${simulator.port}${incoming.url ?? ''}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }));
    }));
    const file = join(makeDirectory(), 'authority.pem');
    writeFileSync(file, cert);
    const program = run({
      GENESYS_STATISTICS_URL: `https://localhost:${port}/statistics/v3`, ...credentials, ...(told ? { NODE_EXTRA_CA_CERTS: file } : {}),
    });
    await until('its line is printed', () => program.lines.some((printed) => line.test(printed)));
    await program.interrupt();
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });
});
