/** Turns values into the text of server-sent events. Owns that format; knows nothing of HTTP or of statistics. */
import type { Transform } from 'node:stream';
import { asyncScheduler, type Subscription } from 'rxjs';
import { maxDelay, numberIn, objectWith, unfit } from '../checks/arguments.js';
import { StatisticsError, type StatisticValue } from '../index.js';
import { jsonLine } from './json-line.js';
import { createTextTransform } from './text-transform.js';

/** Options of `toServerSentEvents`. An explicit `undefined` means the default. */
export interface ServerSentEventsOptions<T = StatisticValue> {
  /** The name of each event, or a function of the value that returns it. Without a name, pages receive `message` events. */
  readonly event?: string | ((item: T) => string | undefined) | undefined;
  /** Returns the id of an event. A page that reconnects sends the last one as `Last-Event-ID`. No ids by default. */
  readonly id?: ((item: T) => string | number | null | undefined) | undefined;
  /** Milliseconds after which a page reconnects: 0 to 2^31-1. Left to the page by default. */
  readonly retry?: number | undefined;
  /**
   * Milliseconds of silence after which a comment is sent, so that no proxy closes the connection. 1 to 2^31-1; 0 sends none.
   *
   * @defaultValue `15000`
   */
  readonly heartbeat?: number | undefined;
}

/**
 * A `Transform` from values to the text of server-sent events, for a response of type `text/event-stream`. A string becomes
 * the data of an event as it is, line by line. Any other value becomes JSON.
 *
 * Behind a slow page it holds one event and accepts no more, so that the stream in front can still conflate values. Heartbeats
 * wait until the page reads. They begin with the first read and end with the stream.
 *
 * A value that JSON cannot express, or a name or id of more than one line, fails the pipeline with a `StatisticsError`.
 *
 * @throws StatisticsOptionError at once when an option is out of bounds.
 *
 * @example
 * response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
 * await pipeline(toReadable(values$), toServerSentEvents({ event: 'value' }), response);
 */
export function toServerSentEvents<T = StatisticValue>(options: ServerSentEventsOptions<T> = {}): Transform {
  const { eventOf, idOf, retry, heartbeat } = readEventOptions<T>(options);
  let timer: Subscription | undefined;

  const stop = (): void => timer?.unsubscribe();
  const waitInSilence = (): void => {
    stop();
    timer = asyncScheduler.schedule(beat, heartbeat);
  };
  const beat = (): void => {
    // While text waits to be read, another comment would only take up memory.
    if (events.readableLength === 0) {
      events.push(':\n\n');
    }
    waitInSilence();
  };

  const events = createTextTransform({
    write(value) {
      if (timer !== undefined) {
        waitInSilence();
      }
      const data = typeof value === 'string' ? value : jsonLine(value, 'toServerSentEvents');
      return `${field('event', eventOf(value as T))}${field('id', idOf(value as T))}${data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join('')}\n`;
    },
    reading() {
      if (timer === undefined && heartbeat > 0) {
        waitInSilence();
      }
    },
    ended: stop,
  });
  if (retry !== undefined) {
    events.push(`retry: ${retry}\n\n`);
  }
  return events;
}

/** A line of an event; empty if there is no value for it. */
function field(name: 'event' | 'id', value: string | number | null | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  const text = String(value);
  if (!isLine(text)) {
    throw new StatisticsError(`toServerSentEvents cannot write ${JSON.stringify(text.slice(0, 80))} as an ${name}: it must be one line`);
  }
  return `${name}: ${text}\n`;
}

/** Whether a text fits in a field. Pages ignore an id with a NUL. */
function isLine(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}

interface CheckedOptions<T> {
  readonly eventOf: (item: T) => string | undefined;
  readonly idOf: (item: T) => string | number | null | undefined;
  readonly retry: number | undefined;
  readonly heartbeat: number;
}

function readEventOptions<T>(options: unknown): CheckedOptions<T> {
  const { event, id, retry, heartbeat = 15_000 } = objectWith('options', options, ['event', 'id', 'retry', 'heartbeat']);
  if (event !== undefined && typeof event !== 'function' && !(typeof event === 'string' && isLine(event))) {
    throw unfit('event', event, 'one line of text, or a function that gives it');
  }
  if (id !== undefined && typeof id !== 'function') {
    throw unfit('id', id, 'a function that gives an id');
  }
  return {
    eventOf: typeof event === 'function' ? (event as CheckedOptions<T>['eventOf']) : () => event,
    idOf: (id as CheckedOptions<T>['idOf'] | undefined) ?? (() => undefined),
    retry: retry === undefined ? undefined : numberIn('retry', retry, { least: 0, most: maxDelay, whole: true }),
    heartbeat: numberIn('heartbeat', heartbeat, { least: 0, most: maxDelay }),
  };
}
