/** Bad options are refused at once, by all consumers alike. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { NEVER, Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../src/index.js';
import { toAsyncIterable, toReadable, toWebStream, type ConsumerOptions } from '../../src/node/index.js';

const consumers: [string, (observable: Observable<number>, options?: ConsumerOptions) => unknown][] = [
  ['toAsyncIterable', toAsyncIterable],
  ['toReadable', toReadable],
  ['toWebStream', toWebStream],
];

describe.each(consumers)('%s', (_, consume) => {
  it.each<[unknown, string, string]>([
    [{ backPressure: 'newest' }, 'backPressure', "backPressure must be 'latest', 'all', { buffer: n } or { latestBy: (item) => key }, got \"newest\""],
    [{ backPressure: null }, 'backPressure', "backPressure must be 'latest', 'all', { buffer: n } or { latestBy: (item) => key }, got null"],
    [{ backPressure: {} }, 'backPressure', "backPressure must be 'latest', 'all', { buffer: n } or { latestBy: (item) => key }, got an object"],
    ...[0, 1.5, Infinity, undefined].map((buffer): [unknown, string, string] => [
      { backPressure: { buffer } },
      'backPressure.buffer',
      `backPressure.buffer must be a whole number from 1, got ${buffer}`,
    ]),
    [{ backPressure: { buffer: 1, latestBy: String } }, 'backPressure', "backPressure must be 'latest', 'all', { buffer: n } or { latestBy: (item) => key }, got an object"],
    [{ backPressure: { latestBy: 'objectId' } }, 'backPressure.latestBy', 'backPressure.latestBy must be a function of an item, got "objectId"'],
    [{ onDrop: 1 }, 'onDrop', 'onDrop must be a function of a number, got 1'],
    [{ backpressure: 'all' }, 'backpressure', 'options has no "backpressure", only backPressure, onDrop, signal'],
    [{ signal: {} }, 'signal', 'signal must be an AbortSignal, got an object'],
    [{ signal: null }, 'signal', 'signal must be an AbortSignal, got null'],
    [{ signal: true }, 'signal', 'signal must be an AbortSignal, got true'],
    [null, 'options', 'options must be an object with backPressure, onDrop, signal, got null'],
    ['latest', 'options', 'options must be an object with backPressure, onDrop, signal, got "latest"'],
  ])('refuses %o', (options, option, message) => {
    expect(() => consume(NEVER, options as ConsumerOptions)).toThrow(
      expect.objectContaining({ constructor: StatisticsOptionError, option, message }),
    );
  });

  it('F142: accepts any object with the shape of a signal, such as a polyfill’s or a test runner’s', async () => {
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

  it('refuses an argument that is not an observable', () => {
    expect(() => consume([1] as never)).toThrow('observable must be an RxJS observable, got an array');
  });

  it.each([undefined, {}, { backPressure: undefined, onDrop: undefined, signal: undefined }, { backPressure: { buffer: 1 } }, { backPressure: { latestBy: String } }])(
    'accepts %o',
    (options) => {
      expect(() => consume(NEVER, options)).not.toThrow();
    },
  );
});
