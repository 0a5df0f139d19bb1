/** The limits that SECURITY.md states: what is within one passes, and what is just beyond it does not. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/model/definition.js';
import { harmless } from '../../src/model/errors.js';
import { requireShallow } from '../../src/model/freeze.js';
import { numberOf } from '../../src/index.js';
import { readNotes } from '../../src/node/notes.js';
import { readClientOptions } from '../../src/options.js';
import { backoff } from '../../src/time/backoff.js';
import { noIds } from '../../src/upstream/answer/ids.js';
import { createMatcher } from '../../src/upstream/answer/match.js';
import { isId } from '../../src/wire/api.js';
import { isParsable } from '../../src/wire/bounds.js';
import { isHeaderValue } from '../../src/wire/credentials.js';
import { failureOf, readEntries } from '../../src/wire/envelope.js';
import { createCookieJar } from '../../src/wire/platform/cookies.node.js';
import { redactor } from '../../src/wire/redact.js';
import { unescape } from '../../src/wire/unescape.js';
import { sales } from '../support/journey.js';

const policy = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
const table = policy.slice(policy.indexOf('## Limits'), policy.indexOf('## Out of scope'));
const limits = new Map([...table.matchAll(/^\| (?!what|-)(.*?) \| (.*?) \| .*\|$/gm)].map(([, what = '', limit = '']) => [what, limit]));

const baseUrl = 'https://host/statistics/v3';
const url = 'http://127.0.0.1/';
const times = (count: number, piece = 'x'): string => piece.repeat(count);
const nested = (depth: number): unknown => JSON.parse(`${times(depth, '[')}${times(depth, ']')}`);

function passes(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

const context = { operation: 'GET /x', httpStatus: 500, retryAfter: undefined, location: undefined, redact: (text: string) => text };
const failure = (status: object, errors: object[] = []) => failureOf(JSON.stringify({ status, errors }), context);

/** Whether a matcher still knows an id that a server made up, after it has seen `later` others. */
function knowsId(id: string, later: number): boolean {
  const matcher = createMatcher([readDefinition({ name: 'a', ...sales })], noIds);
  [id, ...Array.from({ length: later }, (_, index) => `later-${index}`)].forEach((statisticId) => matcher.match([{ statisticId, name: 'a', ...sales, value: 1 }]));
  matcher.match([]);
  return matcher.match([{ statisticId: id, value: 2 }]).readings[0] !== undefined;
}

/** Whether a secret is still hidden after as many others have followed it. */
function hides(later: number): boolean {
  const { add, redact } = redactor([]);
  add('the-first-secret', 'token');
  Array.from({ length: later }, (_, index) => add(`another-secret-${index}`, 'token'));
  return redact('the-first-secret') === '***';
}

/** The `Cookie` header after an answer with these cookies. */
async function headerAfter(...cookies: string[]): Promise<string> {
  const jar = await createCookieJar();
  jar?.store(url, cookies);
  return jar?.header(url) ?? '';
}

/** By what is bounded: proves the numbers of its row. */
const proofs: Record<string, (...numbers: number[]) => void | Promise<void>> = {
  'a body, decoded': (mebibytes = 0) => {
    expect(readClientOptions({ baseUrl }).request.maxBodyBytes).toBe(mebibytes * 1024 * 1024);
  },
  'a request, body included': (seconds = 0) => {
    expect(readClientOptions({ baseUrl }).request.timeout).toBe(seconds * 1000);
  },
  'brackets in a body of more than 1 MiB': (_, characters = 0) => {
    const [size, small] = [2 * 1024 * 1024, 1024 * 1024];
    const most = size / characters;
    const withBrackets = (count: number, length: number): string => times(count, '[') + times(length - count);
    expect([isParsable(withBrackets(most, size)), isParsable(withBrackets(most + 1, size))]).toEqual([true, false]);
    expect(isParsable(times(small, '['))).toBe(true);
  },
  'depth of a value': (levels = 0) => {
    expect([passes(() => requireShallow(nested(levels))), passes(() => requireShallow(nested(levels + 1)))]).toEqual([true, false]);
  },
  'statistics in an answer': (more = 0) => {
    const answer = (count: number) => passes(() => readEntries({ statistics: Array.from({ length: count }, () => ({})) }, 7));
    expect([answer(14 + more), answer(15 + more)]).toEqual([true, false]);
  },
  'ids that the server makes up, remembered': (count = 0, characters = 0) => {
    expect([knowsId('its-own', count - 1), knowsId('its-own', count)]).toEqual([true, false]);
    expect([knowsId(times(characters), 0), knowsId(times(characters + 1), 0)]).toEqual([true, false]);
  },
  'a subscription\'s id': (characters = 0) => {
    expect([isId(times(characters)), isId(times(characters + 1))]).toEqual([true, false]);
  },
  'a message': (characters = 0) => {
    expect([harmless(times(characters)), harmless(times(characters + 1))]).toEqual([times(characters), `${times(characters)}...`]);
  },
  'the part of a body that an error keeps': (kibibytes = 0) => {
    const room = kibibytes * 1024 - JSON.stringify({ status: { code: 7, detail: '' }, errors: [] }).length;
    const isKept = (characters: number): boolean => failure({ code: 7, detail: times(characters) }).detail !== undefined;
    expect([isKept(room), isKept(room + 1)]).toEqual([true, false]);
  },
  'errors in a list of them': () => {
    expect(failure({ code: 7 }, [{ status: { message: 'one' } }, { status: { message: 'two' } }]).message).toMatch(/: one$/);
  },
  'a token, a key, a header\'s value': (characters = 0) => {
    expect([isHeaderValue(times(characters)), isHeaderValue(times(characters + 1))]).toEqual([true, false]);
  },
  'tokens, and cookies, that are kept out of texts': (count = 0) => {
    expect([hides(count - 1), hides(count)]).toEqual([true, false]);
  },
  'escapes within escapes that hide a secret': (levels = 0) => {
    const escaped = (depth: number): string => `%${times(depth - 1, '25')}41`;
    expect([unescape(escaped(levels)), unescape(escaped(levels + 1))]).toEqual(['A', '%41']);
  },
  'cookies': async (count = 0, kibibytes = 0, together = 0) => {
    const small = Array.from({ length: count + 1 }, (_, index) => `c${index}=1; Path=/`);
    expect((await headerAfter(...small)).split('; ')).toHaveLength(count);
    expect([await headerAfter(`a=${times(kibibytes * 1024 - 2)}`), await headerAfter(`a=${times(kibibytes * 1024 - 1)}`)].map(({ length }) => length > 0)).toEqual([true, false]);
    const halves = (size: number): string[] => [`a=${times(together / 2 - 1)}`, `b=${times(size - together / 2 - 1)}`];
    expect([await headerAfter(...halves(together)), await headerAfter(...halves(together + 1))].map(({ length }) => length > 0)).toEqual([true, false]);
  },
  // How many are read at a start takes a store of that many: test/upstream/cleanup/journal.test.ts.
  'entries of a journal': (_, characters = 0) => {
    expect(readNotes(`+${times(characters)}\n+${times(characters + 1)}\n`)).toEqual([times(characters)]);
  },
  '`Retry-After`': () => {
    const options = { minTimeout: 10, maxTimeout: 5000, factor: 2 };
    expect(backoff(options, 1, 0, 1e12)).toBe(options.maxTimeout);
  },
  'a number\'s text': (digits = 0) => {
    const decimals = (count: number) => numberOf({ intValue: 5, stringValue: `5.5${times(count - 1, '0')}` });
    expect([decimals(digits), decimals(digits + 1)]).toEqual([5.5, null]);
  },
};

/** Bounded by the platform, or proved with the files that it takes. */
const elsewhere = ['headers of an answer', 'a file of a journal'];

describe('SECURITY.md', () => {
  it('states the limits that are proved here, and two more', () => {
    expect([...limits.keys()].sort()).toEqual([...Object.keys(proofs), ...elsewhere].sort());
  });

  it.each(Object.keys(proofs))('%s: the limit is as stated', async (what) => {
    const numbers = [...(limits.get(what) ?? '').matchAll(/\d[\d,]*/g)].map(([digits]) => Number(digits.replaceAll(',', '')));
    await proofs[what]?.(...(what.startsWith('brackets') ? [1, ...numbers.slice(-1)] : numbers));
  });
});
