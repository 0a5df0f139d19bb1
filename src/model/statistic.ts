/**
 * A statistic: a name or an inline definition, applied to an object; and its value as the server gives it. Types only.
 */

/** The object a statistic is applied to, in Stat Server's terms. */
export interface StatisticObject {
  /** An agent's employee id, `queue@switch`, a group's name ... */
  readonly objectId: string;
  /** `'Agent'`, `'Queue'`, `'RoutePoint'`, `'GroupAgents'` ...: any type the server knows. */
  readonly objectType: string;
}

/**
 * An inline definition. The named keys were seen in public clients of the real service. Stat Server knows more, so other
 * keys are passed on unchanged. The definition is data for the server; the client only compares it.
 */
export interface StatisticDefinition {
  /** `'Immediate'` or `'Periodical'`. */
  readonly notificationMode?: string | undefined;
  /** Seconds. 60 or more is recommended in production. */
  readonly notificationFrequency?: number | undefined;
  /** 1 or more is recommended in production; 0 reports even when nothing changed. */
  readonly insensitivity?: number | undefined;
  /** Exactly one, such as `'CurrentState'` or `'TotalNumber'`. */
  readonly category: string;
  /** Exactly one, such as `'DNStatus'` or `'DNAction'`. */
  readonly subject: string;
  /** Actions or statuses joined by commas; `'*'` for all, `'~'` before one for NOT. */
  readonly mainMask?: string | undefined;
  // `unknown` would refuse definitions that are typed by an interface.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [key: string]: any;
}

/** A statistic asked for: a configured name or an inline definition, and the object. */
export type StatisticRequest = StatisticObject &
  (
    | { readonly name: string | StatisticDefinition; readonly definition?: undefined }
    | { readonly definition: StatisticDefinition; readonly name?: undefined }
  );

/** The value of one statistic, from one answer of the server. Frozen to the bottom. */
export interface StatisticValue extends StatisticObject {
  /** The configured name; absent for an inline definition. */
  readonly name?: string;
  /** The statistic's id within its server-side subscription; peeks have none. */
  readonly statisticId?: string;
  /** The time at which Stat Server generated the value, in epoch milliseconds; `null` if the server gave no usable time. */
  readonly timestamp: number | null;
  /** The value as the server gave it. No public source fixes its shape: see `numeric()` for numbers. */
  readonly value: unknown;
}

/** Whether `b` is no news after `a`. Replaces deep equality of `value` for one observer. */
export type Distinct = (a: StatisticValue, b: StatisticValue) => boolean;
