/**
 * Exports statistics, and the state of a client, as metrics of `prom-client`. Owns their names and labels, and decides when a
 * series disappears. The program owns the registry and serves it.
 */
import { createRequire } from 'node:module';
import type { Counter, Gauge } from 'prom-client';
import { noop, take } from 'rxjs';
import { objectWith, unfit } from '../checks/arguments.js';
import { numberOf, StatisticsError, StatisticsOptionError, type Health, type StatisticRequest, type StatisticsClient, type StatisticsEvent, type StatisticSet } from '../index.js';
import { readClient } from './publish-diagnostics.js';

/** The part of `prom-client`'s `Registry` that the export uses. */
export interface MetricsRegister {
  /** Adds a metric to the registry. */
  registerMetric(metric: never): void;
  /** Removes the metric of this name. */
  removeSingleMetric(name: string): void;
}

/** Options of `exportMetrics`. */
export interface MetricsOptions {
  /** The `Registry` that the metrics are added to, such as the default one of `prom-client`, `register`. */
  readonly register: MetricsRegister;
  /**
   * The prefix of every metric's name: letters, digits, `_` and `:`.
   *
   * @defaultValue `'genesys_statistics_'`
   */
  readonly prefix?: string | undefined;
}

/**
 * Adds metrics to a registry of `prom-client`, which must be installed beside this package.
 *
 * | metric | |
 * |---|---|
 * | `genesys_statistics_value` | a gauge: the number of each statistic; labels `statistic`, `object`, `type` |
 * | `genesys_statistics_upstreams`, `_observers` | gauges: the client's subscriptions on the server, and the program's |
 * | `genesys_statistics_polls_total`, `_failures_total` | counters: polls that were answered, and attempts that failed, of any operation |
 * | `genesys_statistics_last_success_timestamp_seconds` | a gauge: when a usable answer last came, in seconds since 1970 |
 *
 * Observes the statistics from now on. A series exists while its statistic is live and its value is a number. It disappears
 * while the statistic is stale, after a refusal, and once the client is closed. The label `statistic` is the name. An inline
 * definition has no name, so `definitions` must be a record whose key names it.
 *
 * @returns a function that stops observing and removes the metrics from the registry.
 * @throws StatisticsOptionError when an argument is unusable, or two statistics would have the same labels.
 * @throws StatisticsError when `prom-client` is not installed.
 *
 * @example
 * const end = exportMetrics(client, [{ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }], { register });
 */
export function exportMetrics<S extends StatisticSet<S>>(client: StatisticsClient, definitions: S, options: MetricsOptions): () => void {
  const { events$, health$ } = readClient(client);
  const { register, prefix } = readMetricsOptions(options);
  const series = readSeries(client, definitions);
  const { Gauge, Counter } = loadPromClient();

  const value = new Gauge({ name: `${prefix}value`, help: 'The number of a statistic.', labelNames: ['statistic', 'object', 'type'], registers: [] });
  const polls = new Counter({ name: `${prefix}polls_total`, help: 'Polls that were answered.', registers: [] });
  const failures = new Counter({ name: `${prefix}failures_total`, help: 'Requests that failed and are tried again.', registers: [] });
  /** Reads the health at each scrape, because `health$` does not emit when only the time of the last success changes. */
  const ofHealth = (name: string, help: string, read: (health: Health) => number | undefined): Gauge =>
    new Gauge({
      name: `${prefix}${name}`,
      help,
      registers: [],
      collect() {
        this.remove();
        const next = (health: Health): void => {
          const number = read(health);
          if (number !== undefined) {
            this.set(number);
          }
        };
        health$.pipe(take(1)).subscribe({ next, error: noop });
      },
    });
  const upstreams = ofHealth('upstreams', 'Subscriptions on the server that are open or being opened.', (health) => health.upstreams);
  const observers = ofHealth('observers', 'Subscriptions of the program to statistics.', (health) => health.observers);
  const lastSuccess = ofHealth('last_success_timestamp_seconds', 'When a usable answer last came.', ({ lastSuccessAt: at }) => at && at / 1000);

  const unregister = registerAll(register, { value, polls, failures, upstreams, observers, lastSuccess });
  const count = ({ type }: StatisticsEvent): void => {
    if (type === 'polled') {
      polls.inc();
    } else if (type === 'retrying') {
      failures.inc();
    }
  };
  const observed = events$.subscribe({ next: count, error: noop });
  for (const { labels, state$ } of series) {
    const remove = (): void => value.remove(labels);
    observed.add(
      state$.subscribe({
        next(state) {
          const number = state.status === 'live' ? numberOf(state.value) : null;
          if (number === null) {
            remove();
          } else {
            value.set(labels, number);
          }
        },
        error: remove,
        complete: remove,
      }),
    );
  }
  return () => {
    observed.unsubscribe();
    unregister();
  };
}

/** Adds metrics and returns a function that removes them. If one name is taken, none is added. */
function registerAll(register: MetricsRegister, metrics: Readonly<Record<string, Gauge | Counter>>): () => void {
  const names: string[] = [];
  const unregister = (): void => names.forEach((name) => register.removeSingleMetric(name));
  try {
    for (const metric of Object.values(metrics)) {
      register.registerMetric(metric as never);
      names.push((metric as unknown as { readonly name: string }).name);
    }
  } catch (error) {
    unregister();
    throw error;
  }
  return unregister;
}

interface Series {
  readonly labels: { readonly statistic: string; readonly object: string; readonly type: string };
  readonly state$: ReturnType<StatisticsClient['statisticState$']>;
}

function readSeries(client: StatisticsClient, definitions: unknown): readonly Series[] {
  if (typeof definitions !== 'object' || definitions === null || Object.keys(definitions).length === 0) {
    throw unfit('definitions', definitions, 'a non-empty array or record of statistics');
  }
  const series = new Map<string, Series>();
  for (const [key, request] of Object.entries(definitions) as [string, StatisticRequest | null][]) {
    const argument = Array.isArray(definitions) ? `definitions[${key}]` : `definitions.${key}`;
    if (typeof request !== 'object' || request === null) {
      throw unfit(argument, request, 'a statistic');
    }
    const { name, definition, objectId, objectType } = request;
    const state$ = client.statisticState$(name ?? definition, { objectId, objectType });
    if (typeof name !== 'string' && Array.isArray(definitions)) {
      throw unfit(argument, request, 'a statistic with a name, or a member of a record, whose key is its name');
    }
    const labels = { statistic: typeof name === 'string' ? name : key, object: objectId, type: objectType };
    const id = JSON.stringify(labels);
    if (series.has(id)) {
      throw new StatisticsOptionError(`${argument} would have the same labels as another statistic: ${id}`, argument);
    }
    series.set(id, { labels, state$ });
  }
  return [...series.values()];
}

function readMetricsOptions(options: unknown): Required<MetricsOptions> {
  const { register, prefix = 'genesys_statistics_' } = objectWith('options', options, ['register', 'prefix']);
  const { registerMetric, removeSingleMetric } = (register ?? {}) as Partial<MetricsRegister>;
  if (typeof registerMetric !== 'function' || typeof removeSingleMetric !== 'function') {
    throw unfit('register', register, 'a Registry of prom-client');
  }
  if (typeof prefix !== 'string' || !/^([A-Za-z_:][\w:]*)?$/.test(prefix)) {
    throw unfit('prefix', prefix, 'a text of letters, digits, _ and :');
  }
  return { register: register as MetricsRegister, prefix };
}

/** Loaded on demand, because it is an optional peer. */
function loadPromClient(): typeof import('prom-client') {
  try {
    return createRequire(import.meta.url)('prom-client') as typeof import('prom-client');
  } catch (error) {
    throw new StatisticsError('exportMetrics needs the package prom-client: npm install prom-client', { cause: error });
  }
}
