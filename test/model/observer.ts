/**
 * One observer of the model: its request, the values it has received, and its actions inside `next`. Owns the invariants of
 * emissions: I8, I9, I10, I14, G6, G12. Knows nothing of requests.
 */
import type { Subscription } from 'rxjs';
import type { StatisticState, StatisticsClient, StatisticValue } from '../../src/index.js';
import { statisticOf } from './catalogue.js';
import type { History, Version } from './history.js';

/** The kind of subscription: values, every version of them, states, a set, or the states of one. */
export type Wish =
  | { readonly kind: 'values' | 'versions' | 'states'; readonly key: number; readonly interval?: number | undefined }
  | { readonly kind: 'set'; readonly keys: readonly number[]; readonly interval?: number | undefined }
  | { readonly kind: 'setStates'; readonly keys: readonly number[]; readonly interval?: undefined };

export interface Observer {
  readonly wish: Wish;
  /** The emissions of the observer: for each, a version of every key. */
  readonly shown: (readonly Version[])[];
  /** The last state that an observer of states received. */
  readonly state: Pick<StatisticState, 'status'> | undefined;
  readonly since: number;
  /** How the stream ended; `undefined` while the observer is subscribed. */
  readonly ended: 'left' | 'completed' | 'failed' | undefined;
  readonly error: unknown;
  /** The actions to perform inside `next`, one at each emission. */
  readonly plan: ((self: Observer) => void)[];
  leave(): void;
}

export interface ObserverDeps {
  readonly client: StatisticsClient;
  readonly history: History;
  monotonic(): number;
  report(violation: string): void;
  ended(observer: Observer): void;
}

export const keysOf = (wish: Wish): readonly number[] => (wish.kind === 'set' || wish.kind === 'setStates' ? wish.keys : [wish.key]);

/** Equal for two requests that get the same emissions. */
export const nameOf = (wish: Wish): string => `${wish.kind} ${keysOf(wish).join()}`;

export function observe(deps: ObserverDeps, wish: Wish): Observer {
  const { client, history, report } = deps;
  const name = nameOf(wish);
  const keys = keysOf(wish);
  const shown: (readonly Version[])[] = [];
  const plan: ((self: Observer) => void)[] = [];
  let state: { readonly status: StatisticState['status']; readonly values: readonly StatisticValue[] | undefined } | undefined;
  let subscription: Subscription | undefined;
  let ended: Observer['ended'];
  let error: unknown;
  let inside = false;

  /** The version of a value: the server must have sent exactly this value for exactly this statistic. */
  function versionOf(key: number, { timestamp, value, name: valueName, objectId }: StatisticValue): Version {
    const version = history.find(key, timestamp ?? 0);
    const number = (value as { intValue?: unknown } | null)?.intValue;
    const asked = statisticOf(key);
    if (version?.value !== number || asked.objectId !== objectId || (valueName !== undefined && asked.name !== valueName)) {
      report(`I10: ${name} was shown ${JSON.stringify({ valueName, objectId, timestamp, value })} of ${key}`);
    }
    return version ?? { order: 0, since: 0, timestamp: 0, value: Number.NaN };
  }

  function show(values: readonly StatisticValue[], mayRepeat = false): void {
    const versions = values.map((value, index) => versionOf(keys[index] ?? -1, value));
    const before = shown.at(-1);
    if (!values.every((value) => Object.isFrozen(value) && Object.isFrozen(value.value))) {
      report(`G12: ${name} was shown a value that can be changed`);
    }
    if (versions.some(({ order }, index) => order < (before?.[index]?.order ?? 0))) {
      report(`I9: ${name} was shown ${textOf(versions)} after ${textOf(before ?? [])}`);
    }
    if (!mayRepeat && versions.every(({ order, value }, index) => (wish.kind === 'versions' ? order === before?.[index]?.order : value === before?.[index]?.value))) {
      report(`I10: ${name} was shown ${textOf(versions)} after ${textOf(before ?? [])}, which is no news`);
    }
    // All versions of a snapshot must have been valid at one moment: none ended before the last one began.
    const begin = Math.max(...versions.map(({ order }) => order));
    if (versions.some((version, index) => history.endOf(keys[index] ?? -1, version) <= begin)) {
      report(`G6: ${name} was shown ${textOf(versions)}, which never was at one moment`);
    }
    shown.push(versions);
  }

  function hear(what: () => void): void {
    if (ended !== undefined) {
      report(`I8: ${name} got something after it had ${ended}`);
    }
    if (inside) {
      report(`I14: ${name} was called while it was being called`);
    }
    inside = true;
    try {
      what();
      plan.shift()?.(observer);
    } finally {
      inside = false;
    }
  }

  function hearState(status: StatisticState['status'], values: readonly StatisticValue[] | undefined): void {
    const before = state;
    if (before?.status === status && values?.every((value, index) => value === before.values?.[index]) !== false) {
      report(`${name} got ${status} twice`);
    }
    state = { status, values };
    if (values !== undefined) {
      show(values, true);
    }
  }

  function end(how: NonNullable<Observer['ended']>, why?: unknown): void {
    if (ended !== undefined) {
      report(`I8: ${name} was ${how} after it had ${ended}`);
      return;
    }
    ended = how;
    error = why;
    deps.ended(observer);
  }

  const observer: Observer = {
    wish,
    shown,
    plan,
    since: deps.monotonic(),
    get state() {
      return state;
    },
    get ended() {
      return ended;
    },
    get error() {
      return error;
    },
    leave() {
      if (ended === undefined) {
        end('left');
        // Inside the first `next`, which comes before `subscribe` returns, there is no subscription yet.
        subscription?.unsubscribe();
      }
    },
  };
  const over = { error: (why: unknown) => end('failed', why), complete: () => end('completed') };
  const { interval } = wish;
  if (wish.kind === 'setStates') {
    subscription = client.subscriptionState$(wish.keys.map(statisticOf)).subscribe({ next: ({ status, value }) => hear(() => hearState(status, value)), ...over });
  } else if (wish.kind === 'set') {
    subscription = client.subscription$(wish.keys.map(statisticOf), { interval }).subscribe({ next: (values) => hear(() => show(values)), ...over });
  } else {
    const { objectId, objectType, ...which } = statisticOf(wish.key);
    const of = [which.name ?? which.definition, { objectId, objectType }] as const;
    if (wish.kind === 'states') {
      subscription = client.statisticState$(...of).subscribe({ next: ({ status, value }) => hear(() => hearState(status, value && [value])), ...over });
    } else {
      const distinct = wish.kind === 'versions' ? (a: StatisticValue, b: StatisticValue) => a.timestamp === b.timestamp : undefined;
      subscription = client.statistic$(...of, { interval, distinct }).subscribe({ next: (value) => hear(() => show([value])), ...over });
    }
  }
  if (observer.ended === 'left') {
    subscription.unsubscribe();
  }
  return observer;
}

function textOf(versions: readonly Version[]): string {
  return versions.map(({ order, value }) => `${value} (version ${order})`).join(', ');
}
