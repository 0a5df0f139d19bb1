/** F82: the entries of a journal at each outcome of a POST and a DELETE, and stores that fail, lie or hang. In virtual time. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createJournal, peekFallback, type JournalStore } from '../../../src/index.js';
import { eventsOf, record, sales } from '../../support/journey.js';
import { reply } from '../../support/memory-server.js';
import { closeRig, expectNothingLeft, startRig, type RigOptions } from '../../support/rig.js';

interface MemoryStore extends JournalStore {
  readonly entries: Set<string>;
  /** Each call, with the number of POSTs and of DELETEs that had been sent by then. */
  readonly calls: string[];
}

const baseUrl = 'https://host/statistics/v3';

function start(pending: Iterable<string> = [], options: RigOptions = {}) {
  const calls: string[] = [];
  const entries = new Set(pending);
  const log = (what: string, entry: string, of: string): void => {
    expect(of).toBe(baseUrl);
    calls.push(`${what} ${entry.startsWith('?') ? '?' : ''} after ${rig.server.count('POST')} POST, ${rig.server.count('DELETE')} DELETE`);
  };
  const store: MemoryStore = {
    entries,
    calls,
    pending: (of) => {
      expect(of).toBe(baseUrl);
      return [...entries];
    },
    add(entry, of) {
      log('add', entry, of);
      entries.add(entry);
    },
    remove(entry, of) {
      log('remove', entry, of);
      entries.delete(entry);
    },
  };
  const rig = startRig({ journal: createJournal(store), ...options });
  return { ...rig, store };
}

describe('F82: in the journal', () => {
  it('is an id in doubt before the POST, and a certain one from its answer until the DELETE is answered', async () => {
    const rig = start();
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect(rig.store.calls).toEqual(['add ? after 0 POST, 0 DELETE', 'add  after 1 POST, 0 DELETE', 'remove ? after 1 POST, 0 DELETE']);
    expect([...rig.store.entries]).toEqual(rig.server.opened);
    one.unsubscribe();
    await rig.clock.advance(2000);
    expect(rig.store.calls.slice(3)).toEqual(['remove  after 1 POST, 1 DELETE']);
    await closeRig(rig);
    expect(rig.store.calls).toHaveLength(4);
  });

  it('is the id that the server returns, if it differs from the one sent', async () => {
    const rig = start();
    rig.server.fault = ({ method }) => (method === 'POST' ? reply(200, { status: { code: 0 }, data: { subscriptionId: 'own', statistics: [] } }) : undefined);
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect([...rig.store.entries]).toEqual(['own']);
    await closeRig(rig);
    expect([...rig.store.entries]).toEqual([]);
  });

  it.each([400, 403, 503])('is no id whose POST was answered %i, since nothing was opened', async (status) => {
    const rig = start();
    rig.server.fault = ({ method }) => (method === 'POST' ? reply(status) : undefined);
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect(rig.store.calls.slice(0, 2)).toEqual(['add ? after 0 POST, 0 DELETE', 'remove ? after 1 POST, 0 DELETE']);
    expect([...rig.store.entries]).toEqual([]);
    one.unsubscribe();
    await closeRig(rig);
  });

  it('is the id of a POST whose answer was lost, until it is deleted', async () => {
    const rig = start();
    rig.server.fault = ({ method }) => (method === 'POST' ? 'silent' : undefined);
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(10_100);
    one.unsubscribe();
    expect([...rig.store.entries]).toEqual(rig.server.opened.map((id) => `?${id}`));
    await closeRig(rig);
    expect([...rig.store.entries]).toEqual([]);
  });

  it('stays the id of an orphan', async () => {
    const rig = start();
    const one = record(rig.client.statistic$('a', sales));
    const orphaned = eventsOf(rig.client, 'orphaned');
    await rig.clock.advance(100);
    rig.server.fault = ({ method }) => (method === 'DELETE' ? reply(500) : undefined);
    one.unsubscribe();
    await rig.clock.advance(200_000);
    expect(orphaned.map(({ subscriptionId }) => subscriptionId)).toEqual([...rig.store.entries]);
    expect(orphaned).toHaveLength(1);
  });

  it.each([404, 410])('is no id whose DELETE was answered %i', async (status) => {
    const rig = start(['left']);
    rig.server.fault = ({ method }) => (method === 'DELETE' ? reply(status) : undefined);
    record(rig.client.statistic$('a', sales)).unsubscribe();
    await rig.clock.advance(2000);
    expect(rig.server.count('DELETE')).toBe(1);
    expect([...rig.store.entries]).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['that is full', () => Promise.reject(new Error('OOM'))],
    ['that throws', () => {
      throw new Error('the disk is full');
    }],
    ['that hangs', () => new Promise(() => undefined)],
  ])('stays in doubt if its certain entry goes to a store %s (F248)', async (_, fail) => {
    const rig = start();
    const { add } = rig.store;
    rig.store.add = (entry, of) => (entry.startsWith('?') ? add(entry, of) : fail());
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect([...rig.store.entries]).toEqual(rig.server.opened.map((id) => `?${id}`));
    expect(one.values).toHaveLength(1);
    one.unsubscribe();
    await rig.clock.advance(2000);
    expect(rig.server.deleted).toEqual(rig.server.opened);
    expect([...rig.store.entries]).toEqual([]);
    await closeRig(rig);
  });

  it('is no peek of a fallback', async () => {
    const rig = start([], { fallback: peekFallback() });
    rig.server.fault = ({ method, url }) => (method === 'POST' && url.endsWith('verbose=INFO') ? reply(403) : undefined);
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(20_000);
    expect(one.values).toHaveLength(1);
    expect([...rig.store.entries]).toEqual([]);
    const opens = rig.server.requests.filter(({ method, path }) => method === 'POST' && path === '/subscriptions').length;
    expect(rig.store.calls.filter((call) => call.startsWith('add'))).toHaveLength(opens);
    await closeRig(rig);
  });
});

describe('F82: an entry that an ended process left', () => {
  it('is deleted once, with the first subscribe and not before (G1)', async () => {
    const rig = start(['left-1', 'left-2']);
    record(rig.client.health$);
    await rig.clock.advance(60_000);
    expect(rig.server.requests).toEqual([]);
    const deleted = eventsOf(rig.client, 'deleted');
    const pending = vi.spyOn(rig.store, 'pending');
    record(rig.client.statistic$('a', sales));
    record(rig.client.statistic$('b', sales));
    await rig.clock.advance(100);
    expect(rig.server.deleted).toEqual(['left-1', 'left-2']);
    expect(deleted.map(({ subscriptionId }) => subscriptionId)).toEqual(['left-1', 'left-2']);
    expect([...rig.store.entries]).toEqual(rig.server.opened);
    expect(pending).toHaveBeenCalledTimes(1);
    await closeRig(rig);
  });

  it('both in doubt and certain is deleted once, and both entries are removed', async () => {
    const rig = start(['left', '?left', '?other', 'other']);
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(11_000);
    expect(rig.server.deleted).toEqual(['left', 'other']);
    expect([...rig.store.entries]).toEqual(rig.server.opened);
    await closeRig(rig);
  });

  it('in doubt is deleted once its POST can no longer be on the way, or on close()', async () => {
    const rig = start(['?in-doubt']);
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(9999);
    expect(rig.server.deleted).toEqual([]);
    await rig.clock.advance(2);
    expect(rig.server.deleted).toEqual(['in-doubt']);
    await closeRig(rig);
    const other = start(['?in-doubt']);
    record(other.client.statistic$('a', sales));
    await other.clock.advance(100);
    await closeRig(other);
    expect(other.server.deleted).toContain('in-doubt');
    expect([...other.store.entries]).toEqual([]);
  });

  it('is deleted within the usual limits, and delays no stream', async () => {
    const left = Array.from({ length: 500 }, (_, index) => `left-${index}`);
    const rig = start(left);
    rig.server.fault = ({ method }) => (method === 'DELETE' ? 'silent' : undefined);
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(20);
    expect(one.values).toHaveLength(1);
    expect(rig.server.count('DELETE')).toBe(12);
    rig.server.fault = undefined;
    await rig.clock.advance(120_000);
    expect(new Set(rig.server.deleted)).toEqual(new Set(left));
    await closeRig(rig);
  });

  it('is read with at most ten thousand others, and is removed unsent if it is no id', async () => {
    const left = Array.from({ length: 10_100 }, (_, index) => (index < 9000 ? `../${index}` : `left-${index}`));
    const rig = start(left);
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(1000);
    expect(rig.server.deleted).toEqual(left.slice(9000, 10_000));
    expect([...rig.store.entries].filter((entry) => !rig.server.opened.includes(entry))).toEqual(left.slice(10_000));
    await closeRig(rig);
  });

  it('beyond the first ten thousand is not read, even if the list never ends', async () => {
    const rig = start();
    let given = 0;
    let ended = false;
    rig.store.pending = function* () {
      try {
        for (;;) {
          yield `left-${given++ % 3}`;
        }
      } finally {
        ended = true;
      }
    };
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect([given, ended]).toEqual([10_000, true]);
    expect(rig.server.deleted).toEqual(['left-0', 'left-1', 'left-2']);
    expect(one.values).toHaveLength(1);
    await closeRig(rig);
  });

  it.each<[string, () => Iterable<string>]>([
    ['with some entries that are not text', () => [5, 'left-1', null, {}, ['left'], 'left-2', undefined] as never],
    ['by a list that breaks off', function* () {
      yield* ['left-1', 'left-2'];
      throw new Error('half read');
    }],
  ])('%s is deleted as far as possible, and the failure is reported once', async (_, pending) => {
    const rig = start();
    rig.store.pending = pending;
    const told = eventsOf(rig.client, 'journalFailed');
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect(rig.server.deleted).toEqual(['left-1', 'left-2']);
    expect(told).toHaveLength(1);
    expect(one).toMatchObject({ values: [{}], error: undefined });
    await closeRig(rig);
  });

  it('is not touched if this client itself has that id open', async () => {
    let tell = (_: string[]): void => undefined;
    const rig = start([], {});
    Object.assign(rig.store, { pending: () => new Promise<string[]>((resolve) => (tell = resolve)) });
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    tell([...rig.server.opened, ...rig.server.opened.map((id) => `?${id}`), 'left']);
    await rig.clock.advance(60_000);
    expect(rig.server.deleted).toEqual(['left']);
    expect(rig.server.count('POST')).toBe(1);
    await closeRig(rig);
  });

  it('stays for the next process if the store returns it after close()', async () => {
    let tell = (_: string[]): void => undefined;
    const rig = start(['left'], {});
    Object.assign(rig.store, { pending: () => new Promise<string[]>((resolve) => (tell = resolve)) });
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    await closeRig(rig);
    tell(['left']);
    await rig.clock.advance(60_000);
    expect(rig.server.deleted).not.toContain('left');
    expect([...rig.store.entries]).toEqual(['left']);
    expectNothingLeft(rig);
  });
});

describe('F82: a journal', () => {
  const broken = new Error('the disk is full');
  const fail = (): never => {
    throw broken;
  };
  const reject = (): Promise<never> => Promise.reject(broken);

  it.each<[string, Partial<Record<keyof JournalStore, () => unknown>>]>([
    ['that throws at every call', { pending: fail, add: fail, remove: fail }],
    ['that rejects at every call', { pending: reject, add: reject, remove: reject }],
    ['that fails except for pending()', { add: fail, remove: fail }],
    ['that fails only for pending()', { pending: fail }],
    ['whose pending() returns no list', { pending: () => 5 }],
    ['whose pending() returns entries that are not text', { pending: () => [5, null, {}] }],
    ['whose pending() returns nothing', { pending: () => undefined }],
  ])('%s is reported once, and has no other effect', async (_, failing) => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', hear);
    onTestFinished(() => void process.off('unhandledRejection', hear));
    const rig = start();
    Object.assign(rig.store, failing);
    const told = eventsOf(rig.client, 'journalFailed');
    const [one, other] = [record(rig.client.statistic$('a', sales)), record(rig.client.subscription$([{ name: 'b', ...sales }]))];
    await rig.clock.advance(100);
    expect([one.values, other.values]).toMatchObject([{ length: 1 }, { length: 1 }]);
    expect([one.error, other.error]).toEqual([undefined, undefined]);
    one.unsubscribe();
    await closeRig(rig);
    expect(told).toHaveLength(1);
    expect(told[0]?.error).toMatchObject({ name: 'StatisticsError', message: 'the journal failed' });
    expect(unhandled).toEqual([]);
  });

  it('that writes later holds an opening up until its entry is written', async () => {
    const rig = start();
    let written = (): void => undefined;
    const { add } = rig.store;
    rig.store.add = (entry, of) => new Promise<void>((resolve) => {
      written = () => resolve(add(entry, of) as undefined);
    });
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(900);
    expect(rig.server.count('POST')).toBe(0);
    written();
    await rig.clock.advance(20);
    expect([rig.server.count('POST'), one.values.length]).toEqual([1, 1]);
    expect(rig.store.calls[0]).toBe('add ? after 0 POST, 0 DELETE');
    written();
    await closeRig(rig);
  });

  it('that writes later, and is closed meanwhile, leaves nothing', async () => {
    const rig = start();
    rig.store.add = () => new Promise<void>((resolve) => rig.clock.after(300, resolve));
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(20);
    await closeRig(rig);
    expectNothingLeft(rig);
  });

  it('that never answers delays an opening by a second, and close() not at all', async () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const rig = start();
    Object.assign(rig.store, { pending: never, add: never, remove: never });
    const told = eventsOf(rig.client, 'journalFailed');
    const one = record(rig.client.statistic$('a', sales));
    await rig.clock.advance(1100);
    expect(one.values).toHaveLength(1);
    expect(told[0]?.error.cause).toMatchObject({ message: 'an entry has not been written for 1000 ms' });
    one.unsubscribe();
    await rig.clock.advance(2000);
    expectNothingLeft(rig);
  });

  it('may be an object whose functions use `this`', async () => {
    class Kept implements JournalStore {
      readonly #entries = new Set<string>(['left']);
      get size(): number {
        return this.#entries.size;
      }
      pending(): Promise<Set<string>> {
        return Promise.resolve(this.#entries);
      }
      add(entry: string): void {
        this.#entries.add(entry);
      }
      remove(entry: string): void {
        this.#entries.delete(entry);
      }
    }
    const store = new Kept();
    const rig = startRig({ journal: createJournal(store) });
    record(rig.client.statistic$('a', sales));
    await rig.clock.advance(100);
    expect(rig.server.deleted).toEqual(['left']);
    await closeRig(rig);
    expect(store.size).toBe(0);
  });
});
