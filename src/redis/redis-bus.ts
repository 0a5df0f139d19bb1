/**
 * A bus on Redis. Everything that has to agree happens in one script on the server: the lease and its fencing number, what is
 * remembered and what is sent. Messages that are lost are made up for by what is remembered. Every key expires by itself.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { noop } from 'rxjs';
import { objectWith, textOf, unfit } from '../checks/arguments.js';
import type { Bus, BusHooks, BusMember } from '../fleet/index.js';
import { connect, newRedisClient, type Connection, type RedisClient } from './connection.js';
import { readDemand, readNews, readRemembered } from './messages.js';
import * as scripts from './scripts.js';

/** Options of {@link redisBus}: a URL, or a client whose settings are used. */
export interface RedisBusOptions {
  /** `redis://` or `rediss://`, with the account and the database. */
  readonly url?: string | undefined;
  /** A result of `createClient` of the package `redis`, instead of a URL; no cluster, sentinel or pool. It is duplicated and not used itself, so it need not be connected. */
  readonly client?: object | undefined;
  /** What the names of all keys begin with. Members with different rights need different ones. @defaultValue 'genesys-statistics' */
  readonly prefix?: string | undefined;
}

/**
 * A bus on Redis 6.2 or later, for `createFleetClient`. Needs the package `redis`, 5.12.1 or 6.3.1 or a later minor
 * version of either. Each client that is observed holds two connections; one that is not holds none.
 *
 * @throws StatisticsOptionError for an option that does not fit.
 * @throws StatisticsError when `redis` is not installed.
 *
 * @example
 * const bus = redisBus({ url: 'redis://127.0.0.1:6379', prefix: 'wallboards' });
 */
export function redisBus(options: RedisBusOptions): Bus {
  const { url, client, prefix = 'genesys-statistics' } = objectWith('options', options, ['url', 'client', 'prefix']);
  const name = textOf('prefix', prefix);
  if (/[{}\s]/.test(name) || name.length > 200) {
    throw unfit('prefix', name, 'at most 200 characters without braces and blanks');
  }
  const origin = readClient(url, client);
  return Object.freeze({
    join: (room: string, hooks: BusHooks) => join(origin, `${name}:{${name}:${encodeURIComponent(room)}}`, hooks),
  });
}

function readClient(url: unknown, client: unknown): RedisClient {
  if (client !== undefined && url === undefined) {
    if (!isClient(client)) {
      throw unfit('client', client, 'the result of createClient of the package redis, and no cluster, sentinel or pool');
    }
    return client;
  }
  // The URL is not shown: it may hold a password.
  if (client !== undefined || typeof url !== 'string' || !/^rediss?:\/\//.test(url)) {
    throw unfit('url', undefined, 'a redis: or rediss: URL, or left out beside client');
  }
  return newRedisClient(url);
}

/** Clusters, sentinels and pools have no `select`: their commands take other arguments, or go to any of several servers. */
function isClient(given: unknown): given is RedisClient {
  const { duplicate, select } = (given ?? {}) as { readonly duplicate?: unknown; readonly select?: unknown };
  return typeof duplicate === 'function' && typeof select === 'function';
}

function join(origin: RedisClient, base: string, hooks: BusHooks): BusMember {
  const id = `${hostname().replace(/\s/g, '').slice(0, 80)}-${process.pid}-${randomUUID()}`;
  const key = (name: string): string => `${base}:${name}`;
  const [lease, fence, values, members, revisions, journal] = ['lease', 'fence', 'values', 'members', 'revisions', 'journal'].map(key) as [string, string, string, string, string, string];
  const [news, asked, own] = [key('news'), key('asked'), key(`demand:${id}`)];
  let isLeading = false;
  let ownFence = '';
  let left = false;

  const onNews = (message: string): void => {
    // A publisher hears its own as well.
    if (left || message.startsWith(`${ownFence} `)) {
      return;
    }
    const read = message === 'vacant' ? undefined : readNews(message);
    if (message === 'vacant') {
      hooks.vacant();
    } else if (read !== undefined) {
      hooks.news(read);
    }
  };
  const onAsked = (message: string): void => {
    const read = readDemand(message);
    if (left) {
      return;
    }
    if (message.startsWith('ask\n')) {
      hooks.asked(message.slice('ask\n'.length));
    } else if (read !== undefined && read.member !== id) {
      hooks.demand(read.member, read.revision, read.changes);
    }
  };

  const connection: Connection = connect(origin, ready, (error) => !left && hooks.down(error));
  let isListening = false;

  function ready(): void {
    if (isListening) {
      // The package subscribes again by itself before it says that it is ready.
      hooks.up();
      return;
    }
    connection.subscribe(news, onNews).then(() => {
      isListening = true;
      if (!left) {
        hooks.up();
      }
    }, noop);
  }

  /** Demand is heard by leaders only: of a thousand members each would else hear all others. */
  async function hearDemand(leads: boolean): Promise<void> {
    if (leads !== isLeading) {
      await (leads ? connection.subscribe(asked, onAsked) : connection.unsubscribe(asked));
      isLeading = leads;
    }
  }

  return {
    id,
    async elect(term, above) {
      const [leads, granted, remaining] = (await connection.run(scripts.elect, [lease, fence], [id, String(Math.ceil(term)), String(above)])) as [number, string, number];
      ownFence = leads === 1 ? granted : '';
      await hearDemand(leads === 1);
      return { leads: leads === 1, fence: Number(granted), remaining: Math.max(0, remaining) };
    },
    async resign(of) {
      await connection.run(scripts.resign, [lease], [id, String(of), news]);
    },
    async publish({ fence: of, sequence, changes }, keepFor) {
      return (await connection.run(scripts.publish, [values, fence], [String(of), String(sequence), String(Math.ceil(keepFor)), news, ...changes])) === 1;
    },
    async recall(keys) {
      const found = keys.length === 0 ? [] : ((await connection.send(['HMGET', values, ...keys])) as unknown[]);
      return found.map(readRemembered);
    },
    async demand(revision, changes, term, whole) {
      await connection.run(scripts.demand, [own, members, revisions], [id, String(revision), String(Math.ceil(term)), whole ? '1' : '0', asked, ...changes]);
    },
    async touch(revision, term) {
      return (await connection.run(scripts.touch, [own, members], [id, String(revision), String(Math.ceil(term))])) === 1;
    },
    async census() {
      const flat = (await connection.run(scripts.census, [members, revisions], [])) as string[];
      return new Map(pairs(flat).map(([member, revision]) => [member, Number(revision)]));
    },
    async demandOf(member) {
      const wishes = new Map(pairs((await connection.run(scripts.demandOf, [key(`demand:${member}`)], [])) as string[]));
      const revision = wishes.get('');
      wishes.delete('');
      return revision === undefined ? undefined : { revision: Number(revision), wishes };
    },
    async ask(text) {
      await connection.send(['PUBLISH', asked, `ask\n${text}`]);
    },
    journal: {
      async add(entry) {
        await connection.run(scripts.journalAdd, [journal], [entry]);
      },
      async remove(entry) {
        await connection.send(['SREM', journal, entry]);
      },
      entries: async () => (await connection.run(scripts.journalEntries, [journal], [])) as string[],
    },
    async leave() {
      left = true;
      await connection.run(scripts.leave, [own, members, revisions, lease], [id, asked, news]).catch(noop);
      connection.end();
    },
  };
}

function pairs(flat: readonly string[]): (readonly [string, string])[] {
  return flat.flatMap((key, at) => (at % 2 === 0 ? [[key, flat[at + 1] ?? ''] as const] : []));
}
