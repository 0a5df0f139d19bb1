/** Why values cannot arrive: several reasons at once, each of which ends by itself. */
import { expect, it } from 'vitest';
import { createStanding } from '../../src/fleet/standing.js';

it('all reasons that are over are cleared together', () => {
  const shown: (string | undefined)[] = [];
  const standing = createStanding(({ error }) => shown.push(error?.message));
  standing.because('leaderless', 'nobody leads', undefined);
  standing.because('away', 'the bus is away', undefined);
  standing.clear('away', 'leaderless');
  expect(shown).toEqual(['nobody leads', 'the bus is away', undefined]);
});
