/** The actions of the client, for logs and tracing: the type of `events$`. Events never hold a secret. */
import type { StatisticsError } from './errors.js';
import type { StatisticRequest } from './statistic.js';

/** One event, tagged by `type`. `subscriptionId` is the server's id. */
export type StatisticsEvent =
  | { readonly type: 'opened'; readonly subscriptionId: string; readonly statistics: number }
  | { readonly type: 'reopened'; readonly subscriptionId: string; readonly previousId: string; readonly statistics: number }
  | { readonly type: 'polled'; readonly subscriptionId: string; readonly statistics: number; readonly changed: number }
  | {
      readonly type: 'retrying';
      readonly operation: 'open' | 'poll' | 'peek' | 'delete';
      /** The subscription that the request is about. For an opening: the subscription that it replaces, if there is one. */
      readonly subscriptionId?: string;
      /** The number of the failed attempt at this request, from 1. */
      readonly attempt: number;
      /** Milliseconds until the next attempt. While no request gets through, one upstream tries for all, so the others may wait longer. */
      readonly delay: number;
      readonly error: StatisticsError;
    }
  | { readonly type: 'deleted'; readonly subscriptionId: string }
  | { readonly type: 'orphaned'; readonly subscriptionId: string; readonly error: StatisticsError }
  /** The journal failed for the first time. If the process is killed, subscriptions may stay open. Later failures are not reported. */
  | { readonly type: 'journalFailed'; readonly error: StatisticsError }
  /** The client goes on without a part of the platform: cookies are not kept, or requests are not aborted. Reported once for each part. */
  | { readonly type: 'platformFailed'; readonly error: StatisticsError }
  /** Answers have lacked these statistics, or held only older values, for `poll.staleAfter`. Reported again only after they came back. */
  | { readonly type: 'stale'; readonly definitions: readonly StatisticRequest[]; readonly error: StatisticsError }
  | { readonly type: 'evicted'; readonly statistics: number }
  | { readonly type: 'rejected'; readonly definitions: readonly StatisticRequest[]; readonly error: StatisticsError }
  /** From now on peeks keep this number of statistics live, because `error` prevents a subscription. */
  | { readonly type: 'fallbackStarted'; readonly statistics: number; readonly error: StatisticsError }
  /** The fallback ended, because a subscription keeps the statistics live again. */
  | { readonly type: 'fallbackEnded'; readonly statistics: number }
  | { readonly type: 'split'; readonly statistics: number; readonly error: StatisticsError }
  /** This number of statistics was read without a subscription: for observers that wait for theirs, or during a fallback. */
  | { readonly type: 'peeked'; readonly statistics: number }
  /** Statistics of `upstreams` upstreams moved into a new one, which holds `statistics` of them. */
  | { readonly type: 'merged'; readonly upstreams: number; readonly statistics: number };
