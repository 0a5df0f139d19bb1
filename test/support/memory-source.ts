/** A Source in memory, controlled by a test instead of a server. */
import type { Definition } from '../../src/model/definition.js';
import type { StatisticsError } from '../../src/model/errors.js';
import type { Reading } from '../../src/model/reading.js';
import type { Decision, Refusal, Source, SourceHandle, SourceHooks } from '../../src/upstream/source.js';

/** One start of the source, for the test to control. */
export interface Started {
  readonly definitions: readonly Definition[];
  readonly failures: number;
  closed: boolean;
  refreshes: number;
  reconsidered: number;
  /**
   * Answers with a value for each definition that `valueOf` knows. Returns the number of new values. `reopened`: the answer belongs
   * to a new session, after the last one was lost. `moved`: it belongs to a new session that was open beside the last one.
   */
  answer(valueOf: (definition: Definition) => unknown, options?: { timestamp?: number | ((definition: Definition) => number); reopened?: boolean; moved?: boolean }): number;
  missing(...indices: number[]): void;
  /** Refuses. Returns the hook's decision. */
  refuse(error: StatisticsError, why?: Refusal): Decision;
  stale(error?: StatisticsError): void;
}

/** A {@link Source} whose every start is kept in `started`. */
export function createMemorySource(): { readonly source: Source; readonly started: Started[] } {
  const started: Started[] = [];
  return { started, source: (definitions, hooks, before) => start(started, definitions, hooks, before?.failures ?? 0) };
}

function start(started: Started[], definitions: readonly Definition[], hooks: SourceHooks, failures: number): SourceHandle {
  let session = {};
  let opened = false;
  const ifOpen = <T>(otherwise: T, call: () => T): T => (entry.closed ? otherwise : call());
  const entry: Started = {
    definitions,
    failures,
    closed: false,
    refreshes: 0,
    reconsidered: 0,
    answer: (valueOf, { timestamp = 0, reopened = false, moved = false } = {}) =>
      ifOpen(0, () => {
        if (reopened || moved) {
          session = {};
        }
        const readings = definitions.map((definition) => readingOf(valueOf(definition), typeof timestamp === 'number' ? timestamp : timestamp(definition)));
        const opening = !opened || reopened || moved;
        opened = true;
        const origin = { session, receivedAt: 0, serverTime: Number.POSITIVE_INFINITY, previousAt: 0, staleBefore: Number.NEGATIVE_INFINITY, opening, reopened };
        return hooks.answer({ ...origin, readings, changed: undefined });
      }),
    missing: (...indices) => ifOpen(undefined, () => hooks.missing(indices)),
    refuse: (error, why = 'refusal') =>
      ifOpen<Decision>('stop', () => {
        const decision = hooks.refused(error, why, failures + 1);
        const isOver = decision === 'stop' || why !== 'keepsFailing';
        entry.closed ||= isOver;
        return isOver ? 'stop' : 'keepTrying';
      }),
    stale: (error) => ifOpen(undefined, () => hooks.stale(error)),
  };
  started.push(entry);
  return {
    close() {
      entry.closed = true;
    },
    refresh() {
      entry.refreshes++;
    },
    reconsider() {
      entry.reconsidered++;
    },
  };
}

function readingOf(value: unknown, timestamp: number): Reading | undefined {
  return value === undefined ? undefined : { timestamp, value };
}
