/**
 * Keeps configured statistics live without a subscription: an upstream whose opening and polls are peeks and whose end
 * deletes nothing. Owns that translation, and that health stays degraded, with the reason, while it lasts; schedule, retries,
 * verdicts and comparing are the upstream's. Knows nothing of the subscription that it replaces.
 */
import { reasonToEnd, type StatisticsError } from '../../model/errors.js';
import type { StatisticsEvent } from '../../model/events.js';
import type { OpenStatistic, PeekStatistic, WireApi } from '../../wire/api.js';
import { noProbe } from '../recovery/reopen-probe.js';
import type { Source } from '../source.js';
import { createUpstreams, type UpstreamDeps } from '../upstream.js';

/** Makes sources over peeks, for a reason that health reports. No answer holds an inline definition: it cannot be peeked at. */
export function createPeeking(deps: UpstreamDeps): (because: StatisticsError) => Source {
  const { monitor } = deps;
  return (because) => (definitions, hooks, failures) => {
    // Unlike an opening, a peek may be aborted: its answer names nothing to delete.
    const ending = new AbortController();
    const start = createUpstreams({
      ...deps,
      api: subscriptionOf(deps, ending.signal),
      deleter: { ...deps.deleter, track: (work) => deps.deleter.track(work), delete: () => undefined },
      // Opening is peeking, as polling is, so an opening would show nothing that a poll does not.
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
    const handle = start(definitions, hooks, failures);
    return {
      ...handle,
      close() {
        handle.close();
        ending.abort(reasonToEnd('the peeking was closed'));
      },
    };
  };
}

/** A pretended subscription: opening remembers the statistics, and each read peeks at them. */
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

/** Keeps the ids of pretended subscriptions out of events. */
function asPeek(event: StatisticsEvent): StatisticsEvent {
  if (event.type === 'retrying') {
    const { subscriptionId: _, ...peek } = event;
    return { ...peek, operation: 'peek' };
  }
  return event.type === 'opened' || event.type === 'reopened' || event.type === 'polled' ? { type: 'peeked', statistics: event.statistics } : event;
}
