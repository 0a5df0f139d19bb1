/**
 * One server-side subscription, kept alive: opening (never aborted) -> live -> reopening -> closing. Owns the id, the
 * order of requests (one at a time, G4) and what each failure leads to. Knows nothing of observers or of sharing.
 */
import { reasonToEnd, StatisticsError, StatisticsNetworkError } from '../model/errors.js';
import type { Definition } from '../model/definition.js';
import type { BackoffOptions } from '../time/backoff.js';
import type { CadenceOptions } from '../time/cadence.js';
import type { Cancel, Clock } from '../time/clock.js';
import { retry } from '../time/retry.js';
import { createPause } from '../time/pause.js';
import type { Presence } from '../time/presence.js';
import { textOfBody } from '../wire/body.js';
import { partialFailureOf, readEntries, readEnvelope, requireFew, withoutData, type Entry } from '../wire/envelope.js';
import type { OpenStatistic, RawAnswer, Verbose, WireApi } from '../wire/api.js';
import type { Credentials } from '../wire/credentials.js';
import { createComparer, type Comparer } from './compare.js';
import { createMatcher, type Matched, type Matcher } from './match.js';
import type { Host } from './host.js';
import { createIds } from './ids.js';
import type { Monitor } from './monitor.js';
import { narrowed } from './narrow.js';
import { createPace } from './pace.js';
import { createPatience } from './patience.js';
import type { Remover } from './remover.js';
import type { Source, SourceHandle, SourceHooks } from './source.js';
import { mayHaveOpened, openVerdict, pollVerdict } from './verdict.js';
import { createVisits } from './visit.js';

export interface UpstreamDeps {
  readonly api: WireApi;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly monitor: Monitor;
  readonly remover: Remover;
  readonly host: Host;
  readonly presence: Presence;
  /** A new operationId, never given twice. */
  readonly newId: () => string;
  readonly poll: CadenceOptions & { readonly verbose: Verbose; readonly staleAfter: number };
  readonly retryOptions: BackoffOptions;
  readonly requestTimeout: number;
}

/** An open subscription on the server. */
interface Session {
  readonly id: string;
  /** What stands for it in all it answers. Empty: whoever remembers where a value came from must not keep all this alive. */
  readonly origin: object;
  readonly matcher: Matcher;
  readonly comparer: Comparer;
  readonly reopened: boolean;
  /** Aborts when it is not to be read any more: the upstream was closed, or the page left. */
  readonly signal: AbortSignal;
  /** What the opening answered, until it is handed on. */
  first: Matched | undefined;
}

/** After so many server errors on end, opening may be the definitions' fault. */
const strikesToSplit = 3;
/** After so many on end, a subscription that was fine is taken for lost. */
const strikesToReopen = 4;
/** A statistic that neither the opening nor so many polls have held is not coming. */
const pollsToMiss = 2;

/** Makes upstreams over the API: the {@link Source} that the client uses. */
export function createUpstreams(deps: UpstreamDeps): Source {
  return (definitions, hooks, failures = 0) => startUpstream(deps, definitions, hooks, failures);
}

function startUpstream(deps: UpstreamDeps, definitions: readonly Definition[], hooks: SourceHooks, failedBefore: number): SourceHandle {
  const { api, clock, monitor, remover, host, presence, poll } = deps;
  const track = monitor.track(definitions);
  const closing = new AbortController();
  /** Between polls: what observers need may end it, but never the wait after a failure. */
  const untilDue = createPause(clock, closing.signal);
  const pace = createPace({ clock, presence, poll, definitions, wanted: () => hooks.needs().interval });
  /** `undefined` once it was rejected: it is not opened again. */
  const wanted: (Definition | undefined)[] = [...definitions];
  const held = new Uint8Array(definitions.length);
  /** Whether any session has handed on an answer: one that was lost before has shown nobody a clock. */
  let hasAnswered = false;
  let notHeld = definitions.length;
  /** The polls that asked for a statistic, while no answer has held it. */
  const missed = new Uint8Array(definitions.length);
  const visits = createVisits(deps, closing.signal, () => {
    // The server has done nothing wrong: there is nothing to back off from.
    reopenAtOnce = true;
    patience.wake();
    untilDue.wake();
  });
  const patience = createPatience(deps, { track, signal: closing.signal, failures: failedBefore });
  let cancelStale: Cancel | undefined;
  let state: 'opening' | 'live' | 'reopening' | 'closing' = 'opening';
  /** Wished for: a poll that began before the wish does not fulfil it. */
  let pollAgain = false;
  /** Whether the session has had a healthy poll; and whether it was lost for sure. Both: a new one at once. */
  let healthy = false;
  let reopenAtOnce = false;

  const isClosing = (): boolean => state === 'closing';
  const isPollWanted = (): boolean => pollAgain;

  async function run(): Promise<void> {
    armStale();
    try {
      let previousId: string | undefined;
      while (!isClosing()) {
        const session = await open(previousId);
        if (session === undefined) {
          return;
        }
        try {
          await live(session);
        } finally {
          visits.settle();
        }
        previousId = session.id;
        state = isClosing() ? 'closing' : 'reopening';
      }
    } catch (error) {
      // Nothing above lets an error through: a bug of ours must not leave observers waiting for ever.
      end();
      hooks.refused(new StatisticsError('unexpected failure', { cause: error }), 'refusal', patience.failures);
    } finally {
      end();
      visits.end();
    }
  }

  // -- opening, reopening ------------------------------------------------------------------------------------------

  /** Opens, for as long as it takes. `undefined`: closed meanwhile, or refused. */
  async function open(previousId: string | undefined): Promise<Session | undefined> {
    const turn = patience.turn('open');
    let strikes = 0;
    if (previousId !== undefined && !reopenAtOnce && !(await patience.rest('open', patience.lastError ?? lost(previousId)))) {
      return undefined;
    }
    if (!(await patience.embargo())) {
      return undefined;
    }
    let judged = false;
    try {
      return await retry(
        async () => {
          await visits.present();
          turn.begin();
          const session = await openOnce(previousId);
          turn.reached();
          return session;
        },
        async (error) => {
          judged = true;
          if (isClosing()) {
            return false;
          }
          pace.heldUp();
          const verdict = openVerdict(error);
          const failure = asOurs(error);
          if (verdict === 'refusal' || verdict === 'too-large') {
            turn.reached();
            end();
            hooks.refused(failure, verdict, patience.failures);
            return false;
          }
          strikes = verdict === 'strike' ? strikes + 1 : 0;
          if (strikes >= strikesToSplit && hooks.refused(failure, 'struck', patience.failures + 1)) {
            turn.reached();
            end();
            return false;
          }
          return turn.after(verdict, failure);
        },
      );
    } catch (error) {
      throwUnless(judged, error);
      return undefined;
    }
  }

  /** One POST. It is never aborted: its answer names what has to be deleted (G3). */
  async function openOnce(previousId: string | undefined): Promise<Session> {
    const operationId = deps.newId();
    const { signal } = visits;
    const ids = createIds(operationId, wanted.length);
    const statistics: OpenStatistic[] = [];
    wanted.forEach((wish, index) => {
      if (wish !== undefined) {
        const { name, definition, objectId, objectType } = wish;
        statistics.push({ statisticId: ids.of(index), name, definition, objectId, objectType });
      }
    });
    visits.owe(operationId);
    const { subscriptionId, entries } = await api.openEntries(operationId, statistics).catch((error: unknown) => {
      visits.owe(undefined);
      if (mayHaveOpened(error)) {
        const timedOut = error instanceof StatisticsNetworkError && error.kind === 'timeout';
        // After a timeout the server may still be at it: a DELETE sent now could overtake the opening.
        remover.remove(operationId, timedOut ? deps.requestTimeout : 0);
      }
      throw error;
    });
    visits.owe(subscriptionId);
    monitor.emit(
      previousId === undefined
        ? { type: 'opened', subscriptionId, statistics: statistics.length }
        : { type: 'reopened', subscriptionId, previousId, statistics: statistics.length },
    );
    try {
      requireFew(entries, statistics.length);
      const matcher = createMatcher(wanted, ids);
      const first = matcher.match(entries.map(matcher.essence));
      return { id: subscriptionId, origin: {}, matcher, comparer: createComparer(matcher.essence), reopened: hasAnswered, signal, first };
    } catch (error) {
      // It is open, though what it answered cannot be used.
      visits.settle();
      throw error;
    }
  }

  // -- live --------------------------------------------------------------------------------------------------------

  /** Polls until closed or lost. */
  async function live(session: Session): Promise<void> {
    if (session.signal.aborted) {
      return;
    }
    state = 'live';
    healthy = false;
    pollAgain = false;
    if (session.first !== undefined) {
      deliver(session, session.first, definitions.length);
      session.first = undefined;
    }
    pace.opened();
    while (await rest(session)) {
      pace.polling();
      const changed = await pollUntilAnswered(session);
      if (changed === undefined) {
        return;
      }
      pace.polled(changed > 0);
    }
  }

  /** Waits until a poll is due, or wished for, and may be sent; resolves false when the session is over. */
  async function rest({ signal }: Session): Promise<boolean> {
    for (let wait = pace.wait(); wait > 0 && !isPollWanted(); wait = pace.wait()) {
      if (!(await untilDue.rest(wait)) || signal.aborted) {
        return false;
      }
    }
    return (await patience.embargo()) && host.turn(signal);
  }

  /** One answer, after as many attempts as it takes: how much of it is news. `undefined`: closed, or lost. */
  async function pollUntilAnswered(session: Session): Promise<number | undefined> {
    const turn = patience.turn('poll');
    let strikes = 0;
    let raw: RawAnswer | undefined;
    let answered: readonly Entry[] = [];
    let matched: Matched;
    let judged = false;
    let asked: readonly number[] | undefined;
    try {
      matched = await retry(
        async () => {
          turn.begin();
          pollAgain = false;
          asked = session.matcher.knowsIds() ? narrowed(hooks.needs().indices, session.matcher) : undefined;
          const statisticIds = asked?.map(session.matcher.of);
          raw = await api.readRaw(session.id, { verbose: verboseFor(session), signal: session.signal, statisticIds });
          const { entries, changed } = compare(session, raw);
          answered = entries;
          try {
            const found = session.matcher.match(entries, changed);
            turn.reached();
            return found;
          } catch (error) {
            // Or the next answer would be compared with one that was never taken.
            session.comparer.forget();
            throw error;
          }
        },
        async (error) => {
          judged = true;
          if (session.signal.aborted) {
            return false;
          }
          const verdict = pollVerdict(error);
          const failure = asOurs(error);
          strikes = verdict === 'strike' ? strikes + 1 : 0;
          if (verdict === 'gone' || strikes >= strikesToReopen) {
            turn.reached();
            lose(failure, verdict === 'gone');
            return false;
          }
          pace.heldUp();
          return turn.after(verdict, failure);
        },
      );
    } catch (error) {
      throwUnless(judged, error);
      return undefined;
    }
    if (session.signal.aborted) {
      return undefined;
    }
    return deliver(session, matched, answered.length, raw, asked);
  }

  /** The entries of an answer, and which of them can differ from the last. Throws what a whole parse would. */
  function compare({ comparer }: Session, { body, context, age }: RawAnswer): { entries: readonly Entry[]; changed: readonly number[] | undefined } {
    if (age > poll.staleAfter) {
      // It confirms nothing: taken for an answer, a cache on the way would keep dead values live.
      throw new StatisticsNetworkError(`${context.operation} was answered by a cache, with what is ${age / 1000} s old`, 'unreadable');
    }
    const compared = comparer.read(body, () => readEntries(readEnvelope(textOfBody(body, context.operation), context), definitions.length));
    if (compared === undefined) {
      throw withoutData(context);
    }
    return compared;
  }

  function verboseFor({ matcher }: Session): Verbose {
    return matcher.seenAll() ? poll.verbose : 'INFO';
  }

  /**
   * Hands an answer on. `undefined`: it holds none of ours, so it is another's or nobody's.
   *
   * @param raw - the answer to a poll as it came; `undefined`: it is the opening's.
   * @param asked - what it was asked for, of which alone it tells anything; `undefined`: all.
   */
  function deliver(session: Session, { readings, changed }: Matched, entries: number, raw?: RawAnswer, asked?: readonly number[]): number | undefined {
    const opening = raw === undefined;
    // What is compared with an answer that held some holds them too.
    const ours = changed !== undefined || readings.some((reading) => reading !== undefined);
    if (!opening && !ours && (entries > 0 || (asked?.some((index) => held[index] === 1) ?? notHeld < definitions.length))) {
      lose(lost(session.id), true);
      return undefined;
    }
    if (ours) {
      armStale();
    }
    if (ours && !opening) {
      patience.restore();
      healthy = true;
    }
    track.working();
    if (changed === undefined && notHeld > 0) {
      readings.forEach((reading, index) => {
        if (reading !== undefined && held[index] === 0) {
          held[index] = 1;
          notHeld--;
        }
      });
    }
    hasAnswered = true;
    const news = hooks.answer({ readings, changed, session: session.origin, receivedAt: clock.now(), opening, reopened: session.reopened });
    if (!opening) {
      monitor.emit({ type: 'polled', subscriptionId: session.id, statistics: entries, changed: news });
    }
    if (!opening && notHeld > 0) {
      tellMissing(raw, asked);
    }
    return news;
  }

  function tellMissing(raw: RawAnswer, asked: readonly number[] = [...wanted.keys()]): void {
    const missing = asked.filter((index) => {
      missed[index] = (missed[index] ?? 0) + 1;
      return wanted[index] !== undefined && held[index] === 0 && missed[index] >= pollsToMiss;
    });
    if (missing.length > 0 && !isClosing()) {
      for (const index of missing) {
        wanted[index] = undefined;
      }
      track.size(wanted.filter((definition) => definition !== undefined).length);
      hooks.missing(missing, partialFailureOf(raw));
    }
  }

  /** The subscription is lost, surely or by suspicion. One that dies before a healthy poll would make a loop: back off. */
  function lose(error: StatisticsError, surely: boolean): void {
    reopenAtOnce = healthy && surely;
    patience.note(error);
  }

  // -- stale, end --------------------------------------------------------------------------------------------------

  function armStale(): void {
    cancelStale?.();
    // Who polls more rarely than the client's options say can be told more rarely, too.
    const later = 2 * Math.max(0, pace.interval() - poll.maxInterval);
    cancelStale = clock.after(poll.staleAfter + later, () => hooks.stale(patience.lastError));
  }

  function end(): void {
    state = 'closing';
    closing.abort(reasonToEnd('the upstream was closed'));
    cancelStale?.();
    forgetPresence();
    track.end();
  }

  /** Somebody looks again: what is old by now is asked for, and what failed while nobody looked is no reason to wait. */
  function catchUp(): void {
    pace.returned();
    hurry();
  }

  function hurry(): void {
    host.hurry();
    patience.wake();
    untilDue.wake();
  }

  const forgetPresence = presence.onReturn(catchUp);

  function reconsider(): void {
    untilDue.wake();
  }

  // Not before the caller holds the handle.
  remover.track(Promise.resolve().then(run), () => visits.owed);
  return {
    close: end,
    refresh() {
      pollAgain = true;
      hurry();
    },
    reconsider,
  };
}

/** A failure that was never judged is a bug of ours, and must not pass for an end. */
function throwUnless(judged: boolean, error: unknown): void {
  if (!judged) {
    throw error;
  }
}

function lost(id: string): StatisticsError {
  return new StatisticsError(`subscription ${id} is lost: the server answered with none of its statistics`);
}

function asOurs(error: unknown): StatisticsError {
  return error instanceof StatisticsError ? error : new StatisticsError('unexpected failure', { cause: error });
}
