/** The feature that renders first values on a server, and takes them over in the browser. */
import { ApplicationRef, ErrorHandler, inject } from '@angular/core';
import { StatisticsOptionError, type StatisticsClientOptions } from '../index.js';
import { CARRIES, carriedWithPage, carryWithPage, createIds, numbersOnly } from './carried-values.js';
import { now } from './clock.js';
import { keepFailure, orThrow } from './failure.js';
import { createPeeks } from './peeks.js';
import type { StatisticsFeature } from './provide-statistics.js';
import { RENDERING, type Rendering } from './rendering.js';
import { DEADLINE } from './stability.js';
import { isClient, OPTIONS } from './statistics-client.js';

/** Options of {@link withServerRendering}. */
export interface ServerRenderingOptions {
  /**
   * The most milliseconds that a render on the server, or the stability of an application in a browser, waits for first values: 0 to
   * 2^31-1. @defaultValue 1000
   */
  readonly deadline?: number | undefined;
}

/**
 * Renders first values on a server, and lets the browser begin with them. Add it to the providers of both.
 *
 * The server peeks: it sends one request for all statistics that are injected in a tick, once, and opens no subscription. A statistic
 * without a value by the deadline is rendered as `'loading'`. So is an inline definition, which cannot be peeked at. Without this
 * feature a server sends nothing.
 *
 * Angular's `ErrorHandler` receives an error of `parse`, and a refusal of the whole request, such as a 401, because the page shows
 * neither. A server that cannot be reached is not reported, because the browser goes on trying.
 *
 * The page carries the results of `parse`. Of values without a `parse` it carries only numbers, because an agent's state may hold a
 * login id. A resource of states therefore needs a `parse`; otherwise it is rendered as `'loading'`. Values older than
 * `poll.staleAfter` are stale from the start, as in a prerendered page.
 *
 * @throws StatisticsOptionError for a deadline out of bounds.
 */
export function withServerRendering({ deadline = 1000 }: ServerRenderingOptions = {}): StatisticsFeature {
  // A timer cannot hold a longer delay.
  if (!(deadline >= 0 && deadline < 2 ** 31)) {
    throw new StatisticsOptionError(`deadline must be a number from 0 to ${2 ** 31 - 1}, got ${deadline}`, 'deadline');
  }
  return {
    providers: [
      { provide: DEADLINE, useValue: deadline },
      { provide: RENDERING, useFactory: keepFailure(() => (typeof ngServerMode !== 'undefined' && ngServerMode ? onServer() : inBrowser())) },
    ],
  };
}

/** Keeps values out of the page, so that the browser begins with `'loading'`. For pages that others may store or read. */
export function withNoTransferState(): StatisticsFeature {
  return { providers: [{ provide: CARRIES, useValue: false }] };
}

function onServer(): Rendering {
  const peek = createPeeks();
  const carry = carryWithPage();
  const carries = inject(CARRIES);
  const idOf = createIds();
  const errorHandler = inject(ErrorHandler);
  return {
    carried: () => undefined,
    peek(target, reading, next) {
      const id = idOf(target, reading);
      return peek(target, (given) => {
        let packed: unknown;
        try {
          packed = reading.pack ? reading.pack(given as never) : carries ? numbersOnly(given, target.isSingle) : given;
        } catch (error) {
          // The browser shows the errors of its own `parse`, but `parse` may throw on the server only.
          errorHandler.handleError(error);
        }
        if (packed !== undefined) {
          const receivedAt = now();
          carry(id, packed, receivedAt);
          next({ packed, receivedAt, stale: false });
        }
      });
    },
  };
}

function inBrowser(): Rendering {
  const entries = carriedWithPage();
  const idOf = createIds();
  const options = orThrow(inject(OPTIONS));
  // The options of a client that was passed in are unknown, so their defaults count.
  const staleAfter = staleAfterOf(isClient(options) ? {} : options);
  const application = inject(ApplicationRef);
  // A microtask later, so that the tasks which the application starts with are already pending.
  void Promise.resolve()
    .then(() => application.whenStable())
    .then(() => entries.clear());
  return {
    carried(target, reading) {
      const entry = entries.size > 0 ? entries.get(idOf(target, reading)) : undefined;
      if (entry === undefined) {
        return undefined;
      }
      const [, packed, receivedAt] = entry;
      return { packed, receivedAt, stale: now() - receivedAt > staleAfter };
    },
    peek: () => () => undefined,
  };
}

/** The same default as in the client. */
function staleAfterOf({ poll = {}, request = {} }: Partial<StatisticsClientOptions>): number {
  return poll.staleAfter ?? 2 * (poll.maxInterval ?? Math.max(30_000, poll.interval ?? 0)) + (request.timeout ?? 10_000);
}
