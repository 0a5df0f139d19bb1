/**
 * The types of a statistic (a name or an inline definition, applied to an object) and of its value. Types only.
 */

/** The object that a statistic is applied to, in Stat Server's terms. */
export interface StatisticObject {
  /** An agent's employee id, `queue@switch`, a group's name ... */
  readonly objectId: string;
  /** `'Agent'`, `'Queue'`, `'RoutePoint'`, `'GroupAgents'` ...: any type that the server knows. */
  readonly objectType: string;
}

/**
 * An inline definition. The listed keys occur in public clients of the real service. Stat Server knows more keys, so other keys
 * are sent unchanged. The client compares definitions, and uses the notification mode and frequency to time its polls.
 */
export interface StatisticDefinition {
  /** `'Immediate'` or `'Periodical'`. */
  readonly notificationMode?: string | undefined;
  /** Seconds between two notifications. Genesys recommends 60 or more in production. */
  readonly notificationFrequency?: number | undefined;
  /** The smallest change to report. Genesys recommends 1 or more in production; 0 reports even when nothing changed. */
  readonly insensitivity?: number | undefined;
  /** Exactly one category, such as `'CurrentState'` or `'TotalNumber'`. */
  readonly category: string;
  /** Exactly one subject, such as `'DNStatus'` or `'DNAction'`. */
  readonly subject: string;
  /** Actions or statuses joined by commas; `'*'` for all, `'~'` before one for NOT. */
  readonly mainMask?: string | undefined;
  // `unknown` would refuse definitions that are typed by an interface.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [key: string]: any;
}

/** A request for a statistic: a configured name or an inline definition, and the object. */
export type StatisticRequest = StatisticObject &
  (
    | { readonly name: string | StatisticDefinition; readonly definition?: undefined }
    | { readonly definition: StatisticDefinition; readonly name?: undefined }
  );

/** The value of one statistic, from one answer of the server. Deeply frozen. */
export interface StatisticValue extends StatisticObject {
  /** The configured name; absent for an inline definition. */
  readonly name?: string;
  /** The statistic's id within its server-side subscription; peeks have none. */
  readonly statisticId?: string;
  /** The time at which Stat Server generated the value, in epoch milliseconds; `null` if the server gave no usable time. */
  readonly timestamp: number | null;
  /** The value as the server sent it. No public source specifies its shape. For numbers, see `numeric()`. */
  readonly value: unknown;
}

/** Returns whether `b` is equal to `a`, the last value emitted, and need not be emitted. Replaces deep equality of `value`. */
export type Distinct = (a: StatisticValue, b: StatisticValue) => boolean;
