/** The feature that renders first values on a server, and lets a browser begin with them. */
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
  /** Milliseconds that a render waits for first values in all, and the stability of an application in a browser: 0 to 2^31-1. @defaultValue 1000 */
  readonly deadline?: number | undefined;
}

/**
 * Renders first values on a server, and lets the browser begin with them. Belongs to the providers of both.
 *
 * The server peeks: one request for everything that is injected in a tick, one attempt, and no subscription is opened. What has no
 * value by the deadline is rendered as `'loading'`, and so is what cannot be peeked at: an inline definition. Without this feature
 * a server asks for nothing.
 *
 * A refusal of everything, such as a 401, and an error of `parse` go to Angular's `ErrorHandler`, since the page shows neither. A
 * server that is away is not reported: the browser goes on trying.
 *
 * The page carries the results of `parse`, and of other values numbers alone, since agents' states may hold login ids: give what
 * shows them a `parse`, or it is rendered as `'loading'`. Values older than `poll.staleAfter` begin stale, as in a prerendered page.
 *
 * @throws StatisticsOptionError for a deadline that does not fit.
 */
export function withServerRendering({ deadline = 1000 }: ServerRenderingOptions = {}): StatisticsFeature {
  // The longest that a timer can hold.
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

/** With it, a page carries no values: the browser begins with `'loading'`. For pages that others may keep or read. */
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
          // The browser shows what its own `parse` throws, but this one may throw on a server alone.
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
  // A client that is handed in keeps its options to itself.
  const staleAfter = staleAfterOf(isClient(options) ? {} : options);
  const application = inject(ApplicationRef);
  // A microtask later, so that whatever the application starts with counts.
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

/** As the client reads it. */
function staleAfterOf({ poll = {}, request = {} }: Partial<StatisticsClientOptions>): number {
  return poll.staleAfter ?? 2 * (poll.maxInterval ?? Math.max(30_000, poll.interval ?? 0)) + (request.timeout ?? 10_000);
}
