/** The parts of every measurement of a fleet: members in processes of their own, and a way to Redis that can be cut. */
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Job, Report } from './member.ts';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes a line, with the load of the machine. */
export function print(line: string): void {
  process.stdout.write(`${line} (load ${(loadavg()[0] ?? 0).toFixed(1)})\n`);
}

export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
}

/** Waits for a condition. @throws Error when it does not hold within `limit` milliseconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  for (const end = performance.now() + limit; performance.now() < end; ) {
    if (await condition()) {
      return;
    }
    await pause(5);
  }
  throw new Error(`waited ${limit} ms in vain: ${what}`);
}

/** A forwarded port whose connections can be cut: then nothing passes, and no side gets an error. */
export interface Way {
  readonly port: number;
  cut(): void;
  heal(): void;
  end(): void;
}

export async function openWay(to: number): Promise<Way> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
      if (isCut) {
        one.pause();
      }
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      sockets.forEach((socket) => socket.pause());
    },
    heal() {
      isCut = false;
      sockets.forEach((socket) => socket.resume());
    },
    end() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}

export interface Member {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly hasEnded: boolean;
  tell(command: 'cut' | 'heal' | 'end'): void;
  report(): Promise<Report>;
  signal(signal: NodeJS.Signals): void;
}

const program = fileURLToPath(new URL('./member.ts', import.meta.url));
const running = new Set<ChildProcess>();

export function startMember(job: Job): Member {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((report: Report) => void)[] = [];
  let hasEnded = false;
  running.add(child);
  child.stdin.on('error', () => undefined);
  child.on('exit', () => {
    hasEnded = true;
    running.delete(child);
  });
  createInterface(child.stdout).on('line', (line) => waiting.shift()?.(JSON.parse(line) as Report));
  const write = (line: string): boolean => child.stdin.write(`${line}\n`);
  write(JSON.stringify(job));
  return {
    child,
    get hasEnded() {
      return hasEnded;
    },
    tell: write,
    report: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        write('report');
      }),
    signal: (signal) => child.kill(signal),
  };
}

/** Kills every member that still runs. */
export function endMembers(): void {
  running.forEach((child) => child.kill('SIGKILL'));
}
