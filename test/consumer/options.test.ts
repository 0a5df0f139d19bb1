/** Bad options are refused at once, by both consumers alike. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { NEVER, Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../src/index.js';
import { toAsyncIterable, toReadable, type ConsumerOptions } from '../../src/node/index.js';

const consumers: [string, (observable: Observable<number>, options?: ConsumerOptions) => unknown][] = [
  ['toAsyncIterable', toAsyncIterable],
  ['toReadable', toReadable],
];

describe.each(consumers)('%s', (_, consume) => {
  it.each<[unknown, string, string]>([
    [{ backPressure: 'newest' }, 'backPressure', "backPressure must be 'latest', 'all' or { buffer: n }, got 'newest'"],
    [{ backPressure: null }, 'backPressure', "backPressure must be 'latest', 'all' or { buffer: n }, got null"],
    [{ backPressure: {} }, 'backPressure', "backPressure must be 'latest', 'all' or { buffer: n }, got {}"],
    ...[0, 1.5, Infinity, undefined].map((buffer): [unknown, string, string] => [
      { backPressure: { buffer } },
      'backPressure.buffer',
      `backPressure.buffer must be a whole number from 1, got ${buffer}`,
    ]),
    [{ signal: {} }, 'signal', 'signal must be an AbortSignal, got {}'],
    [{ signal: null }, 'signal', 'signal must be an AbortSignal, got null'],
    [{ signal: true }, 'signal', 'signal must be an AbortSignal, got true'],
    [null, 'options', 'options must be an object, got null'],
    ['latest', 'options', "options must be an object, got 'latest'"],
  ])('refuses %o', (options, option, message) => {
    expect(() => consume(NEVER, options as ConsumerOptions)).toThrow(
      expect.objectContaining({ constructor: StatisticsOptionError, option, message }),
    );
  });

  it('F142: takes any signal that looks like one, as polyfills and test runners make them', async () => {
    class Signal extends EventTarget {
      aborted = false;
      reason: unknown;
    }
    const signal = new Signal();
    let left = false;
    const consumed = consume(new Observable(() => () => (left = true)), { signal: signal as never });
    const end = consumed instanceof Readable ? once(consumed.resume(), 'error').then(([error]) => error as unknown) : (consumed as AsyncIterable<number>)[Symbol.asyncIterator]().next().catch((error: unknown) => error);
    await new Promise(setImmediate);
    Object.assign(signal, { aborted: true, reason: new Error('enough') });
    signal.dispatchEvent(new Event('abort'));
    expect(await end).toMatchObject({ message: 'enough' });
    expect(left).toBe(true);
  });

  it('refuses anything but an observable', () => {
    expect(() => consume([1] as never)).toThrow('observable must be an RxJS observable, got [ 1 ]');
  });

  it.each([undefined, {}, { backPressure: undefined, signal: undefined }, { backPressure: { buffer: 1 } }])(
    'accepts %o',
    (options) => {
      expect(() => consume(NEVER, options)).not.toThrow();
    },
  );
});
