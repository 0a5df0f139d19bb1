/** The record of requests and subscriptions, by which tests judge a client. Does not know how a request is answered. */

/** The endpoints, as the ledger and the faults call them. `other` is everything else, CometD included. */
export const OPERATIONS = ['open', 'read', 'close', 'peek', 'peekAll', 'options', 'other'] as const;

/**
 * The purpose of a request: `open` POST /subscriptions, `read` GET /subscriptions/{id}/statistic-values, `close` DELETE
 * /subscriptions/{id}, `peek` GET /statistic-values/{name}, `peekAll` POST /operations/get-statistic-ex, `options` any preflight,
 * `other` any other request.
 */
export type Operation = (typeof OPERATIONS)[number];

/** One request as it arrived. */
export interface RecordedRequest {
  /** Real epoch ms of the arrival of its head. */
  readonly at: number;
  readonly operation: Operation;
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text as it arrived. Absent if there was none, or if it is not UTF-8, too large or incomplete. */
  readonly body?: string;
  /** For `read` and `close` the requested id; for `open` the new one, once it is open. */
  readonly subscriptionId?: string;
  /** The status of the answer. Absent until the answer is sent, and if it is never sent completely. */
  readonly status?: number;
  /** Real epoch ms of the answer. */
  readonly answeredAt?: number;
}

/** A request that is still under way. @internal */
export type OpenEntry = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

/** The record of a simulator. It grows as requests arrive. */
export interface Ledger {
  /** Ids of subscriptions in the order of opening, including those whose answer was lost. */
  readonly opened: readonly string[];
  /** Ids of subscriptions that a DELETE removed, in order. A DELETE of an unknown id adds nothing. */
  readonly deleted: readonly string[];
  /** Ids of the open subscriptions, in the order of opening. */
  readonly open: readonly string[];
  /** The latest 100,000 requests, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The number of open connections. */
  readonly sockets: number;
  /** The number of connections accepted so far. */
  readonly connections: number;
  /** The number of requests for an operation, or of all requests, since the last `clear()`. */
  count(operation?: Operation): number;
  /** Clears the record. Subscriptions stay open, so `open` stays as well. */
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

/** Makes a ledger. `live` returns the ids of open subscriptions, `sockets` the number of connections. */
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
      // Drops a tenth at a time, so that a simulator that runs for days does this rarely.
      if (requests.length > MOST_REQUESTS * 1.1) requests.splice(0, requests.length - MOST_REQUESTS);
      counts.set(entry.operation, (counts.get(entry.operation) ?? 0) + 1);
    },
    opened: (id) => void opened.push(id),
    deleted: (id) => void deleted.push(id),
  };
}
