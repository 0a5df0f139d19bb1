/** The alternative to comparing answers: parses each one as a whole. */
import type { createComparer as Create } from '../../src/upstream/answer/compare.ts';

export const createComparer: typeof Create = (keep) => ({
  read(body, parse) {
    try {
      const entries = parse()?.map(keep);
      return entries === undefined ? undefined : { entries, changed: undefined };
    } finally {
      body.release();
    }
  },
  forget: () => undefined,
});
