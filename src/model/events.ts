/** What the client did, for logs and tracing: the type of `events$`. Never holds a secret. */
import type { StatisticsError } from './errors.js';
import type { StatisticRequest } from './statistic.js';

/** One thing that happened, tagged by `type`. `subscriptionId` is the server's id. */
export type StatisticsEvent =
  | { readonly type: 'opened'; readonly subscriptionId: string; readonly statistics: number }
  | { readonly type: 'reopened'; readonly subscriptionId: string; readonly previousId: string; readonly statistics: number }
  | { readonly type: 'polled'; readonly subscriptionId: string; readonly statistics: number; readonly changed: number }
  | {
      readonly type: 'retrying';
      readonly operation: 'open' | 'poll' | 'peek' | 'delete';
      /** What the request is about; of an opening, the subscription that it replaces, if there is one. */
      readonly subscriptionId?: string;
      /** Counts from 1, the attempt of this request that failed. */
      readonly attempt: number;
      /** Milliseconds until the next attempt. While nothing gets through to the server, one upstream tries for all: those that wait may take longer. */
      readonly delay: number;
      readonly error: StatisticsError;
    }
  | { readonly type: 'deleted'; readonly subscriptionId: string }
  | { readonly type: 'orphaned'; readonly subscriptionId: string; readonly error: StatisticsError }
  /** The journal failed for the first time: if the process is killed, what is open may stay open. Later failures are not reported. */
  | { readonly type: 'journalFailed'; readonly error: StatisticsError }
  /** The client goes on without a part of the platform: cookies are not kept, or requests are not aborted. Reported once for each part. */
  | { readonly type: 'platformFailed'; readonly error: StatisticsError }
  /** Answers come, but have lacked these statistics, or held only older values of them, for `poll.staleAfter`. Reported once, until they are back. */
  | { readonly type: 'stale'; readonly definitions: readonly StatisticRequest[]; readonly error: StatisticsError }
  | { readonly type: 'evicted'; readonly statistics: number }
  | { readonly type: 'rejected'; readonly definitions: readonly StatisticRequest[]; readonly error: StatisticsError }
  /** From now on peeks keep this number of statistics live, since `error` prevents a subscription. */
  | { readonly type: 'fallbackStarted'; readonly statistics: number; readonly error: StatisticsError }
  /** A subscription keeps them live again. */
  | { readonly type: 'fallbackEnded'; readonly statistics: number }
  | { readonly type: 'split'; readonly statistics: number; readonly error: StatisticsError }
  /** This number of statistics was read without a subscription: those of newcomers that wait for theirs, or all during a fallback. */
  | { readonly type: 'peeked'; readonly statistics: number }
  /** Statistics of `upstreams` others moved into one upstream, which now holds this number of statistics. */
  | { readonly type: 'merged'; readonly upstreams: number; readonly statistics: number };
