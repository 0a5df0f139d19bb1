/**
 * Scripted faults: which request they take, how often, and in what order. Owns the script; how a fault shows on the wire
 * belongs to the server.
 */
import { OPERATIONS, type Operation, type RecordedRequest } from './ledger.js';
import { LONGEST_TIMER, number, whole, wrong } from './options.js';

/** Which requests a fault takes. */
export interface FaultSelection {
  /** @defaultValue every operation */
  readonly operation?: Operation | readonly Operation[] | undefined;
  /** How many requests it takes before it is spent: 1 or more, or `Infinity`. @defaultValue `1` */
  readonly times?: number | undefined;
  /** How many requests that match it lets pass first. @defaultValue `0` */
  readonly after?: number | undefined;
  /** A further condition; the body has been read. @defaultValue every request */
  readonly match?: ((request: RecordedRequest) => boolean) | undefined;
}

/** What goes wrong. */
export type FaultKind =
  /** Answers with this status, unprocessed. `body`: text as it is, anything else as JSON; default an envelope that says so. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> | undefined }
  /** Answers with this body, unprocessed: text or bytes as they are, anything else as JSON. `status` is 200 unless given. */
  | { readonly kind: 'body'; readonly body: unknown; readonly status?: number | undefined; readonly headers?: Readonly<Record<string, string>> | undefined }
  /** Processes, then answers what `rewrite` makes of the body: text as it is, anything else as JSON. */
  | { readonly kind: 'rewrite'; readonly rewrite: (body: unknown) => unknown }
  /** Waits so many real ms, then processes, whether or not the client still listens. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Does not answer. Undoing the fault processes those that still wait. */
  | { readonly kind: 'hang' }
  /** Resets the connection, unprocessed. */
  | { readonly kind: 'reset' }
  /** Processes, then resets the connection: the answer is lost. */
  | { readonly kind: 'resetAfter' }
  /** Processes, then sends half of the body under the full content-length and closes the connection. */
  | { readonly kind: 'truncate' }
  /** Forgets the subscription asked for, then processes. */
  | { readonly kind: 'forget' }
  /** Expires the token first, as `expireToken(newToken)` does, then processes. */
  | { readonly kind: 'expireToken'; readonly newToken?: string | undefined };

/** A fault: what goes wrong and for which requests. */
export type FaultScript = FaultSelection & FaultKind;

/** A fault that took a request. @internal */
export interface TakenFault {
  readonly fault: FaultScript;
  /** Calls back when the fault is undone; at once when it has been. */
  onUndo(release: () => void): void;
}

/** The faults now in force. */
export interface Faults {
  /** Adds one; the answer undoes it. */
  add(fault: FaultScript): () => void;
  /** The first fault in the order they were added that takes the request, or `undefined`. */
  take(request: RecordedRequest): TakenFault | undefined;
}

interface Scripted {
  readonly fault: FaultScript;
  left: number;
  toPass: number;
  undone: boolean;
  readonly releases: Set<() => void>;
}

const KINDS: Record<FaultKind['kind'], true> = {
  status: true,
  body: true,
  rewrite: true,
  delay: true,
  hang: true,
  reset: true,
  resetAfter: true,
  truncate: true,
  forget: true,
  expireToken: true,
};

/** Makes an empty script. */
export function createFaults(): Faults {
  const scripts = new Set<Scripted>();
  return {
    add(fault) {
      check(fault);
      const script: Scripted = { fault, left: fault.times ?? 1, toPass: fault.after ?? 0, undone: false, releases: new Set() };
      scripts.add(script);
      return () => {
        scripts.delete(script);
        script.undone = true;
        for (const release of script.releases) release();
        script.releases.clear();
      };
    },
    take(request) {
      for (const script of scripts) {
        if (!matches(script.fault, request)) continue;
        if (script.toPass > 0) {
          script.toPass--;
          continue;
        }
        script.left--;
        if (script.left <= 0) scripts.delete(script);
        return {
          fault: script.fault,
          onUndo(release) {
            if (script.undone) release();
            else script.releases.add(release);
          },
        };
      }
      return undefined;
    },
  };
}

function matches({ operation, match }: FaultScript, request: RecordedRequest): boolean {
  if (operation !== undefined && ![operation].flat().includes(request.operation)) return false;
  return match === undefined || match(request);
}

function check(fault: FaultScript): void {
  if (!Object.hasOwn(KINDS, fault.kind)) throw wrong('fault.kind', fault.kind, `one of ${Object.keys(KINDS).join(', ')}`);
  for (const operation of [fault.operation ?? []].flat()) {
    if (!OPERATIONS.includes(operation)) throw wrong('fault.operation', operation, `one of ${OPERATIONS.join(', ')}`);
  }
  const { times = 1, after = 0 } = fault;
  if (times !== Infinity && !(Number.isSafeInteger(times) && times >= 1)) throw wrong('fault.times', times, 'a whole number from 1, or Infinity');
  if (!(Number.isSafeInteger(after) && after >= 0)) throw wrong('fault.after', after, 'a whole number from 0');
  if (fault.kind === 'delay') number('fault.ms', fault.ms, null, 0, LONGEST_TIMER);
  if (fault.kind === 'rewrite' && typeof fault.rewrite !== 'function') throw wrong('fault.rewrite', fault.rewrite, 'a function');
  if (fault.kind === 'status') whole('fault.status', fault.status, null, 200, 599);
  if (fault.kind === 'body') whole('fault.status', fault.status, 200, 200, 599);
}
