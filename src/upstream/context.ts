/**
 * The context that every part of an upstream receives: the client's services and settings, and the data of this one upstream.
 * Types only. Collaborators that are built from the context (retry policy, schedule, deleter) are separate arguments.
 */
import type { Definition } from '../model/definition.js';
import type { BackoffOptions } from '../time/backoff.js';
import type { Clock } from '../time/clock.js';
import type { PageLifecycle } from '../time/page-lifecycle.js';
import type { Verbose, WireApi } from '../wire/api.js';
import type { Credentials } from '../wire/credentials.js';
import type { RequestQueue } from '../wire/request-queue.js';
import type { SourceHooks } from './source.js';
import type { Monitor, Track } from './telemetry/monitor.js';

/** The options of polling. All are in milliseconds except `factor` and `verbose`. */
export interface PollSettings {
  /** From the end of a poll to the start of the next, while values change. */
  readonly interval: number;
  /** The longest interval, reached while nothing changes. */
  readonly maxInterval: number;
  /** Growth of the interval per unchanged poll. */
  readonly factor: number;
  /** The shortest interval while the page is hidden or offline. */
  readonly hiddenInterval: number;
  /** Values are stale after this time without a usable answer. */
  readonly staleAfter: number;
  readonly verbose: Verbose;
}

/** Shared by all upstreams of a client. */
export interface ClientContext {
  readonly api: WireApi;
  readonly credentials: Credentials;
  /** The one queue of the client, for opens, polls, peeks and DELETEs. */
  readonly requests: Pick<RequestQueue, 'sendWithin' | 'longestWait'>;
  readonly clock: Clock;
  readonly page: PageLifecycle;
  readonly monitor: Monitor;
  readonly poll: PollSettings;
  readonly retryOptions: BackoffOptions;
  readonly requestTimeout: number;
  /** Returns a new operationId, never the same one twice. */
  readonly newId: () => string;
}

/** The context of one upstream. */
export interface UpstreamContext extends ClientContext {
  readonly definitions: readonly Definition[];
  readonly hooks: SourceHooks;
  readonly track: Track;
  /** Aborts when the upstream is closed: from then on no hook is called and nothing is retried. */
  readonly closing: AbortSignal;
}
