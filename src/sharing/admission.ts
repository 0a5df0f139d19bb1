/**
 * Decides when newcomers (tenants without an upstream) are opened: together at the end of a window, or as soon as they fill an
 * upstream (G2). Owns the waiting newcomers, the limit on how often a page that keeps changing opens upstreams, and the peek that
 * gives waiting newcomers a first value.
 */
import { StatisticsApiError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { Reading } from '../model/reading.js';
import type { Cancel, Clock } from '../time/clock.js';
import type { PageLifecycle } from '../time/page-lifecycle.js';
import type { TokenBucket } from '../time/token-bucket.js';
import type { Answer } from '../upstream/source.js';
import type { Monitor } from '../upstream/telemetry/monitor.js';
import { countDefinitions } from './packing.js';
import type { Tenant } from './tenant.js';

export interface AdmissionDeps {
  readonly clock: Clock;
  readonly page: Pick<PageLifecycle, 'isVisible' | 'afterTask'>;
  readonly monitor: Pick<Monitor, 'emit'>;
  /** Milliseconds in which newcomers are gathered. */
  readonly window: number;
  /** Limits how often newcomers are opened. Newcomers beyond the limit get a first value by a peek, and are opened with the next ones. */
  readonly opens: TokenBucket;
  /** The most definitions in one upstream. */
  limit(): number;
  /** Opens newcomers, together with the tenants of existing small groups. */
  open(newcomers: readonly Tenant[]): void;
  /** Opens newcomers without tenants of existing groups. */
  openApart(newcomers: readonly Tenant[]): void;
  /** Reads configured statistics once, without a subscription. In the order of `definitions`; `undefined` where the server has none. */
  peek(definitions: readonly Definition[], signal: AbortSignal): Promise<readonly (Reading | undefined)[]>;
}

export interface Admission {
  /** Adds a new tenant, which is opened with the present window or a later one. */
  add(tenant: Tenant): void;
  /** Removes a newcomer that nobody observes any more, so that it is never opened. */
  turnAway(tenant: Tenant): void;
  close(): void;
}

/** Milliseconds without another peek after the server has refused one. */
const peekAgainAfter = 60_000;

export function createAdmission(deps: AdmissionDeps): Admission {
  const { clock, page, monitor, window, opens, limit } = deps;
  /** `newcomers` are all tenants that wait to be opened; `gathered` are the ones that came in the present window. */
  const newcomers = new Set<Tenant>();
  let gathered: Tenant[] = [];
  /** Number of definitions of all newcomers. A definition that several of them need counts several times. */
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

  /** In a hidden page, the window closes after the present task, because browsers delay the timers of such a page by up to a minute. */
  const closeWindowAfter = (delay: number): Cancel => (page.isVisible ? clock.after(delay, closeWindow) : page.afterTask(closeWindow));

  function closeWindow(): void {
    cancelWindow = undefined;
    const late = gathered.filter((tenant) => newcomers.has(tenant));
    gathered = [];
    // Newcomers that fill an upstream cost the same number of requests now as later, so they take no token.
    if (fillsUpstream() || opens.tryTake()) {
      openAll();
      return;
    }
    cancelTurn ??= clock.after(opens.timeUntilNext(), takeTurn);
    // Newcomers that cannot be peeked at are opened now: they have no other way to a first value. No existing group moves for them.
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

  /** Gives newcomers that wait for their upstream a first value by one peek. */
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
        // A tenant that was opened during the peek has, or will get, a newer value.
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
      // Any other error means that the network failed. An opening would fail too, so the newcomers wait for the token bucket.
    }
  }

  return {
    add(tenant) {
      newcomers.add(tenant);
      needed += tenant.definitions.length;
      gathered.push(tenant);
      cancelWindow ??= closeWindowAfter(window);
      // With this tenant the newcomers fill an upstream, so waiting for more gains nothing.
      if (needed >= limit() && needed - tenant.definitions.length < limit() && fillsUpstream()) {
        cancelWindow();
        cancelWindow = closeWindowAfter(0);
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
