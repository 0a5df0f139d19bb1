/** The control of a test over the statistics that its components inject. */
import { StatisticRejectedError, type Health, type StatisticDefinition, type StatisticObject, type StatisticRequest, type StatisticsError } from '../../index.js';
import { now } from '../clock.js';
import { requestOf, type Store } from './store.js';

/**
 * Sets the statistics of a test: `TestBed.inject(StatisticsTestingController)`. Every call takes effect at once; the page follows
 * with the next change detection.
 */
export class StatisticsTestingController {
  readonly #store: Store;

  /** Made by `provideStatisticsTesting()`. */
  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Gives a statistic a value, as an answer of the server would: a number, or any value that the server may send. A set has a
   * snapshot once each of its members has a value.
   *
   * @throws StatisticsOptionError for an unusable name or object.
   */
  set(name: string | StatisticDefinition, object: StatisticObject, value: unknown): void {
    const request = requestOf(name, object);
    const { objectId, objectType } = request;
    const receivedAt = now();
    const given = Object.freeze({ ...(request.name === undefined ? {} : { name: request.name as string }), objectId, objectType, timestamp: receivedAt, value });
    this.#store.set(request, { status: 'live', value: given, receivedAt });
  }

  /** Makes a statistic stale, with its present value, until the next `set`. Without arguments: all statistics that were set or are watched. */
  stale(name?: string | StatisticDefinition, object?: StatisticObject): void {
    const requests = name === undefined ? [...this.#store.known(), ...this.#store.watched()] : [requestOf(name, object)];
    for (const request of requests) {
      const { status, value, receivedAt } = this.#store.get(request);
      if (status !== 'failed') {
        this.#store.set(request, { status: 'stale', ...(value === undefined ? {} : { value }), ...(receivedAt === undefined ? {} : { receivedAt }) });
      }
    }
  }

  /** Refuses a statistic. Its present observers see nothing more. @param error - by default a `StatisticRejectedError`. */
  fail(name: string | StatisticDefinition, object: StatisticObject, error?: StatisticsError): void {
    const request = requestOf(name, object);
    const what = typeof name === 'string' ? name : `${name.category} definition`;
    this.#store.set(request, { status: 'failed', error: error ?? new StatisticRejectedError(`${what} of ${object.objectType} ${object.objectId}: refused by the test`, [request]) });
  }

  /** Changes the values of `injectHealth()` and `health$`. Omitted fields stay as they are. The status is `'idle'` at first. */
  health(change: Partial<Health>): void {
    this.#store.health$.next(Object.freeze({ ...this.#store.health$.value, ...change }));
  }

  /** The distinct statistics that have a subscriber now. There should be none after a component is destroyed. */
  watched(): readonly StatisticRequest[] {
    return this.#store.watched();
  }
}
