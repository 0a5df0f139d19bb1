/** The smallest number of agents that is enough. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { agentsNeeded, forecast } from '../../../src/kpi/index.js';

const calls = { callsPerHour: 200, averageHandlingTime: 180, targetTime: 20, serviceLevel: 80 };

describe('agentsNeeded', () => {
  it.each([
    [calls, 14],
    [{ ...calls, serviceLevel: 88.8 }, 14],
    [{ ...calls, serviceLevel: 88.9 }, 15],
    [{ ...calls, maxOccupancy: 70 }, 15],
    [{ ...calls, shrinkage: 30 }, 20],
    [{ ...calls, averagePatience: 120 }, 12],
    [{ ...calls, callsPerHour: 0 }, 0],
    [{ ...calls, callsPerHour: 1e-6 }, 1],
    [{ ...calls, shrinkage: undefined, maxOccupancy: undefined, averagePatience: undefined }, 14],
  ])('%j needs %i', (given, agents) => {
    expect(agentsNeeded(given)).toBe(agents);
  });

  it('does not round up what shrinkage divides evenly', () => {
    // 14 at the telephone are 70 % of 20; 0.7 of 20 in floating point is less than 14.
    expect(agentsNeeded({ ...calls, shrinkage: 30 })).toBe(20);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (shrinkage) => {
        const paid = agentsNeeded({ ...calls, shrinkage });
        expect(paid * (100 - shrinkage)).toBeGreaterThanOrEqual(1400);
        expect((paid - 1) * (100 - shrinkage)).toBeLessThan(1400);
      }),
    );
  });

  it('finds the smallest number with which both targets are met', () => {
    const offered = fc.record(
      {
        callsPerHour: fc.double({ min: 0.1, max: 3_000, noNaN: true }),
        averageHandlingTime: fc.double({ min: 1, max: 900, noNaN: true }),
        targetTime: fc.double({ min: 0, max: 120, noNaN: true }),
        serviceLevel: fc.double({ min: 1, max: 99.9, noNaN: true }),
        maxOccupancy: fc.double({ min: 30, max: 100, noNaN: true }),
        averagePatience: fc.double({ min: 5, max: 1_000, noNaN: true }),
      },
      { requiredKeys: ['callsPerHour', 'averageHandlingTime', 'targetTime', 'serviceLevel'] },
    );
    fc.assert(
      fc.property(offered, ({ serviceLevel, maxOccupancy, ...rest }) => {
        const isEnough = (agents: number): boolean => {
          const expected = forecast({ ...rest, agents });
          return expected.serviceLevel >= serviceLevel && expected.occupancy <= (maxOccupancy ?? 100);
        };
        const agents = agentsNeeded({ ...rest, serviceLevel, ...(maxOccupancy === undefined ? {} : { maxOccupancy }) });
        expect(isEnough(agents)).toBe(true);
        expect(agents > 0 && isEnough(agents - 1)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('ends for the largest arguments', () => {
    const most = { callsPerHour: 1_000_000, averageHandlingTime: 3_600, targetTime: 0, serviceLevel: 99.9 };
    expect(agentsNeeded(most)).toBeGreaterThan(1_000_000);
    expect(agentsNeeded({ callsPerHour: 100_000, averageHandlingTime: 3_600, targetTime: 20, serviceLevel: 50, averagePatience: 3_600 })).toBeLessThan(100_000);
  });

  it.each([
    [{ ...calls, serviceLevel: 0 }, /^serviceLevel must be a finite number above 0 to below 100, got 0$/],
    [{ ...calls, serviceLevel: 100 }, /^serviceLevel must be/],
    [{ ...calls, maxOccupancy: 0 }, /^maxOccupancy must be a finite number above 0 to 100, got 0$/],
    [{ ...calls, shrinkage: 100 }, /^shrinkage must be a finite number from 0 to below 100, got 100$/],
    [{ ...calls, agents: 3 }, /^arguments has no "agents"/],
    [{ ...calls, targetTime: null }, /^targetTime must be a finite number from 0 to 86400, got null$/],
  ])('%j is refused', (given, message) => {
    expect(() => agentsNeeded(given as never)).toThrow(StatisticsOptionError);
    expect(() => agentsNeeded(given as never)).toThrow(message);
  });
});
