/** Forecasts against published numbers, against the density of the wait, and against a simulated queue. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { erlangB, forecast, type ForecastArguments } from '../../../src/kpi/index.js';

describe('with Erlang C', () => {
  it.each([
    // traffic, agents, AHT, target: wait probability, service level, ASA, occupancy
    [2.5, 6, 300, 20, 0.047445, 96.24, 4.067, 41.67],
    [10, 14, 180, 20, 0.174132, 88.84, 7.836, 71.43],
    [10, 11, 180, 20, 0.682118, 38.96, 122.78, 90.91],
    [25, 30, 180, 20, 0.249893, 85.66, 8.996, 83.33],
  ])('%s erlangs, %i agents, %i s: as published', (traffic, agents, averageHandlingTime, targetTime, wait, level, asa, occupancy) => {
    const found = forecast({ callsPerHour: (traffic * 3600) / averageHandlingTime, averageHandlingTime, agents, targetTime });
    expect(found.waitProbability).toBeCloseTo(wait, 6);
    expect(found.serviceLevel).toBeCloseTo(level, 1);
    expect(found.averageSpeedOfAnswer).toBeCloseTo(asa, 2);
    expect(found.occupancy).toBeCloseTo(occupancy, 2);
    expect(found.abandonRate).toBe(0);
  });

  it('is without end where the traffic reaches the agents', () => {
    const overload = { occupancy: 100, waitProbability: 1, averageSpeedOfAnswer: Infinity, serviceLevel: 0, abandonRate: 0 };
    expect(forecast({ callsPerHour: 200, averageHandlingTime: 180, agents: 10, targetTime: 20 })).toEqual(overload);
    expect(forecast({ callsPerHour: 200, averageHandlingTime: 180, agents: 4, targetTime: 20 })).toEqual(overload);
    expect(forecast({ callsPerHour: 200, averageHandlingTime: 180, agents: 0, targetTime: 20 })).toEqual(overload);
  });

  it('without calls is all that one could wish for, if there is anybody', () => {
    const quiet = { callsPerHour: 0, averageHandlingTime: 180, targetTime: 0 };
    expect(forecast({ ...quiet, agents: 1 })).toEqual({ occupancy: 0, waitProbability: 0, averageSpeedOfAnswer: 0, serviceLevel: 100, abandonRate: 0 });
    expect(forecast({ ...quiet, agents: 1, averagePatience: 60 })).toEqual(forecast({ ...quiet, agents: 1 }));
    expect(forecast({ ...quiet, agents: 0 })).toMatchObject({ occupancy: 0, waitProbability: 1, averageSpeedOfAnswer: Infinity, serviceLevel: 0 });
  });
});

describe('with Erlang A', () => {
  it('is as in "Designing a Call Center with Impatient Customers": 48 calls a minute of a minute, 50 agents, two minutes of patience', () => {
    const calls = { callsPerHour: 48 * 60, averageHandlingTime: 60, agents: 50, targetTime: 12.5 };
    const patient = forecast(calls);
    expect(patient.averageSpeedOfAnswer).toBeCloseTo(20.8, 1);
    expect(patient.occupancy).toBeCloseTo(96, 1);
    const impatient = forecast({ ...calls, averagePatience: 120 });
    expect(impatient.abandonRate).toBeCloseTo(3.1, 1);
    // The mean wait of all callers, by Little's law: 3.7 s.
    expect((impatient.abandonRate / 100) * 120).toBeCloseTo(3.7, 1);
    expect(impatient.occupancy).toBeCloseTo(93, 0);
  });

  it.each<ForecastArguments & { averagePatience: number }>([
    { callsPerHour: 200, averageHandlingTime: 180, agents: 12, targetTime: 20, averagePatience: 120 },
    { callsPerHour: 200, averageHandlingTime: 180, agents: 8, targetTime: 30, averagePatience: 60 },
    { callsPerHour: 200, averageHandlingTime: 180, agents: 10, targetTime: 0, averagePatience: 300 },
    { callsPerHour: 6000, averageHandlingTime: 240, agents: 390, targetTime: 20, averagePatience: 90 },
    { callsPerHour: 30, averageHandlingTime: 600, agents: 1, targetTime: 60, averagePatience: 30 },
    { callsPerHour: 200, averageHandlingTime: 180, agents: 11, targetTime: 20, averagePatience: 20_000 },
    { callsPerHour: 60_000, averageHandlingTime: 300, agents: 5_000, targetTime: 20, averagePatience: 180 },
    // The queue moves up so often within the target time that the first terms are beyond the smallest number.
    { callsPerHour: 1_000_000, averageHandlingTime: 300, agents: 83_000, targetTime: 20, averagePatience: 3_600 },
    { callsPerHour: 1_000_000, averageHandlingTime: 300, agents: 81_000, targetTime: 30, averagePatience: 900 },
  ])('%j agrees with the density of the wait', (given) => {
    const found = forecast(given);
    const expected = byDensity(given);
    expect(found.waitProbability).toBeCloseTo(expected.waitProbability, 7);
    expect(found.serviceLevel).toBeCloseTo(expected.serviceLevel, 5);
    expect(found.abandonRate).toBeCloseTo(expected.abandonRate, 5);
    expect(found.averageSpeedOfAnswer).toBeCloseTo(expected.averageSpeedOfAnswer, 5);
    expect(found.occupancy).toBeCloseTo((given.callsPerHour * given.averageHandlingTime * (1 - expected.abandonRate / 100)) / 36 / given.agents, 5);
  });

  it('agrees with a simulated queue', () => {
    const given = { callsPerHour: 200, averageHandlingTime: 180, agents: 10, targetTime: 20, averagePatience: 90 };
    const [found, seen] = [forecast(given), simulate(given, 400_000)];
    expect(Math.abs(found.serviceLevel - seen.serviceLevel)).toBeLessThan(1);
    expect(Math.abs(found.abandonRate - seen.abandonRate)).toBeLessThan(0.5);
    expect(Math.abs(found.averageSpeedOfAnswer - seen.averageSpeedOfAnswer)).toBeLessThan(0.5);
    expect(Math.abs(found.waitProbability - seen.waitProbability)).toBeLessThan(0.01);
  });

  it('answers nobody without agents', () => {
    expect(forecast({ callsPerHour: 200, averageHandlingTime: 180, agents: 0, targetTime: 20, averagePatience: 60 })).toEqual({
      occupancy: 100,
      waitProbability: 1,
      averageSpeedOfAnswer: Infinity,
      serviceLevel: 0,
      abandonRate: 100,
    });
  });

  it('comes to Erlang C with endless patience, and to Erlang B without any', () => {
    const given = { callsPerHour: 200, averageHandlingTime: 180, agents: 14, targetTime: 20 };
    const [patient, endless] = [forecast({ ...given, averagePatience: 86_400 }), forecast(given)];
    expect(patient.waitProbability).toBeCloseTo(endless.waitProbability, 2);
    expect(patient.serviceLevel).toBeCloseTo(endless.serviceLevel, 1);
    const impatient = forecast({ ...given, averagePatience: 1e-9 });
    expect(impatient.abandonRate / 100).toBeCloseTo(erlangB({ traffic: 10, agents: 14 }), 9);
  });

  it('ends for the largest arguments, and for those that underflow', () => {
    expect(forecast({ callsPerHour: 100_000, averageHandlingTime: 3_600, agents: 50_000, targetTime: 20, averagePatience: 3_600 }).abandonRate).toBeCloseTo(50, 1);
    expect(forecast({ callsPerHour: 1, averageHandlingTime: 1, agents: 1_000_000, targetTime: 20, averagePatience: 60 })).toMatchObject({ serviceLevel: 100, waitProbability: 0, abandonRate: 0 });
  });
});

const offered = fc.record(
  {
    callsPerHour: fc.double({ min: 0, max: 2_000, noNaN: true }),
    averageHandlingTime: fc.double({ min: 1, max: 1_000, noNaN: true }),
    agents: fc.nat({ max: 400 }),
    targetTime: fc.double({ min: 0, max: 300, noNaN: true }),
    averagePatience: fc.double({ min: 1, max: 3_600, noNaN: true }),
  },
  { requiredKeys: ['callsPerHour', 'averageHandlingTime', 'agents', 'targetTime'] },
);

describe('whatever the arguments', () => {
  it('every result is within its bounds, and only the speed of answer may be infinite', () => {
    fc.assert(
      fc.property(offered, (given) => {
        const { occupancy, waitProbability, averageSpeedOfAnswer, serviceLevel, abandonRate } = forecast(given);
        for (const [value, most] of [[occupancy, 100], [waitProbability, 1], [averageSpeedOfAnswer, Infinity], [serviceLevel, 100], [abandonRate, 100]] as const) {
          expect(value >= 0 && value <= most).toBe(true);
        }
        expect(serviceLevel + abandonRate).toBeLessThanOrEqual(100 + 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('one more agent makes nothing worse, and more patience loses nobody', () => {
    fc.assert(
      fc.property(offered, (given) => {
        const [few, more] = [forecast(given), forecast({ ...given, agents: given.agents + 1 })];
        expect(more.serviceLevel).toBeGreaterThanOrEqual(few.serviceLevel - 1e-9);
        expect(more.occupancy).toBeLessThanOrEqual(few.occupancy + 1e-9);
        expect(more.abandonRate).toBeLessThanOrEqual(few.abandonRate + 1e-9);
        expect(more.waitProbability).toBeLessThanOrEqual(few.waitProbability + 1e-9);
        if (given.averagePatience !== undefined) {
          const patient = forecast({ ...given, averagePatience: given.averagePatience * 2 });
          expect(patient.abandonRate).toBeLessThanOrEqual(few.abandonRate + 1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('arguments', () => {
  const good = { callsPerHour: 200, averageHandlingTime: 180, agents: 14, targetTime: 20 };

  it.each([
    [{ ...good, callsPerHour: -1 }, /^callsPerHour must be a finite number from 0 to 1000000, got -1$/],
    [{ ...good, averageHandlingTime: 0 }, /^averageHandlingTime must be a finite number above 0 to 86400, got 0$/],
    [{ ...good, agents: undefined }, /^agents must be a whole number/],
    [{ ...good, targetTime: Infinity }, /^targetTime must be/],
    [{ ...good, averagePatience: 0 }, /^averagePatience must be a finite number above 0/],
    [{ ...good, callsPerHour: 1e6, averageHandlingTime: 86_400 }, /^callsPerHour must be at most 1000000 erlangs of traffic/],
    [{ ...good, patience: 60 }, /^arguments has no "patience"/],
    [null, /^arguments must be an object/],
  ])('%j is refused', (given, message) => {
    expect(() => forecast(given as never)).toThrow(StatisticsOptionError);
    expect(() => forecast(given as never)).toThrow(message);
  });
});

/**
 * The same by integrating the density of the wait that a call would have if it were patient:
 * `p(N) c exp(-c t + (arrival / abandonment) (1 - exp(-abandonment t)))`, with `c` the capacity.
 */
function byDensity({ callsPerHour, averageHandlingTime, agents, targetTime, averagePatience }: ForecastArguments & { averagePatience: number }) {
  const [arrival, capacity, abandonment] = [callsPerHour / 3600, agents / averageHandlingTime, 1 / averagePatience];
  const exponent = (t: number): number => -capacity * t + (arrival / abandonment) * -Math.expm1(-abandonment * t);
  const peak = Math.max(0, Math.log(arrival / capacity) / abandonment);
  const top = exponent(peak);
  let end = peak + 1;
  while (exponent(end) > top - 60) {
    end += 1;
  }
  const integral = (weight: (t: number) => number, from: number, to: number): number => {
    const steps = 200_000;
    const width = (to - from) / steps;
    let sum = 0;
    for (let step = 0; step <= steps; step++) {
      const t = from + step * width;
      sum += (step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2) * weight(t) * Math.exp(exponent(t) - top);
    }
    return (sum * width) / 3;
  };
  const served = (t: number): number => Math.exp(-abandonment * t);
  const waiting = capacity * integral(() => 1, 0, end);
  // All weights relative to N busy agents and no queue, and scaled by the top of the density.
  const idle = (1 / erlangB({ traffic: arrival * averageHandlingTime, agents }) - 1) * Math.exp(-top);
  const total = idle + waiting;
  const answeredAfterWait = capacity * integral(served, 0, end);
  return {
    waitProbability: waiting / total,
    serviceLevel: (100 * (idle + (targetTime > 0 ? capacity * integral(served, 0, Math.min(targetTime, end)) : 0))) / total,
    abandonRate: (100 * (waiting - answeredAfterWait)) / total,
    averageSpeedOfAnswer: (capacity * integral((t) => t * served(t), 0, end)) / (idle + answeredAfterWait),
  };
}

/** A queue lived through call by call: who comes first is answered first, unless patience has ended before. */
function simulate({ callsPerHour, averageHandlingTime, agents, targetTime, averagePatience }: ForecastArguments & { averagePatience: number }, calls: number) {
  let seed = 12_345;
  const random = (mean: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return -mean * Math.log((seed + 0.5) / 2 ** 32);
  };
  /** When each agent is free again. */
  const free = new Array<number>(agents).fill(0);
  let [now, answered, within, waited, lost, delayed] = [0, 0, 0, 0, 0, 0];
  for (let call = 0; call < calls; call++) {
    now += random(3600 / callsPerHour);
    const first = free.indexOf(Math.min(...free));
    const wait = Math.max(0, (free[first] ?? 0) - now);
    delayed += wait > 0 ? 1 : 0;
    if (wait > 0 && random(averagePatience) < wait) {
      lost++;
    } else {
      answered++;
      waited += wait;
      within += wait <= targetTime ? 1 : 0;
      free[first] = now + wait + random(averageHandlingTime);
    }
  }
  return { serviceLevel: (100 * within) / calls, abandonRate: (100 * lost) / calls, averageSpeedOfAnswer: waited / answered, waitProbability: delayed / calls };
}
