/**
 * Keeps configured statistics live without a subscription: an upstream whose opening and polls are peeks, and whose end deletes
 * nothing. Owns this translation, and keeps health degraded, with the reason. The upstream does all the rest: schedule, retries,
 * verdicts, comparison. Knows nothing of the subscription that the peeks replace.
 */
import { reasonToEnd, type StatisticsError } from '../../model/errors.js';
import type { StatisticsEvent } from '../../model/events.js';
import type { OpenStatistic, PeekStatistic, WireApi } from '../../wire/api.js';
import { noProbe } from '../recovery/reopen-probe.js';
import type { Source } from '../source.js';
import { createUpstreams, type UpstreamDeps } from '../upstream.js';

/** Makes sources over peeks. `health$` reports the reason `because`. Inline definitions cannot be peeked at, so no answer holds them. */
export function createPeeking(deps: UpstreamDeps): (because: StatisticsError) => Source {
  const { monitor } = deps;
  return (because) => (definitions, hooks, before) => {
    // A peek may be aborted, unlike an opening, because its answer names nothing to delete.
    const ending = new AbortController();
    const start = createUpstreams({
      ...deps,
      api: subscriptionOf(deps, ending.signal),
      deleter: { ...deps.deleter, track: (work) => deps.deleter.track(work), delete: () => undefined },
      // An opening and a poll are the same peek here, so probing by an opening would prove nothing more.
      probe: noProbe,
      monitor: {
        ...monitor,
        emit: (event) => monitor.emit(asPeek(event)),
        track(tracked) {
          const track = monitor.track(tracked);
          return { ...track, working: () => track.working(because) };
        },
      },
    });
    const handle = start(definitions, hooks, before);
    return {
      ...handle,
      close() {
        handle.close();
        ending.abort(reasonToEnd('the peeking was closed'));
      },
    };
  };
}

/** Simulates a subscription: opening remembers the statistics, and each read peeks at them. */
function subscriptionOf({ api, clock }: Pick<UpstreamDeps, 'api' | 'clock'>, signal: AbortSignal): WireApi {
  let opened: readonly OpenStatistic[] = [];
  const peekable = (ids?: readonly string[]): PeekStatistic[] =>
    opened.flatMap(({ statisticId, name, objectId, objectType }) =>
      name !== undefined && ids?.includes(statisticId) !== false ? [{ name, objectId, objectType }] : [],
    );
  return {
    ...api,
    async openEntries(operationId, statistics) {
      opened = statistics;
      return { subscriptionId: operationId, entries: await api.peekEntries(peekable(), signal), serverTime: clock.now() };
    },
    readRaw: (_, read) => api.peekRaw(peekable(read.statisticIds), signal),
  };
}

/** Keeps the ids of simulated subscriptions out of events. */
function asPeek(event: StatisticsEvent): StatisticsEvent {
  if (event.type === 'retrying') {
    const { subscriptionId: _, ...peek } = event;
    return { ...peek, operation: 'peek' };
  }
  return event.type === 'opened' || event.type === 'reopened' || event.type === 'polled' ? { type: 'peeked', statistics: event.statistics } : event;
}
