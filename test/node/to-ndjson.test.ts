/** Lines of JSON, and how little waits in between. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticsError } from '../../src/index.js';
import { toNdjson, toReadable } from '../../src/node/index.js';
import { settled, statistic } from '../support/values.js';

const write = async (values: readonly unknown[]): Promise<string> => {
  const lines = toNdjson();
  values.forEach((value) => lines.write(value));
  lines.end();
  return (await lines.toArray()).join('');
};

describe('toNdjson', () => {
  it('writes a line per value', async () => {
    const sales = statistic('Sales@SIP', { intValue: 3 });
    expect(await write([sales, [1, null], 'é\n☎', 0, false])).toBe(
      `${JSON.stringify(sales)}\n[1,null]\n"é\\n☎"\n0\nfalse\n`,
    );
  });

  it('writes nothing for nothing', async () => {
    expect(await write([])).toBe('');
  });

  it('can be read back, whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue().filter((value) => value !== null)), async (values) => {
        const lines = (await write(values)).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines).toEqual(values.map((value) => JSON.stringify(value)));
      }),
    );
  });

  it('gives text', async () => {
    const lines = toNdjson();
    lines.end({ a: 1 });
    expect(await lines.toArray()).toEqual(['{"a":1}\n']);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  it.each<[string, unknown, unknown]>([
    ['a function', () => 1, undefined],
    ['a cycle', cycle, expect.any(TypeError)],
    ['a bigint', 1n, expect.any(TypeError)],
  ])('fails the pipeline on %s', async (_, value, cause) => {
    const source = new Subject<object>();
    const failed = pipeline(toReadable(source), toNdjson(), new Writable({ write: (_c, _e, callback) => callback() }));
    await settled();
    source.next(value as object);
    await expect(failed).rejects.toThrow(
      expect.objectContaining({
        constructor: StatisticsError,
        message: `toNdjson cannot write a ${typeof value} as JSON`,
        cause,
      }),
    );
    expect(source.observed).toBe(false);
  });

  it('holds back one value, the rest conflates', async () => {
    const source = new Subject<number>();
    const written: string[] = [];
    let proceed: (() => void) | undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _, callback) {
        written.push(String(chunk));
        proceed = callback;
      },
    });
    const finished = pipeline(toReadable(source), toNdjson(), slow);
    await settled();
    for (let number = 1; number <= 1000; number++) {
      source.next(number);
      await settled();
    }
    source.complete();
    expect(written).toEqual(['1\n']);
    while (written.at(-1) !== '1000\n') {
      proceed?.();
      await settled();
      expect(written.length).toBeLessThan(4);
    }
    proceed?.();
    await finished;
    expect(written).toEqual(['1\n', '2\n', '1000\n']);
  });

  it('passes everything on with back-pressure all', async () => {
    const written: unknown[] = [];
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const collect = new Writable({
      write(chunk, _, callback) {
        written.push(String(chunk));
        setImmediate(callback);
      },
    });
    await pipeline(toReadable(from(numbers), { backPressure: 'all' }), toNdjson(), collect);
    expect(written.join('')).toBe(numbers.map((number) => `${number}\n`).join(''));
  });
});
