/** Starts a Redis that ends with the test. If Redis is not installed, tests are skipped; in CI they fail. */
import { existsSync } from 'node:fs';
import { describe, it, onTestFinished } from 'vitest';
import { executable, startRedisServer, type RedisServer } from './redis-server.js';

export type { RedisServer };

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
  const server = await startRedisServer(args);
  ended(server.end);
  return server;
}
