/** Server-sent events: what a page reads is what was written, heartbeats come in silence only, and nothing outlives the stream. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { of, Subject } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StatisticsError, StatisticsOptionError } from '../../src/index.js';
import { toReadable, toServerSentEvents, type ServerSentEventsOptions } from '../../src/node/index.js';
import { settled, statistic } from '../support/values.js';

afterEach(() => void vi.useRealTimers());

async function write(values: readonly unknown[], options?: ServerSentEventsOptions<never>): Promise<string> {
  const events = toServerSentEvents(options);
  values.forEach((value) => events.write(value));
  events.end();
  return (await events.toArray()).join('');
}

interface PageEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** What a page makes of a text: HTML, 9.2.6 "Interpreting an event stream". */
function interpret(text: string): PageEvent[] {
  const events: PageEvent[] = [];
  let [type, lastEventId] = ['', ''];
  let data: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (line === '') {
      if (data.length > 0) {
        events.push({ type: type === '' ? 'message' : type, data: data.join('\n'), lastEventId });
      }
      type = '';
      data = [];
    } else if (name === 'event') {
      type = value;
    } else if (name === 'data') {
      data.push(value);
    } else if (name === 'id' && !value.includes('\0')) {
      lastEventId = value;
    }
  }
  return events;
}

describe('toServerSentEvents', () => {
  it('writes an event per value, with its name and id', async () => {
    const named: ServerSentEventsOptions = { event: 'value', id: ({ timestamp }) => timestamp };
    const sales = statistic('Sales@SIP', { intValue: 3 });
    expect(await write([sales], named as never)).toBe(`event: value\nid: 1\ndata: ${JSON.stringify(sales)}\n\n`);
  });

  it('leaves out a name and an id that a value has none of', async () => {
    const options: ServerSentEventsOptions<string> = { event: (text) => (text === 'a' ? 'first' : undefined), id: () => null };
    expect(await write(['a', 'b'], options as never)).toBe('event: first\ndata: a\n\ndata: b\n\n');
  });

  it('begins with the time to reconnect, also when there is no value', async () => {
    expect(await write([], { retry: 3000 })).toBe('retry: 3000\n\n');
    expect(await write(['a'], { retry: 0 })).toBe('retry: 0\n\ndata: a\n\n');
  });

  it.each([['a\nb'], ['a\rb'], ['a\r\nb'], ['a\n'], ['\n\n'], ['data: x\n\nevent: y'], [''], [' a'], [': a']])('splits the lines of %j as the standard says', async (text) => {
    const [event, ...more] = interpret(await write([text]));
    expect(more).toEqual([]);
    expect(event).toEqual({ type: 'message', data: text.replace(/\r\n|\r/g, '\n'), lastEventId: '' });
  });

  it('is read back as it was written, whatever it is given', async () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', ' ', ':', '\n', '\r', '\u2028', '\0', 'é', '☎') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anyText, fc.jsonValue().filter((value) => value !== null))), async (values) => {
        const events = interpret(await write(values));
        const expected = values.map((value) => (typeof value === 'string' ? value.replace(/\r\n|\r/g, '\n') : value));
        expect(events.map(({ data }, index) => (typeof values[index] === 'string' ? data : JSON.parse(data)))).toEqual(expected.map((value) => (typeof value === 'string' ? value : (JSON.parse(JSON.stringify(value)) as unknown))));
      }),
    );
  });

  it.each<[string, unknown, ServerSentEventsOptions<never>, string]>([
    ['JSON cannot say', { a: 1n }, {}, 'toServerSentEvents cannot write a object as JSON'],
    ['has two lines for an id', 'a', { id: () => '1\ndata: b' }, 'toServerSentEvents cannot write "1\\ndata: b" as an id: it must be one line'],
    ['has a NUL in its id', 'a', { id: () => '\0' }, 'toServerSentEvents cannot write "\\u0000" as an id: it must be one line'],
    ['has two lines for a name', 'a', { event: () => 'a\rb' }, 'toServerSentEvents cannot write "a\\rb" as an event: it must be one line'],
  ])('fails the pipeline on what %s', async (_, value, options, message) => {
    const source = new Subject<object>();
    const failed = pipeline(toReadable(source), toServerSentEvents(options), new Writable({ write: (_c, _e, callback) => callback() }));
    await settled();
    source.next(value as object);
    await expect(failed).rejects.toThrow(expect.objectContaining({ constructor: StatisticsError, message }));
    expect(source.observed).toBe(false);
  });

  it('holds back one event, the rest conflates', async () => {
    const source = new Subject<number>();
    const written: string[] = [];
    let proceed = (): void => undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _, callback) {
        written.push(String(chunk));
        proceed = callback;
      },
    });
    const finished = pipeline(toReadable(source), toServerSentEvents({ heartbeat: 0 }), slow);
    await settled();
    for (let number = 1; number <= 1000; number++) {
      source.next(number);
      await settled();
    }
    source.complete();
    for (let step = 0; step < 3; step++) {
      proceed();
      await settled();
    }
    await finished;
    expect(written).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 1000\n\n']);
  });

  it.each<[unknown, string]>([
    [{ event: 'a\nb' }, 'event must be one line of text, or a function that gives it, got "a\\nb"'],
    [{ event: 1 }, 'event must be one line of text, or a function that gives it, got 1'],
    [{ id: 'a' }, 'id must be a function that gives an id, got "a"'],
    [{ retry: -1 }, 'retry must be a whole number from 0 to 2147483647, got -1'],
    [{ heartbeat: Infinity }, 'heartbeat must be a finite number from 0 to 2147483647, got Infinity'],
    [{ hartbeat: 1 }, 'options has no "hartbeat", only event, id, retry, heartbeat'],
  ])('refuses %o', (options, message) => {
    expect(() => toServerSentEvents(options as ServerSentEventsOptions)).toThrow(expect.objectContaining({ constructor: StatisticsOptionError, message }));
  });
});

describe('heartbeats of toServerSentEvents', () => {
  /** What a page reads while time passes. */
  function start(options: ServerSentEventsOptions = {}): { events: ReturnType<typeof toServerSentEvents>; read: string[] } {
    vi.useFakeTimers();
    const events = toServerSentEvents(options);
    const read: string[] = [];
    events.on('data', (text: string) => read.push(text));
    return { events, read };
  }

  it('come after each 15 seconds of silence, and are nothing to a page', async () => {
    const { events, read } = start();
    await vi.advanceTimersByTimeAsync(14_999);
    events.write('a');
    await vi.advanceTimersByTimeAsync(14_999);
    expect(read).toEqual(['data: a\n\n']);
    await vi.advanceTimersByTimeAsync(1 + 30_000);
    expect(read).toEqual(['data: a\n\n', ':\n\n', ':\n\n', ':\n\n']);
    expect(interpret(read.join(''))).toHaveLength(1);
    events.destroy();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('do not pile up before a page that stops reading', async () => {
    const { events, read } = start({ heartbeat: 10 });
    await vi.advanceTimersByTimeAsync(10);
    events.pause();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.readableLength).toBe(':\n\n'.length);
    events.resume();
    await vi.advanceTimersByTimeAsync(10);
    expect(read.length).toBeLessThan(5);
    events.destroy();
  });

  it('begin when somebody reads: a stream that was never used holds no process', () => {
    vi.useFakeTimers();
    toServerSentEvents();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, (events: ReturnType<typeof toServerSentEvents>) => void]>([
    ['its end', (events) => events.end()],
    ['a failure', (events) => void events.on('error', () => undefined).destroy(new Error('reset'))],
  ])('end with the stream: %s', async (_, finish) => {
    const { events, read } = start({ heartbeat: 10 });
    await vi.advanceTimersByTimeAsync(10);
    finish(events);
    await vi.advanceTimersByTimeAsync(100);
    expect(read).toEqual([':\n\n']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('do not come behind the end, before a page that stops reading just there', async () => {
    vi.useFakeTimers();
    const events = toServerSentEvents({ heartbeat: 10 });
    events.end('a');
    const read: string[] = [];
    events.on('data', (text: string) => {
      read.push(text);
      events.pause();
    });
    await vi.advanceTimersByTimeAsync(100);
    events.resume();
    await vi.advanceTimersByTimeAsync(100);
    expect(read.join('')).toBe('data: a\n\n');
    expect(events.readableEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of 0 are none', async () => {
    const { read } = start({ heartbeat: 0 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(read).toEqual([]);
  });

  it('end when a page leaves, and the source is let go of', async () => {
    const source = new Subject<number>();
    const page = new Writable({ write: (_chunk, _encoding, callback) => callback() });
    const left = pipeline(toReadable(source), toServerSentEvents(), page);
    await settled();
    page.destroy();
    await expect(left).rejects.toThrow('Premature close');
    expect(source.observed).toBe(false);
  });
});

describe('the types of toServerSentEvents', () => {
  it('take functions of a statistic, and of whatever they say', async () => {
    toServerSentEvents({ event: ({ objectType }) => objectType, id: ({ timestamp }) => timestamp }).destroy();
    const numbered = toServerSentEvents({ id: (item: { readonly row: number }) => item.row });
    await pipeline(toReadable(of({ row: 7 })), numbered, async (texts: AsyncIterable<string>) => {
      for await (const text of texts) {
        expect(text).toBe('id: 7\ndata: {"row":7}\n\n');
      }
    });
  });
});
