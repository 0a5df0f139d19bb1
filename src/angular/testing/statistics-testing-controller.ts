/** What a test holds in its hand to say what statistics are. */
import { StatisticRejectedError, type Health, type StatisticDefinition, type StatisticObject, type StatisticRequest, type StatisticsError } from '../../index.js';
import { now } from '../clock.js';
import { requestOf, type Store } from './store.js';

/**
 * Sets the statistics of a test: `TestBed.inject(StatisticsTestingController)`. Every call takes effect at once; what the page
 * shows follows with the next change detection, as ever.
 */
export class StatisticsTestingController {
  readonly #store: Store;

  /** Made by `provideStatisticsTesting()`. */
  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Gives a statistic a value, as an answer of the server would: a number, or whatever the server sends of it. A set has a
   * snapshot once each of its members has a value.
   *
   * @throws StatisticsOptionError for a name or an object that does not fit.
   */
  set(name: string | StatisticDefinition, object: StatisticObject, value: unknown): void {
    const request = requestOf(name, object);
    const { objectId, objectType } = request;
    const receivedAt = now();
    const given = Object.freeze({ ...(request.name === undefined ? {} : { name: request.name as string }), objectId, objectType, timestamp: receivedAt, value });
    this.#store.set(request, { status: 'live', value: given, receivedAt });
  }

  /** Makes a statistic stale, with the value that it has; without arguments everything that was set or is watched. `set` ends that. */
  stale(name?: string | StatisticDefinition, object?: StatisticObject): void {
    const requests = name === undefined ? [...this.#store.known(), ...this.#store.watched()] : [requestOf(name, object)];
    for (const request of requests) {
      const { status, value, receivedAt } = this.#store.get(request);
      if (status !== 'failed') {
        this.#store.set(request, { status: 'stale', ...(value === undefined ? {} : { value }), ...(receivedAt === undefined ? {} : { receivedAt }) });
      }
    }
  }

  /** Refuses a statistic, for good as far as present observers are concerned. @param error - by default a `StatisticRejectedError`. */
  fail(name: string | StatisticDefinition, object: StatisticObject, error?: StatisticsError): void {
    const request = requestOf(name, object);
    const what = typeof name === 'string' ? name : `${name.category} definition`;
    this.#store.set(request, { status: 'failed', error: error ?? new StatisticRejectedError(`${what} of ${object.objectType} ${object.objectId}: refused by the test`, [request]) });
  }

  /** Changes what `injectHealth()` and `health$` say; what is left out stays as it is. It is `'idle'` at first. */
  health(change: Partial<Health>): void {
    this.#store.health$.next(Object.freeze({ ...this.#store.health$.value, ...change }));
  }

  /** Every statistic that something is subscribed to now, once: nothing should be left after a component is destroyed. */
  watched(): readonly StatisticRequest[] {
    return this.#store.watched();
  }
}
