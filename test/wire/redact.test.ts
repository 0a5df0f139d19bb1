/** The secrets that are kept, for how long, and the forms in which they are found. For the whole client: test/security/secrets.test.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/wire/redact.js';

describe('a redactor', () => {
  it('F97, F118: keeps the last 64 tokens, independently the last 64 cookies, and permanent secrets for ever', () => {
    const secrets = redactor(['permanent-key']);
    const shown = (text: string): boolean => secrets.redact(text) === text;
    for (let index = 0; index < 65; index++) {
      secrets.add(`token-number-${index}-`, 'token');
    }
    secrets.add('cookie-value', 'cookie');
    expect(['token-number-0-', 'token-number-1-', 'token-number-64-', 'cookie-value', 'permanent-key'].map(shown)).toEqual([true, false, false, false, false]);
    // A secret that is added again becomes the most recent one.
    secrets.add('token-number-1-', 'token');
    secrets.add('token-number-65-', 'token');
    expect(['token-number-1-', 'token-number-2-'].map(shown)).toEqual([false, true]);
  });

  it.each([
    ['the whole', 'key: secret-4711.', 'key: ***.'],
    ['in capitals', 'SECRET-4711', '***'],
    ['twice', 'secret-4711secret-4711 and secret-4711', '****** and ***'],
    ['beside a percent sign', 'at 50%secret-4711', 'at 50%***'],
    ['behind a percent sign that forms an escape with it', 'at 50%face-the-music', 'at 50%***'],
    ['escaped, in the unescaped text', 'a%20secret%2d4711 &amp; b', 'a *** & b'],
    ['in an escape of another encoder', 'secret%2D4711 secret\\u002d4711 secret&#45;4711 secret&#x2d;4711', '*** *** *** ***'],
    ['in escapes of escapes', 'secret%252D4711 secret\\\\u002d4711 secret&amp;#45;4711 secret%25252d4711', '*** *** *** ***'],
    ['in part', 'secret-471', 'secret-471'],
  ])('finds a secret %s', (_, text, clean) => {
    expect(redactor(['secret-4711', 'face-the-music']).redact(text)).toBe(clean);
  });

  it('hides secrets completely if they overlap or contain one another', () => {
    expect(redactor(['abcdefgh', 'efghijkl', 'cdefgh']).redact('>abcdefghijkl<')).toBe('>***<');
  });

  it('finds each word of a header, and the value of a cookie in it', () => {
    const { redact } = redactor(['Basic dXNlcjpwYXNz', 'session=one-two; other=three-four']);
    expect(['dXNlcjpwYXNz', 'one-two', 'three-four'].map(redact)).toEqual(['***', '***', '***']);
  });

  it('does not hide texts that are too short to be secrets', () => {
    const secrets = redactor(['abc', '\\\\\\\\\\\\\\x', '%41%42%43%44']);
    secrets.add('', 'cookie');
    expect(secrets.redact('abc x ABCD abcd')).toBe('abc x ABCD abcd');
  });

  it('finds any secret, however often JSON, a URL or HTML has escaped it', () => {
    const secret = fc.string({ unit: fc.constantFrom('a', 'B', '0', 'u', '\\', '%', '&', ';', '#', 'x', '2', ' ', '"', "'", '/', '=', '+', '<', '>', 'é', '5'), maxLength: 80 }).map((text) => `secret${text}.`);
    const writers: ((text: string) => string)[] = [
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => encodeURIComponent(text),
      (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
      (text) => text.replace(/[^0-9A-Za-z]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`),
      (text) => text.replace(/[^0-9A-Za-z]/g, (each) => `&#x${each.charCodeAt(0).toString(16)};`),
    ];
    fc.assert(
      fc.property(secret, fc.array(fc.constantFrom(...writers), { maxLength: 3 }), (text, layers) => {
        const written = layers.reduce((inner, write) => write(inner), text);
        expect(redactor([text]).redact(`> ${written} <`)).toBe('> *** <');
      }),
      { numRuns: 2000 },
    );
  });
});
