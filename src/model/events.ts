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
  /** The journal failed, for the first time: what is open may stay so if the process is killed. Not told again. */
  | { readonly type: 'journalFailed'; readonly error: StatisticsError }
  /** A part of the platform cannot be used: cookies are not kept, or requests not aborted. The client goes on; reported once for each. */
  | { readonly type: 'platformFailed'; readonly error: StatisticsError }
  /** Answers come, but have lacked these statistics, or held only older values of them, for `poll.staleAfter`. Reported once, until they are back. */
  | { readonly type: 'stale'; readonly definitions: readonly StatisticRequest[]; readonly error: StatisticsError }
  | { readonly type: 'evicted'; readonly statistics: number }
  | { readonly type: 'rejected'; readonly definitions: readonly StatisticRequest[]; readonly error: StatisticsError }
  /** So many statistics are kept live by peeks from now on, since `error` keeps a subscription from being so. */
  | { readonly type: 'fallbackStarted'; readonly statistics: number; readonly error: StatisticsError }
  /** They are kept live by a subscription again. */
  | { readonly type: 'fallbackEnded'; readonly statistics: number }
  | { readonly type: 'split'; readonly statistics: number; readonly error: StatisticsError }
  /** So many statistics were read without a subscription: newcomers whose own has to wait a little, or all while that is the fallback. */
  | { readonly type: 'peeked'; readonly statistics: number }
  /** So many statistics live in one upstream now, of which some came from `upstreams` others. */
  | { readonly type: 'merged'; readonly upstreams: number; readonly statistics: number };
