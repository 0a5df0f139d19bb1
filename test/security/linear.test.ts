/**
 * F102: everything that reads a server's text takes work in proportion to it. Of a megabyte a linear reader needs a million
 * steps, a quadratic one half a million millions: the bound lies between, far from both, so no busy machine passes it. The
 * last test shows that a quadratic reader does.
 */
import { describe, expect, it } from 'vitest';
import { plain as plainInTerminal } from '../../src/cli/terminal/plain.js';
import { numberOf } from '../../src/index.js';
import { equal } from '../../src/model/equal.js';
import { harmless, plain } from '../../src/model/errors.js';
import { freezeDeep, requireShallow } from '../../src/model/freeze.js';
import { epochMilliseconds } from '../../src/model/timestamp.js';
import { toNdjson } from '../../src/node/index.js';
import { parseRetryAfter } from '../../src/time/backoff.js';
import { createComparer } from '../../src/upstream/answer/compare.js';
import { createIds, noIds } from '../../src/upstream/answer/ids.js';
import { createMatcher } from '../../src/upstream/answer/match.js';
import { isParsable } from '../../src/wire/bounds.js';
import { failureOf, readEntries, readEnvelope } from '../../src/wire/envelope.js';
import { createCookieJar } from '../../src/wire/platform/cookies.node.js';
import { redactCause } from '../../src/wire/redact-cause.js';
import { redactor } from '../../src/wire/redact.js';
import { canary } from '../support/canary.js';

/** Milliseconds of this process's own work, however busy the machine is. */
function workOf(run: (text: string) => unknown, text: string): number {
  const before = process.cpuUsage();
  try {
    run(text);
  } catch {
    // What it thinks of the text is not the point.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Twenty times what the slowest of them takes for a megabyte; a quadratic reader takes twenty times as long again, or far more. */
const mostPerMegabyte = 4000;

function isLinear(run: (text: string) => unknown, make: (size: number) => string, sizes: readonly number[]): boolean {
  return sizes.every((size) => workOf(run, make(size)) < mostPerMegabyte * (size / megabyte));
}

const megabyte = 1024 * 1024;
/** The smaller first: a quadratic reader fails there in seconds, before it would take hours. */
const sizes = [megabyte / 32, megabyte / 8];

const { redact, add } = redactor([canary('key'), 'aaaaaaaaaaaaaaab', '((((((((]', '&&&&&&&;']);
// Cookies are a server's to choose: runs of what is escaped, and texts that a search compares nearly to their end.
[`${'\\'.repeat(30)}x`, '%'.repeat(4000), `${'a'.repeat(2000)}b${'a'.repeat(2000)}`, `b${'a'.repeat(4000)}`].forEach((cookie) => add(cookie, 'cookie'));
const context = { operation: 'GET /x', httpStatus: 200, retryAfter: undefined, location: undefined, redact };
const jar = await createCookieJar();

/** Texts of one kind of thing, over and over: what backtracks, backtracks over these. */
const repeated = [' ', '\t\n', '.', '/', '%', '0', '9', '-', 'a', 'aaaaaaaaaaaaaaaa', '\\', '\\"', '"', '%25', '%3', '&amp;', '\\u0025', '{', '[', '{"a":', '{},', ',', '\u001b[', '\u009b', '\u202e', '\ud800', ';', '=', 'a=b; ', '&', '&#0', '&#00000', '(', 'Mon, '];
const texts = repeated.flatMap((piece) => [
  (size: number): string => piece.repeat(size / piece.length),
  // The end that a greedy reader comes back from.
  (size: number): string => `1${piece.repeat(size / piece.length)}x`,
]);

const readers: Record<string, (text: string) => unknown> = {
  plain,
  harmless,
  'plain, in a terminal': plainInTerminal,
  redact,
  'the cause of an error': (text) => redactCause(new Error(text), redact),
  'Retry-After': (text) => parseRetryAfter(text, 0),
  'Retry-After that begins like a date': (text) => parseRetryAfter(`Mon, 01 Jan 2026 00:00:00 ${text}`, 0),
  'a timestamp': epochMilliseconds,
  'a number': (text) => numberOf({ intValue: 1, stringValue: text }),
  'an id of ours': (text) => createIds('12345678', 5).indexOf(`12345678.${text}`),
  'an id of its own': (text) => createMatcher([undefined], noIds).match([{ statisticId: text, name: text, objectId: text, objectType: text }]),
  'an envelope': (text) => readEnvelope(text, context),
  'a failure': (text) => failureOf(text, { ...context, httpStatus: 500 }),
  'a redirect': (text) => failureOf(text, { ...context, httpStatus: 302, location: text }),
  'a failure in an envelope': (text) => readEnvelope(JSON.stringify({ status: { code: text, message: text, detail: [text, { [text]: text }] }, path: text }), context),
  'how much it holds': (text) => isParsable(` ${text}`.repeat(2)),
  cookies: (text) => jar?.store('http://127.0.0.1/', [text, `a=${text.slice(0, 4000)}`, `a=b; Path=${text.slice(0, 4000)}`, `a=b; Expires=${text.slice(0, 4000)}`]),
  'a line of JSON': (text) => toNdjson().write(text),
};

describe.each(Object.keys(readers))('F102: %s', (name) => {
  it('grows no faster than the text, whatever is repeated in it', () => {
    const run = readers[name] ?? (() => undefined);
    expect(repeated.filter((_, index) => ![texts[2 * index], texts[2 * index + 1]].every((make) => isLinear(run, make ?? String, sizes)))).toEqual([]);
  }, 120_000);
});

describe('F102: an answer compared with the last', () => {
  const parse = (text: string) => readEntries(readEnvelope(text, context), Number.POSITIVE_INFINITY);
  const answer = (statistics: string): string => `{"status":{"code":0},"data":{"subscriptionId":"x","statistics":[${statistics}]}}`;
  const few = '{"statisticId":"a","value":1}';
  const many = (size: number, value: (index: number) => string): string => answer(Array.from({ length: size / 32 }, (_, index) => `{"statisticId":"${index}","value":${value(index)}}`).join(','));

  const pairs: Record<string, (size: number) => [last: string, next: string]> = {
    'one that changed wholly': (size) => [many(size, () => '1'), many(size, (index) => String(index))],
    'every second one longer': (size) => [many(size, () => '1'), many(size, (index) => (index % 2 === 0 ? '1' : '"longer"'))],
    'each shifted by one': (size) => [many(size, () => '1'), many(size, () => '1').replace('[{', '[{"statisticId":"new"},{')],
    'a string without an end': (size) => [answer(few), answer(`{"statisticId":"a","value":"${'\\"'.repeat(size / 2)}`)],
    'brackets without an end': (size) => [answer(`${few},${few}`), answer(`{"statisticId":"a","value":${'['.repeat(size)}`)],
    'keys without number': (size) => [`{${'"a":1,'.repeat(size / 6)}"data":{"statistics":[${few}]}}`, `{${'"a":1,'.repeat(size / 6)}"data":{"statistics":[${few},${few}]}}`],
    'numbers without an end': (size) => [`{"a":${'1'.repeat(size)},"data":{"statistics":[${few}]}}`, `{"a":${'2'.repeat(size)},"data":{"statistics":[${few}]}}`],
    'blanks without end': (size) => [`{"data":${' '.repeat(size)}{"statistics":[${few}]}}`, `{"data":${' '.repeat(size)}{"statistics":[${few},${few}]}}`],
  };

  it.each(Object.keys(pairs))('%s', (name) => {
    const made = new Map<number, [string, string]>();
    const run = (sized: string): void => {
      const size = Number(sized);
      const [last, next] = made.get(size) ?? pairs[name]?.(size) ?? ['', ''];
      made.set(size, [last, next]);
      const comparer = createComparer((entry) => entry);
      for (const text of [last, next, last]) {
        try {
          comparer.read({ bytes: new TextEncoder().encode(text), release: () => undefined }, () => parse(text));
        } catch {
          // No JSON: the next is read all the same.
        }
      }
    };
    expect(isLinear(run, String, sizes)).toBe(true);
  }, 60_000);
});

describe('F102: a value', () => {
  const shapes: Record<string, (size: number) => unknown> = {
    'of many keys': (size) => Object.fromEntries(Array.from({ length: size / 16 }, (_, index) => [`key ${index}`, index])),
    'of many lists': (size) => Array.from({ length: size / 16 }, () => [[]]),
    'of one long text': (size) => ({ text: 'x'.repeat(size) }),
  };

  it.each(Object.keys(shapes))('%s is frozen and compared in time that grows with it', (name) => {
    const run = (sized: string): void => {
      const text = JSON.stringify(shapes[name]?.(Number(sized)));
      const [one, other] = [JSON.parse(text), JSON.parse(text)] as [unknown, unknown];
      requireShallow(one);
      freezeDeep(one);
      equal(one, other);
    };
    expect(isLinear(run, String, sizes)).toBe(true);
  }, 60_000);
});

describe('the measure itself', () => {
  it('tells a quadratic reader from a linear one', () => {
    const blanks = (size: number): string => `${' '.repeat(size)}x`;
    expect(isLinear((text) => /\s+$/.test(text), blanks, [megabyte / 32])).toBe(false);
    expect(isLinear((text) => /^\s+$/.test(text), blanks, sizes)).toBe(true);
  }, 60_000);
});
