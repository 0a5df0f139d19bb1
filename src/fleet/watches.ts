/**
 * The observations of a leader, made with its ordinary client: one watch for each topic that anybody demands. Owns the subscriptions and
 * the last update of each; sharing, merging and splitting upstreams are the client's own business.
 */
import { noop, type Subscription } from 'rxjs';
import { StatisticsError, type State, type StatisticRequest, type StatisticsClient, type StatisticValue } from '../index.js';
import type { Wanted } from './demand.js';
import type { Update } from './line.js';
import { readTopic, type Topic } from './topic.js';

interface Watch {
  /** `undefined` where the key cannot be read. */
  readonly topic: Topic | undefined;
  readonly next: (update: Update) => void;
  wanted: Wanted;
  last: Update | undefined;
  state: Subscription | undefined;
  /** Asks the client for more than the state needs: another interval, or unchanged values. */
  extra: Subscription | undefined;
}

/** Keys that are answered although they cannot be read: one line, and no more than a name. */
const answerable = /^\P{Cc}{1,2000}$/u;

export interface Watches {
  readonly size: number;
  /** Observes a topic, or observes it in another way; `undefined` ends it. A topic that was refused is asked for anew. */
  set(key: string, wanted: Wanted | undefined): void;
  /** The last update of a topic that is watched. */
  last(key: string): Update | undefined;
  keys(): readonly string[];
  end(): void;
}

/** @param heard - an update of a topic; `undefined`: it is watched no more. */
export function createWatches(client: StatisticsClient, heard: (key: string, update: Update | undefined) => void): Watches {
  const watches = new Map<string, Watch>();

  function start(key: string, wanted: Wanted): void {
    const topic = readTopic(key);
    if (topic === undefined && !answerable.test(key)) {
      return;
    }
    const next = (update: Update): void => {
      if (watches.get(key) === watch) {
        watch.last = update;
        heard(key, update);
      }
    };
    const watch: Watch = { topic, next, wanted, last: undefined, state: undefined, extra: undefined };
    watches.set(key, watch);
    try {
      if (topic === undefined) {
        throw new StatisticsError('its key cannot be read');
      }
      watch.state = stateOf(client, topic, next);
      ask(watch, topic);
    } catch (cause) {
      // Stale, not refused: the next leader may be of a version that serves it, and then its observers go on.
      next({ status: 'stale', values: undefined, error: new StatisticsError('the leader of the fleet cannot serve this: it may be of another version', { cause }), receivedAt: undefined });
    }
  }

  function ask(watch: Watch, topic: Topic): void {
    watch.extra?.unsubscribe();
    watch.extra = undefined;
    const { wanted, next } = watch;
    if (wanted.interval !== undefined || wanted.unchanged) {
      watch.extra = valuesOf(client, topic, wanted, (values) => {
        if (wanted.unchanged) {
          next({ status: 'live', values, error: undefined, receivedAt: watch.last?.receivedAt ?? 0 });
        }
      });
    }
  }

  function stop(key: string, watch: Watch): void {
    watches.delete(key);
    watch.extra?.unsubscribe();
    watch.state?.unsubscribe();
  }

  return {
    get size() {
      return watches.size;
    },
    set(key, wanted) {
      const watch = watches.get(key);
      if (wanted === undefined) {
        if (watch !== undefined) {
          stop(key, watch);
          heard(key, undefined);
        }
      } else if (watch === undefined) {
        start(key, wanted);
      } else if (watch.last?.status === 'failed') {
        stop(key, watch);
        start(key, wanted);
      } else if (watch.wanted.interval !== wanted.interval || watch.wanted.unchanged !== wanted.unchanged) {
        watch.wanted = wanted;
        if (watch.state !== undefined) {
          ask(watch, watch.topic as Topic);
        }
      }
    },
    last: (key) => watches.get(key)?.last,
    keys: () => [...watches.keys()],
    end() {
      [...watches].forEach(([key, watch]) => stop(key, watch));
    },
  };
}

function stateOf(client: StatisticsClient, { members, isSet }: Topic, next: (update: Update) => void): Subscription {
  if (isSet) {
    return client.subscriptionState$(members).subscribe({ next: (state) => forward(state, (values) => values, next), error: noop });
  }
  const [name, object] = argumentsOf(members[0] as StatisticRequest);
  return client.statisticState$(name, object).subscribe({ next: (state) => forward(state, (value) => [value], next), error: noop });
}

function forward<V>(state: State<V>, valuesOfState: (value: V) => readonly StatisticValue[], next: (update: Update) => void): void {
  const { status, value, error, receivedAt } = state;
  if (status !== 'pending') {
    next({ status, values: value === undefined ? undefined : valuesOfState(value), error, receivedAt });
  }
}

function valuesOf(client: StatisticsClient, { members, isSet }: Topic, { interval, unchanged }: Wanted, next: (values: readonly StatisticValue[]) => void): Subscription {
  const options = { interval, ...(unchanged ? { distinct: (): boolean => false } : {}) };
  if (isSet) {
    // A set's observers are shown snapshots in which something changed, whatever they call distinct; their states say the same.
    return client.subscription$(members, { interval }).subscribe({ error: noop });
  }
  const [name, object] = argumentsOf(members[0] as StatisticRequest);
  return client.statistic$(name, object, options).subscribe({ next: (value) => next([value]), error: noop });
}

function argumentsOf({ name, definition, objectId, objectType }: StatisticRequest): Parameters<StatisticsClient['statisticState$']> {
  return [name ?? definition, { objectId, objectType }];
}
