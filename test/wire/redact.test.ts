/** How many secrets are kept, and for how long. What each of them hides is `test/security/secrets.test.ts`'s. */
import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/wire/redact.js';

describe('a redactor', () => {
  it('F97, F118: keeps the last 64 of tokens and of cookies, each on their own, and what is permanent for good', () => {
    const secrets = redactor(['permanent-key']);
    const shown = (text: string): boolean => secrets.redact(text) === text;
    for (let index = 0; index < 65; index++) {
      secrets.add(`token-number-${index}-`, 'token');
    }
    secrets.add('SESSION=cookie-value', 'cookie');
    expect(['token-number-0-', 'token-number-1-', 'token-number-64-', 'cookie-value', 'permanent-key'].map(shown)).toEqual([true, false, false, false, false]);
    // One that is given again is the newest.
    secrets.add('token-number-1-', 'token');
    secrets.add('token-number-65-', 'token');
    expect(['token-number-1-', 'token-number-2-'].map(shown)).toEqual([false, true]);
  });
});
