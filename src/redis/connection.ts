/**
 * Two connections to Redis, one for commands and one for messages, as one thing that is up or down. A command never waits for a
 * connection to come back, nor for a server that does not answer.
 */
import { createRequire } from 'node:module';
import { noop } from 'rxjs';
import { StatisticsError } from '../index.js';
import { systemClock } from '../fleet/clock.js';
import type { Script } from './scripts.js';

/** A client of the package `redis`, reduced to what the bus needs. */
export interface RedisClient {
  readonly isReady: boolean;
  duplicate(overrides?: Record<string, unknown>): RedisClient;
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: (error: Error) => void): unknown;
  sendCommand(args: string[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
}

export interface Connection {
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  send(args: readonly string[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  end(): void;
}

/** Milliseconds after which a server that does not answer counts as away, and between looks whether it is back. */
const patience = 2_000;
const lookEvery = 250;
/** The longest pause between two attempts to connect. */
const longestPause = 500;

/** @throws StatisticsError when `redis` is not installed. */
export function newRedisClient(url: string): RedisClient {
  return loadRedis()({ url });
}

export function connect(origin: RedisClient, up: () => void, down: (error: Error) => void): Connection {
  const options = { disableOfflineQueue: true, socket: { ...socketOf(origin), reconnectStrategy: (attempts: number) => Math.min(longestPause, 20 * 2 ** attempts), connectTimeout: patience } };
  const [commands, messages] = [origin.duplicate(options), origin.duplicate(options)];
  let isUp = false;
  let ended = false;
  let stopLooking = noop;

  /** Asked anew after a wait. */
  const isEnded = (): boolean => ended;

  function changed(error: Error): void {
    const isReady = commands.isReady && messages.isReady;
    if (!ended && isReady && !isUp) {
      isUp = true;
      up();
    } else if (!ended && !isReady) {
      fail(error);
    }
  }

  function fail(error: Error): void {
    isUp = false;
    down(error);
  }

  /** The sockets stand, and nothing comes: the server hangs, or the network swallows everything. */
  function look(): void {
    stopLooking();
    stopLooking = systemClock.after(lookEvery, () => {
      if (!ended && !isUp) {
        timed(commands.sendCommand(['PING'])).then(() => changed(new Error('not ready')), look);
      }
    });
  }

  async function timed<T>(reply: Promise<T>): Promise<T> {
    let stop = noop;
    const silent = new Promise<never>((_, reject) => {
      stop = systemClock.after(patience, () => reject(new StatisticsError(`Redis has not answered for ${patience} ms`)));
    });
    try {
      return await Promise.race([reply, silent]);
    } finally {
      stop();
    }
  }

  async function send(args: readonly string[]): Promise<unknown> {
    if (ended || !commands.isReady) {
      throw new StatisticsError('Redis is not connected');
    }
    const sent = commands.sendCommand([...args]);
    try {
      return await timed(sent);
    } catch (error) {
      if (error instanceof StatisticsError && isUp && !isEnded()) {
        fail(error);
        look();
      }
      throw error;
    }
  }

  for (const client of [commands, messages]) {
    client.on('ready', () => changed(new Error('Redis is not connected')));
    client.on('error', changed);
    client.on('end', () => changed(new Error('the connection to Redis has ended')));
    client.connect().catch((error: unknown) => changed(error as Error));
  }

  return {
    async run({ text, sha }, keys, args) {
      const rest = [String(keys.length), ...keys, ...args];
      try {
        return await send(['EVALSHA', sha, ...rest]);
      } catch (error) {
        if (!(error as Error).message.startsWith('NOSCRIPT')) {
          throw error;
        }
        return send(['EVAL', text, ...rest]);
      }
    },
    send,
    async subscribe(channel, listener) {
      await timed(messages.subscribe(channel, listener));
    },
    async unsubscribe(channel) {
      await timed(messages.unsubscribe(channel));
    },
    end() {
      ended = true;
      stopLooking();
      for (const client of [commands, messages]) {
        try {
          client.destroy();
        } catch {
          // It has ended by itself.
        }
      }
    },
  };
}

/** `duplicate` replaces the socket's options as a whole. */
function socketOf(origin: RedisClient): object {
  return { ...(origin as { readonly options?: { readonly socket?: object } }).options?.socket };
}

/** Loaded when it is needed, since it is an optional peer. */
function loadRedis(): (options: { readonly url: string }) => RedisClient {
  try {
    return (createRequire(import.meta.url)('redis') as { createClient: ReturnType<typeof loadRedis> }).createClient;
  } catch (error) {
    throw new StatisticsError('redisBus needs the package redis: npm install redis', { cause: error });
  }
}
