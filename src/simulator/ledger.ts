/**
 * What was asked of the server and what became of it: the oracle of tests. Owns the record; must not know how a request
 * is answered.
 */

/** The endpoints, as the ledger and the faults call them. `other` is everything else, CometD included. */
export const OPERATIONS = ['open', 'read', 'close', 'peek', 'peekAll', 'options', 'other'] as const;

/**
 * What a request is for: `open` POST /subscriptions, `read` GET /subscriptions/{id}/statistic-values, `close`
 * DELETE /subscriptions/{id}, `peek` GET /statistic-values/{name}, `peekAll` POST /operations/get-statistic-ex, `options`
 * any preflight, `other` the rest.
 */
export type Operation = (typeof OPERATIONS)[number];

/** One request as it came in. */
export interface RecordedRequest {
  /** Real epoch ms at which its head had arrived. */
  readonly at: number;
  readonly operation: Operation;
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text as it came. Absent when there was none, when it was not UTF-8, was too large, or has not all arrived. */
  readonly body?: string;
  /** Of `read` and `close` as asked; of `open` once it has been opened. */
  readonly subscriptionId?: string;
  /** Of the answer; absent until it is sent, and for ever when no answer (or half of one) was. */
  readonly status?: number;
  /** Real epoch ms of the answer. */
  readonly answeredAt?: number;
}

/** A request while its story is still being written. @internal */
export type OpenEntry = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

/** The record of a simulator. Everything is live: it grows as requests come. */
export interface Ledger {
  /** Ids of subscriptions in the order they were opened, also when the answer was then lost. */
  readonly opened: readonly string[];
  /** Ids of subscriptions that a DELETE removed, in order. A DELETE of an unknown id leaves no trace here. */
  readonly deleted: readonly string[];
  /** Ids of the subscriptions that live now, in the order they were opened. */
  readonly open: readonly string[];
  /** Requests in the order they came, the latest 100,000. */
  readonly requests: readonly RecordedRequest[];
  /** Connections open now. */
  readonly sockets: number;
  /** Connections accepted so far. */
  readonly connections: number;
  /** How many requests came for an operation, or for all; since the last `clear()`. */
  count(operation?: Operation): number;
  /** Forgets what was recorded. Subscriptions stay, so `open` does. */
  clear(): void;
}

const MOST_REQUESTS = 100_000;

/** The writing side of a ledger. */
export interface LedgerBook {
  readonly ledger: Ledger;
  record(entry: OpenEntry): void;
  opened(id: string): void;
  deleted(id: string): void;
}

/** Makes a ledger; `live` tells the ids that live now, `sockets` the connections. */
export function createLedger(live: () => Iterable<string>, sockets: () => { readonly open: number; readonly accepted: number }): LedgerBook {
  const opened: string[] = [];
  const deleted: string[] = [];
  const requests: RecordedRequest[] = [];
  const counts = new Map<Operation, number>();
  return {
    ledger: {
      opened,
      deleted,
      requests,
      get open() {
        return [...live()];
      },
      get sockets() {
        return sockets().open;
      },
      get connections() {
        return sockets().accepted;
      },
      count(operation) {
        if (operation !== undefined) return counts.get(operation) ?? 0;
        let all = 0;
        for (const count of counts.values()) all += count;
        return all;
      },
      clear() {
        opened.length = 0;
        deleted.length = 0;
        requests.length = 0;
        counts.clear();
      },
    },
    record(entry) {
      requests.push(entry);
      // A tenth at a time, so that a simulator left running for days pays for it rarely.
      if (requests.length > MOST_REQUESTS * 1.1) requests.splice(0, requests.length - MOST_REQUESTS);
      counts.set(entry.operation, (counts.get(entry.operation) ?? 0) + 1);
    },
    opened: (id) => void opened.push(id),
    deleted: (id) => void deleted.push(id),
  };
}
