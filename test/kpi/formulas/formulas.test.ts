/** Each formula as a table: inputs and the result. */
import { describe, expect, it } from 'vitest';
import {
  abandonRate,
  answerRate,
  averageHandlingTime,
  averageHoldTime,
  averageSpeedOfAnswer,
  averageTalkTime,
  averageWrapTime,
  estimatedWait,
  holdShare,
  interactionsPerHour,
  longestWait,
  notReadyShare,
  occupancy,
  occupancyOfLogin,
  percentOf,
  readyShare,
  serviceLevel,
  serviceLevelOfAnswered,
  serviceLevelWithAbandons,
  transferRate,
  utilization,
  waitingPerReadyAgent,
  weightedAverage,
  wrapShare,
} from '../../../src/kpi/index.js';

describe('serviceLevel', () => {
  it.each([
    // within, answered, abandoned, expected
    [80, 90, 10, 80],
    [0, 0, 0, null],
    [0, 10, 0, 0],
    [10, 10, 0, 100],
    [0, 0, 5, 0], // offered, none answered
    [29, 100, 0, 29], // not 28.999999999999996
    [1, 3, 0, 100 / 3],
    [12, 10, 0, 100], // arrived apart
    [3, 0, 0, null],
    [-1, 10, 0, 0],
    [null, 10, 0, null],
    [8, null, 0, null],
    [8, 10, null, null],
    [NaN, 10, 0, null],
    [8, Infinity, 0, null],
  ])('of offered: %s within of %s answered and %s abandoned is %s', (answeredWithin, answered, abandoned, expected) => {
    expect(serviceLevel({ answeredWithin, answered, abandoned })).toBe(expected);
  });

  it.each([
    // within, answered, abandoned, short, flow-outs, expected
    [80, 90, 20, 10, 0, 80],
    [80, 90, 20, 0, 0, 80 / 1.1],
    [5, 10, 3, 5, 0, 50], // more short ones than abandons after a reset
    [0, 0, 4, 4, 0, null],
    [5, 10, 3, null, 0, null],
    [5, 10, 0, undefined, undefined, 50],
    [80, 90, 10, 0, 60, 50],
    [80, 90, 10, 0, null, null],
  ])('%s within of %s, %s, %s short and %s flow-outs is %s', (answeredWithin, answered, abandoned, shortAbandoned, flowOuts, expected) => {
    const level = serviceLevel({ answeredWithin, answered, abandoned, shortAbandoned, flowOuts });
    expect(level === null ? null : level.toFixed(9)).toBe(expected === null ? null : expected.toFixed(9));
  });

  it('has variants with other denominators and numerators', () => {
    const calls = { answeredWithin: 60, answered: 80, abandoned: 20, abandonedWithin: 15 };
    expect(serviceLevel(calls)).toBe(60);
    expect(serviceLevelOfAnswered(calls)).toBe(75);
    expect(serviceLevelWithAbandons(calls)).toBe(75);
    expect(serviceLevelOfAnswered({ answeredWithin: 0, answered: 0 })).toBeNull();
    expect(serviceLevelWithAbandons({ ...calls, abandonedWithin: null })).toBeNull();
  });
});

describe('abandonRate and answerRate', () => {
  it.each([
    // answered, abandoned, short, flow-outs, abandon rate, answer rate
    [90, 10, 0, 0, 10, 90],
    [0, 0, 0, 0, null, null],
    [0, 3, 0, 0, 100, 0],
    [7, 0, 0, 0, 0, 100],
    [null, 3, 0, 0, null, null],
    [3, null, 0, 0, null, null],
    [-5, 10, 0, 0, 100, 0],
    [90, 20, 10, 0, 10, 90 / 1.1],
    [90, 10, 20, 0, 0, 90], // more short ones than abandons after a reset
    [40, 10, 0, 50, 10, 40],
    [3, 1, null, 0, null, 75],
  ])('%s answered, %s abandoned, %s short and %s flow-outs are %s and %s', (answered, abandoned, shortAbandoned, flowOuts, lost, reached) => {
    expect(abandonRate({ answered, abandoned, shortAbandoned, flowOuts })).toBe(lost);
    expect(answerRate({ answered, abandoned, flowOuts })?.toFixed(9)).toBe(reached?.toFixed(9));
  });
});

describe('times per call', () => {
  it.each([
    [averageSpeedOfAnswer({ waitTime: 900, answered: 90 }), 10],
    [averageSpeedOfAnswer({ waitTime: 900, answered: 0 }), null],
    [averageSpeedOfAnswer({ waitTime: null, answered: 3 }), null],
    [averageHandlingTime({ talkTime: 1_800, holdTime: 200, wrapTime: 400, handled: 10 }), 240],
    [averageHandlingTime({ talkTime: 1_800, handled: 10 }), 180], // the talk time contains the hold time
    [averageHandlingTime({ talkTime: 1_800, holdTime: null, handled: 10 }), null],
    [averageHandlingTime({ talkTime: 10, handled: 0 }), null],
    [averageTalkTime({ talkTime: 1_800, talks: 10 }), 180],
    [averageTalkTime({ talkTime: 0, talks: 0 }), null],
    [averageHoldTime({ holdTime: 200, holds: 4 }), 50],
    [averageWrapTime({ wrapTime: 400, wraps: 8 }), 50],
    [averageWrapTime({ wrapTime: -1, wraps: 8 }), 0],
  ])('gives %s, expected %s', (result, expected) => {
    expect(result).toBe(expected);
  });
});

describe('shares of time', () => {
  it.each([
    [holdShare({ talkTime: 1_500, holdTime: 300, wrapTime: 200 }), 15],
    [wrapShare({ talkTime: 1_500, holdTime: 300, wrapTime: 200 }), 10],
    [holdShare({ talkTime: 0, holdTime: 0, wrapTime: 0 }), null],
    [occupancy({ talkTime: 1_500, holdTime: 300, wrapTime: 600, readyTime: 600 }), 80],
    [occupancy({ talkTime: 1_500, readyTime: 500 }), 75],
    [occupancy({ talkTime: 0, readyTime: 0 }), null],
    [occupancyOfLogin({ talkTime: 1_500, holdTime: 300, wrapTime: 600, loginTime: 4_000 }), 60],
    [occupancyOfLogin({ talkTime: 5_000, loginTime: 4_000 }), 100], // a call that outlasts the login
    [utilization({ talkTime: 1_500, holdTime: 300, wrapTime: 600, readyTime: 600, loginTime: 4_000 }), 75],
    [utilization({ talkTime: 1, readyTime: null, loginTime: 4_000 }), null],
    [notReadyShare({ notReadyTime: 3_600, loginTime: 8 * 3_600 }), 12.5],
    [notReadyShare({ notReadyTime: 0, loginTime: 0 }), null],
  ])('gives %s, expected %s', (result, expected) => {
    expect(result).toBe(expected);
  });
});

describe('readyShare', () => {
  it.each([
    [3, 12, 25],
    [0, 0, null],
    [0, 4, 0],
    [5, 4, 100], // arrived apart
    [2, 0, null],
    [null, 4, null],
    [1, null, null],
  ])('%s ready of %s is %s percent', (ready, loggedIn, expected) => {
    expect(readyShare({ ready, loggedIn })).toBe(expected);
  });
});

describe('the others', () => {
  it.each([
    [transferRate({ transferred: 3, handled: 60 }), 5],
    [transferRate({ transferred: 7, handled: 5 }), 100], // some were transferred twice
    [interactionsPerHour({ handled: 40, loginTime: 4 * 3_600 }), 10],
    [interactionsPerHour({ handled: 0, loginTime: 0 }), null],
    [waitingPerReadyAgent({ waiting: 6, ready: 4 }), 1.5],
    [waitingPerReadyAgent({ waiting: 6, ready: 0 }), null],
    [estimatedWait({ waiting: 6, averageHandlingTime: 240, agents: 12 }), 120],
    [estimatedWait({ waiting: 6, averageHandlingTime: 240, agents: 0 }), null],
    [estimatedWait({ waiting: 6, averageHandlingTime: null, agents: 3 }), null],
    [longestWait({ sales: 12, support: null, billing: 40 }), 40],
    [longestWait([3, undefined, 9]), 9],
    [longestWait({ sales: null }), null],
    [longestWait({}), null],
    [longestWait({ sales: -3 }), 0],
    [longestWait({ sales: Infinity, support: 2 }), 2],
    [percentOf(29, 100), 29],
    [percentOf(0, 0), null],
    [percentOf(null, 3), null],
    [percentOf(5, 3), 100],
    [percentOf(1e308, 1.6e308), 62.5], // a hundred times the part is beyond the largest number
  ])('gives %s, expected %s', (result, expected) => {
    expect(result).toBe(expected);
  });

  it('takes as many waits as there are', () => {
    expect(longestWait(Array.from({ length: 200_000 }, (_, index) => index))).toBe(199_999);
  });
});

describe('explain', () => {
  it.each([
    [serviceLevel.explain({ answeredWithin: 80, answered: 90, abandoned: 10 }), { value: 80, of: 100, clamped: false }],
    [serviceLevel.explain({ answeredWithin: 12, answered: 10, abandoned: 0 }), { value: 100, of: 10, clamped: true }],
    [serviceLevel.explain({ answeredWithin: 5, answered: 10, abandoned: 3, shortAbandoned: 5 }), { value: 50, of: 10, clamped: true }],
    [averageWrapTime.explain({ wrapTime: -1, wraps: 8 }), { value: 0, of: 8, clamped: true }],
    [readyShare.explain({ ready: 0, loggedIn: 0 }), { value: null, of: 0, clamped: false }],
    [readyShare.explain({ ready: 0, loggedIn: -2 }), { value: null, of: 0, clamped: true }],
    [readyShare.explain({ ready: null, loggedIn: 2 }), { value: null, of: null, clamped: false }],
    [interactionsPerHour.explain({ handled: 40, loginTime: 14_400 }), { value: 10, of: 14_400, clamped: false }],
    [longestWait.explain([3, null, 9]), { value: 9, of: 2, clamped: false }],
    [longestWait.explain([-3]), { value: 0, of: 1, clamped: true }],
    [longestWait.explain([]), { value: null, of: 0, clamped: false }],
  ])('gives %j, expected %j', (found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('weightedAverage', () => {
  it.each([
    [[{ average: 10, count: 90 }, { average: 60, count: 10 }], 15],
    [[{ average: 10, count: 90 }, { average: null, count: 0 }], 10],
    [[{ average: 10, count: 90 }, { average: null, count: 1 }], null],
    [[{ average: 10, count: null }], null],
    [[{ average: 10, count: 1 }, { average: 50, count: -1 }], 10],
    [[{ average: 10, count: 0 }], null],
    [[], null],
    [[{ average: 0.1, count: 1 }, { average: 0.1, count: 1 }, { average: 0.1, count: 1 }], 0.1],
  ])('of %j is %s', (parts, expected) => {
    expect(weightedAverage(parts)).toBe(expected);
  });
});
