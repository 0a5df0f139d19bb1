/**
 * Starts Debian's Redis on a free port and in its own folder. It ends with the test. If Redis is not installed, tests are skipped; in
 * CI they fail.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, onTestFinished } from 'vitest';

const executable = '/usr/bin/redis-server';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
}

/** `describe` for tests that need Redis. If Redis is not installed, they are skipped; in CI they fail. */
export function describeOnRedis(name: string, tests: () => void): void {
  if (existsSync(executable)) {
    describe(name, tests);
  } else if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('has a Redis to run on', () => {
        throw new Error(`there is no ${executable}: apt-get install -y redis-server`);
      });
    });
  } else {
    describe.skip(name, tests);
  }
}

/** @param ended - registers the function that ends it. */
export async function startRedis(ended: (end: () => Promise<void>) => void = onTestFinished, args: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function kill(): Promise<void> {
    const running = child;
    child = undefined;
    if (running !== undefined && running.exitCode === null && running.signalCode === null) {
      running.kill('SIGKILL');
      await once(running, 'exit');
    }
  }

  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      child = spawn(executable, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...args], { stdio: 'ignore' });
      await reachable(port);
    },
    signal: (signal) => child?.kill(signal),
    kill,
  };
  ended(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function reachable(port: number): Promise<void> {
  for (const end = performance.now() + 25_000; performance.now() < end; ) {
    const socket = connect(port, '127.0.0.1');
    const answers = await Promise.race([once(socket, 'connect').then(() => true, () => false), once(socket, 'close').then(() => false, () => false)]);
    socket.destroy();
    if (answers) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Redis does not listen on ${port}`);
}
