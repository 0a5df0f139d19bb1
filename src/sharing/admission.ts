/**
 * When newcomers are opened: together at the end of a window, or as soon as they fill an upstream (G2). Owns who waits, how
 * often anything may be opened however a page churns, and the first value that those who have to wait are given by a peek.
 */
import { StatisticsApiError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { TokenBucket } from '../time/token-bucket.js';
import type { Answer } from '../upstream/source.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import { countDefinitions } from './packing.js';
import type { Tenant } from './tenant.js';

export interface AdmissionDeps {
  readonly clock: Clock;
  readonly monitor: Pick<Monitor, 'emit'>;
  /** Milliseconds in which newcomers are gathered. */
  readonly window: number;
  /** How often newcomers may be opened; those beyond it are given a peek, and opened with the next. */
  readonly opens: TokenBucket;
  /** The most definitions in one upstream. */
  limit(): number;
  /** Opens newcomers, and with them whatever came so late that it is small. */
  open(newcomers: readonly Tenant[]): void;
  /** Opens newcomers by themselves. */
  openApart(newcomers: readonly Tenant[]): void;
  /** The values of configured statistics now, without a subscription; in their order, `undefined` where the server gives none. */
  peek(definitions: readonly Definition[], signal: AbortSignal): Promise<readonly (Reading | undefined)[]>;
}

export interface Admission {
  /** A new tenant, to be opened soon. */
  add(tenant: Tenant): void;
  /** A newcomer that nobody observes any more is not opened at all. */
  turnAway(tenant: Tenant): void;
  close(): void;
}

/** Milliseconds for which a server that refuses to be peeked at is not asked again. */
const peekAgainAfter = 60_000;

export function createAdmission(deps: AdmissionDeps): Admission {
  const { clock, monitor, window, opens, limit } = deps;
  /** Those that wait to be opened; of them, those of the present window. */
  const newcomers = new Set<Tenant>();
  let gathered: Tenant[] = [];
  /** How many definitions they need, where several need the same counting it for each. */
  let needed = 0;
  const closing = new AbortController();
  let peekFrom = 0;
  let cancelWindow: Cancel | undefined;
  let cancelTurn: Cancel | undefined;

  function remove(tenant: Tenant): void {
    if (newcomers.delete(tenant)) {
      needed -= tenant.definitions.length;
    }
  }

  function stopWaiting(): void {
    cancelWindow?.();
    cancelTurn?.();
    cancelWindow = cancelTurn = undefined;
  }

  const fillsUpstream = (): boolean => needed >= limit() && countDefinitions([...newcomers]) >= limit();

  function closeWindow(): void {
    cancelWindow = undefined;
    const late = gathered.filter((tenant) => newcomers.has(tenant));
    gathered = [];
    // Newcomers that fill an upstream cost no more now than later.
    if (fillsUpstream() || opens.tryTake()) {
      openAll();
      return;
    }
    cancelTurn ??= clock.after(opens.timeUntilNext(), takeTurn);
    // Those that cannot be peeked at are opened now, and disturb nobody.
    const peekable = late.filter(isPeekable);
    openApart(late.filter((tenant) => !peekable.includes(tenant)));
    if (peekable.length > 0) {
      void peekAt(peekable);
    }
  }

  const isPeekable = ({ definitions }: Tenant): boolean => definitions.every(({ name }) => name !== undefined) && clock.monotonic() >= peekFrom;

  function takeTurn(): void {
    cancelTurn = undefined;
    if (opens.tryTake()) {
      openAll();
    } else if (newcomers.size > 0) {
      cancelTurn = clock.after(opens.timeUntilNext(), takeTurn);
    }
  }

  function openAll(): void {
    cancelTurn?.();
    cancelTurn = undefined;
    const all = [...newcomers];
    newcomers.clear();
    needed = 0;
    deps.open(all);
  }

  function openApart(some: readonly Tenant[]): void {
    some.forEach(remove);
    deps.openApart(some);
  }

  /** Gives newcomers that have to wait for their upstream a first value, all of one answer. */
  async function peekAt(some: readonly Tenant[]): Promise<void> {
    const definitions = [...new Map(some.flatMap((tenant) => tenant.definitions.map((definition) => [definition.key, definition]))).values()];
    const placeOf = new Map(definitions.map(({ key }, place) => [key, place]));
    try {
      const readings = await deps.peek(definitions, closing.signal);
      const [now, at] = [clock.now(), clock.monotonic()];
      const origin = { session: {}, receivedAt: now, serverTime: now, previousAt: at, staleBefore: Number.NEGATIVE_INFINITY, opening: false, reopened: false };
      const answer: Answer = { ...origin, readings, changed: undefined };
      monitor.emit({ type: 'peeked', statistics: definitions.length });
      for (const tenant of some) {
        // One that was opened meanwhile knows better.
        if (newcomers.has(tenant) && tenant.current === undefined) {
          tenant.places = tenant.definitions.map(({ key }) => placeOf.get(key) ?? -1);
          tenant.take(answer, undefined);
        }
      }
    } catch (error) {
      if (error instanceof StatisticsApiError) {
        peekFrom = clock.monotonic() + peekAgainAfter;
        openApart(some.filter((tenant) => newcomers.has(tenant)));
      }
      // Otherwise nothing gets through, and an opening would not either: they wait for their turn.
    }
  }

  return {
    add(tenant) {
      newcomers.add(tenant);
      needed += tenant.definitions.length;
      gathered.push(tenant);
      cancelWindow ??= clock.after(window, closeWindow);
      // Nothing is gained by waiting for more.
      if (needed >= limit() && needed - tenant.definitions.length < limit() && fillsUpstream()) {
        cancelWindow();
        cancelWindow = clock.after(0, closeWindow);
      }
    },
    turnAway(tenant) {
      remove(tenant);
      if (newcomers.size === 0) {
        gathered = [];
        stopWaiting();
      }
    },
    close() {
      closing.abort();
      stopWaiting();
      newcomers.clear();
    },
  };
}
