/** A Redis of Debian's on a free port, in a folder of its own that goes with it. Nothing of it is kept on disk. For tests and for benches. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const executable = '/usr/bin/redis-server';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
}

/** A server that somebody has to end. */
export interface OwnedRedisServer extends RedisServer {
  /** Kills it, and removes its folder. */
  end(): Promise<void>;
}

/** @param args - more arguments of `redis-server`. */
export async function startRedisServer(args: readonly string[] = []): Promise<OwnedRedisServer> {
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

  async function end(): Promise<void> {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  }

  async function start(): Promise<void> {
    child = spawn(executable, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder, ...args], { stdio: 'ignore' });
    await reachable(port);
  }

  try {
    await start();
  } catch (error) {
    await end();
    throw error;
  }
  return { url: `redis://127.0.0.1:${port}`, port, start, signal: (signal) => child?.kill(signal), kill, end };
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
