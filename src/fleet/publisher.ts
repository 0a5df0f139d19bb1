/**
 * How a leader's updates get to the bus: what was heard in one tick goes together, one publication is under way at a time,
 * and of each key only the latest update waits, so a slow bus costs no memory. Knows nothing of who leads.
 */
import type { News } from './bus.js';
import { toLine, type Update } from './line.js';

export interface Publisher {
  readonly fence: number;
  /** The sequence number of the publication that the next update goes with. */
  readonly next: number;
  /** Milliseconds that the last publication took. */
  readonly lag: number;
  /** An update for all; `undefined`: the topic is to be forgotten. */
  add(key: string, update: Update | undefined): void;
  /** Publishes the leader's report, and with it that it leads. */
  report(text: string): void;
  /** Nothing more is published. */
  end(): void;
}

export interface PublisherDeps {
  readonly fence: number;
  /** Monotonic milliseconds. */
  now(): number;
  /** Whether the lease still holds, as far as this process can know. */
  mayPublish(): boolean;
  publish(news: News): Promise<boolean>;
  /** Another member leads. */
  superseded(): void;
  /** A publication has arrived, or failed for this reason. */
  attempted(error: unknown): void;
}

/** The key under which a leader's report is remembered: no topic has it. */
export const reportKey = 'leader';
/** Characters, and keys, after which a publication is divided. */
const mostCharacters = 256 * 1024;
const mostChanges = 2_000;

export function createPublisher({ fence, now, mayPublish, publish, superseded, attempted }: PublisherDeps): Publisher {
  let waiting = new Map<string, Update | undefined>();
  let reported: string | undefined;
  let sequence = 0;
  let lag = 0;
  let isScheduled = false;
  let isSending = false;
  let ended = false;

  function schedule(): void {
    if (!isScheduled && !isSending && !ended) {
      isScheduled = true;
      queueMicrotask(() => void send());
    }
  }

  /** Takes from what waits as much as one publication may hold. */
  function take(): { readonly changes: readonly string[]; readonly taken: ReadonlyMap<string, Update | undefined> } {
    const changes: string[] = [];
    const taken = new Map<string, Update | undefined>();
    let characters = 0;
    if (reported !== undefined) {
      changes.push(reportKey, reported);
      reported = undefined;
    }
    for (const [key, update] of waiting) {
      const line = update === undefined ? '' : toLine(update);
      waiting.delete(key);
      taken.set(key, update);
      changes.push(key, line);
      characters += key.length + line.length;
      if (characters > mostCharacters || changes.length > 2 * mostChanges) {
        break;
      }
    }
    return { changes, taken };
  }

  async function send(): Promise<void> {
    isScheduled = false;
    isSending = true;
    while (!ended && (waiting.size > 0 || reported !== undefined)) {
      if (!mayPublish()) {
        superseded();
        break;
      }
      const { changes, taken } = take();
      const from = now();
      try {
        if (!(await publish({ fence, sequence: ++sequence, changes }))) {
          superseded();
          break;
        }
        lag = now() - from;
        attempted(undefined);
      } catch (error) {
        attempted(error);
        // It may have arrived or not, so the same goes again with the next report, unless something newer waits by then.
        waiting = new Map([...taken, ...waiting]);
        break;
      }
    }
    isSending = false;
  }

  return {
    fence,
    get next() {
      return sequence + 1;
    },
    get lag() {
      return lag;
    },
    add(key, update) {
      if (!ended) {
        // Deleted first, so that the order of the keys is that of their updates.
        waiting.delete(key);
        waiting.set(key, update);
        schedule();
      }
    },
    report(text) {
      reported = text;
      schedule();
    },
    end() {
      ended = true;
      waiting.clear();
    },
  };
}
