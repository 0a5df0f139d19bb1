/** Scripted faults: the requests that they apply to, how often, and in which order. Owns the script; the server owns the effect on the wire. */
import { OPERATIONS, type Operation, type RecordedRequest } from './ledger.js';
import { LONGEST_TIMER, number, onlyKeys, whole, wrong } from './checks.js';

/** The requests that a fault applies to. */
export interface FaultSelection {
  /** @defaultValue every operation */
  readonly operation?: Operation | readonly Operation[] | undefined;
  /** The number of requests that it applies to: 1 or more, or `Infinity`. @defaultValue `1`; `Infinity` with `probability` or `lasts` */
  readonly times?: number | undefined;
  /** The number of matching requests that pass first. @defaultValue `0` */
  readonly after?: number | undefined;
  /** The probability that it applies to a matching request, above 0 and at most 1, drawn by the simulator's seed. @defaultValue `1` */
  readonly probability?: number | undefined;
  /** The fault ends after this number of milliseconds of simulated time. @defaultValue without end */
  readonly lasts?: number | undefined;
  /** A further condition on the request, whose body has been read. @defaultValue every request */
  readonly match?: ((request: RecordedRequest) => boolean) | undefined;
}

/** The effect of a fault, by `kind`. */
export type FaultKind =
  /**
   * Answers with this status, and does not process the request. `body`: text as it is, anything else as JSON; by default an
   * envelope with the status.
   */
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> | undefined }
  /**
   * Answers with this body, and does not process the request: text or bytes as they are, anything else as JSON. `status` is 200 by
   * default.
   */
  | { readonly kind: 'body'; readonly body: unknown; readonly status?: number | undefined; readonly headers?: Readonly<Record<string, string>> | undefined }
  /** Processes the request, then answers with the result of `rewrite`: text as it is, anything else as JSON. */
  | {
      readonly kind: 'rewrite';
      /** Receives the parsed body of the usual answer, and returns the body to send. */
      readonly rewrite: (body: unknown) => unknown;
    }
  /** Waits this number of real milliseconds, then processes the request, even if the client has gone. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Does not answer. When the fault is undone, waiting requests are processed. */
  | { readonly kind: 'hang' }
  /** Resets the connection, and does not process the request. */
  | { readonly kind: 'reset' }
  /** Processes the request, then resets the connection: the answer is lost. */
  | { readonly kind: 'resetAfter' }
  /** Processes the request, then sends half of the body with the full content-length and closes the connection. */
  | { readonly kind: 'truncate' }
  /** Forgets the requested subscription, then processes the request. */
  | { readonly kind: 'forget' }
  /** Expires the token, as `expireToken(newToken)` does, then processes the request. */
  | { readonly kind: 'expireToken'; readonly newToken?: string | undefined };

/** A fault: its kind, and the requests that it applies to. */
export type FaultScript = FaultSelection & FaultKind;

/** A fault that took a request. @internal */
export interface TakenFault {
  readonly fault: FaultScript;
  /** Calls back when the fault is undone, or at once if it already is. */
  onUndo(release: () => void): void;
}

/** The faults in force. */
export interface Faults {
  /** Adds a fault. Returns a function that undoes it. */
  add(fault: FaultScript): () => void;
  /** Undoes all. */
  clear(): void;
  /** The first added fault that applies to the request, or `undefined`. */
  take(request: RecordedRequest): TakenFault | undefined;
}

interface Scripted {
  readonly fault: FaultScript;
  /** Simulated epoch ms. */
  readonly until: number;
  left: number;
  toPass: number;
  undone: boolean;
  readonly releases: Set<() => void>;
}

/** The kinds of faults, each with its keys besides those of the selection. */
const KINDS: Record<FaultKind['kind'], readonly string[]> = {
  status: ['status', 'body', 'headers'],
  body: ['body', 'status', 'headers'],
  rewrite: ['rewrite'],
  delay: ['ms'],
  hang: [],
  reset: [],
  resetAfter: [],
  truncate: [],
  forget: [],
  expireToken: ['newToken'],
};
const SELECTION = Object.keys({
  operation: true, times: true, after: true, probability: true, lasts: true, match: true,
} satisfies Record<keyof FaultSelection, true>);

/**
 * Makes an empty script.
 *
 * @param chance - `true` with a probability. @param now - simulated epoch ms.
 */
export function createFaults(chance: (probability: number) => boolean, now: () => number): Faults {
  const scripts = new Set<Scripted>();
  /** All faults with hanging requests, used-up ones included. */
  const holding = new Set<Scripted>();
  const undo = (script: Scripted): void => {
    scripts.delete(script);
    holding.delete(script);
    script.undone = true;
    for (const release of script.releases) release();
    script.releases.clear();
  };
  return {
    add(fault) {
      check(fault);
      const { after = 0, lasts = Infinity, probability, times = probability === undefined && lasts === Infinity ? 1 : Infinity } = fault;
      const script: Scripted = { fault, until: now() + lasts, left: times, toPass: after, undone: false, releases: new Set() };
      scripts.add(script);
      return () => undo(script);
    },
    clear() {
      for (const script of [...scripts, ...holding]) undo(script);
    },
    take(request) {
      for (const script of scripts) {
        if (now() >= script.until) {
          scripts.delete(script);
          continue;
        }
        if (!matches(script.fault, request)) continue;
        if (script.toPass > 0) {
          script.toPass--;
          continue;
        }
        if (!chance(script.fault.probability ?? 1)) continue;
        script.left--;
        if (script.left <= 0) scripts.delete(script);
        return {
          fault: script.fault,
          onUndo(release) {
            if (script.undone) release();
            else {
              script.releases.add(release);
              holding.add(script);
            }
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
  if (typeof fault !== 'object' || (fault as object | null) === null) throw wrong('fault', fault, 'an object with kind');
  if (!Object.hasOwn(KINDS, fault.kind)) throw wrong('fault.kind', fault.kind, `one of ${Object.keys(KINDS).join(', ')}`);
  onlyKeys(`fault (${fault.kind})`, fault, ['kind', ...KINDS[fault.kind], ...SELECTION]);
  for (const operation of [fault.operation ?? []].flat()) {
    if (!OPERATIONS.includes(operation)) throw wrong('fault.operation', operation, `one of ${OPERATIONS.join(', ')}`);
  }
  const { times = 1, after = 0 } = fault;
  if (times !== Infinity && !(Number.isSafeInteger(times) && times >= 1)) throw wrong('fault.times', times, 'a whole number from 1, or Infinity');
  if (!(Number.isSafeInteger(after) && after >= 0)) throw wrong('fault.after', after, 'a whole number from 0');
  number('fault.probability', fault.probability, 1, Number.MIN_VALUE, 1);
  number('fault.lasts', fault.lasts, 1, 1, Number.MAX_SAFE_INTEGER);
  if (fault.match !== undefined && typeof fault.match !== 'function') throw wrong('fault.match', fault.match, 'a function');
  if (fault.kind === 'delay') number('fault.ms', fault.ms, null, 0, LONGEST_TIMER);
  if (fault.kind === 'rewrite' && typeof fault.rewrite !== 'function') throw wrong('fault.rewrite', fault.rewrite, 'a function');
  if (fault.kind === 'status') whole('fault.status', fault.status, null, 200, 599);
  if (fault.kind === 'body') whole('fault.status', fault.status, 200, 200, 599);
}
