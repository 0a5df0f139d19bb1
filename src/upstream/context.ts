/**
 * What every part of an upstream works with: the services and settings of the client, and what this one upstream is
 * about. Types only. Collaborators that are built from it (retry policy, schedule, deleter) are passed beside it.
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

/** The options of polling, all in milliseconds but `factor` and `verbose`. */
export interface PollSettings {
  /** From the end of a poll to the start of the next, while values change. */
  readonly interval: number;
  /** How far the interval grows while nothing changes. */
  readonly maxInterval: number;
  /** Growth of the interval per unchanged poll. */
  readonly factor: number;
  /** The least interval of a page that is hidden or offline. */
  readonly hiddenInterval: number;
  /** Without a usable answer for so long, values are stale. */
  readonly staleAfter: number;
  readonly verbose: Verbose;
}

/** Shared by all upstreams of a client. */
export interface ClientContext {
  readonly api: WireApi;
  readonly credentials: Credentials;
  /** Of the whole client: opens, polls, peeks and DELETEs together. */
  readonly requests: Pick<RequestQueue, 'hurry' | 'longestWait'>;
  readonly clock: Clock;
  readonly page: PageLifecycle;
  readonly monitor: Monitor;
  readonly poll: PollSettings;
  readonly retryOptions: BackoffOptions;
  readonly requestTimeout: number;
  /** A new operationId, never returned twice. */
  readonly newId: () => string;
}

/** What belongs to one upstream. */
export interface UpstreamContext extends ClientContext {
  readonly definitions: readonly Definition[];
  readonly hooks: SourceHooks;
  readonly track: Track;
  /** Aborts when the upstream is closed: from then on no hook is called and nothing is retried. */
  readonly closing: AbortSignal;
}
