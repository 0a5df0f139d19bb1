/** A day that a supervisor would believe: the service level keeps near its target, staffing follows traffic, and a rush shows. */
import { describe, expect, it } from 'vitest';
import { Centre } from '../../src/simulator/centre/centre.js';
import { snapshotOf } from '../../src/simulator/centre/report.js';

const MIDNIGHT = Date.UTC(2026, 10, 24) / 1000;
const HALF_HOUR = 1800;
/** The half-hours of the rush that no plan foresees, 10:30 and 11:00 UTC. */
const RUSH = [21, 22];

interface HalfHour {
  readonly entered: number;
  readonly abandoned: number;
  /** Percent answered within 120 s, of answered and abandoned without those within 10 s. */
  readonly serviceLevel: number;
  readonly loggedIn: number;
}

/** All queues of a centre, by the half-hours of one day. */
function dayOf(seed: number, agents = 0, queues = 0): HalfHour[] {
  const centre = new Centre({ seed, startAt: MIDNIGHT, agents, queues });
  const totals = () => {
    const snapshot = snapshotOf(centre);
    const sum = (key: 'entered' | 'answered' | 'abandoned' | 'answeredWithin120' | 'abandonedWithin10') => snapshot.queues.reduce((total, queue) => total + queue[key], 0);
    return {
      entered: sum('entered'), answered: sum('answered'), abandoned: sum('abandoned'), within: sum('answeredWithin120'), short: sum('abandonedWithin10'),
      loggedIn: snapshot.groups.at(-1)?.loggedIn ?? 0,
    };
  };
  let before = { entered: 0, answered: 0, abandoned: 0, within: 0, short: 0 };
  return Array.from({ length: 48 }, (_, index) => {
    centre.runTo(MIDNIGHT + (index + 1) * HALF_HOUR - 1);
    const now = totals();
    const counted = now.answered - before.answered + now.abandoned - before.abandoned - (now.short - before.short);
    const half = {
      entered: now.entered - before.entered, abandoned: now.abandoned - before.abandoned,
      serviceLevel: (100 * (now.within - before.within)) / counted, loggedIn: now.loggedIn,
    };
    before = now;
    return half;
  });
}

const mean = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0) / numbers.length;

describe.each([1, 2, 3, 7, 42])('seed %i', (seed) => {
  const day = dayOf(seed);
  const usual = day.filter((_, index) => !RUSH.includes(index));
  const rush = day.filter((_, index) => RUSH.includes(index));

  it('keeps the service level around its target of 80 % in nine of ten half-hours', () => {
    expect(usual.filter(({ serviceLevel }) => serviceLevel >= 70).length).toBeGreaterThanOrEqual(41);
    expect(mean(usual.map(({ serviceLevel }) => serviceLevel))).toBeGreaterThan(80);
    expect(mean(usual.map(({ serviceLevel }) => serviceLevel))).toBeLessThan(95);
  });

  it('has a rush that one can see: the service level falls by a quarter, and recovers', () => {
    expect(mean(rush.map(({ serviceLevel }) => serviceLevel))).toBeLessThan(0.75 * mean(usual.map(({ serviceLevel }) => serviceLevel)));
    expect(Math.max(...day.slice(24, 28).map(({ serviceLevel }) => serviceLevel))).toBeGreaterThan(80);
  });

  it('staffs for the traffic it foresees, and loses about a tenth of the calls', () => {
    expect(day[20]?.loggedIn).toBeGreaterThan(1.6 * (day[6]?.loggedIn ?? Infinity));
    const lost = day.reduce((total, { abandoned }) => total + abandoned, 0) / day.reduce((total, { entered }) => total + entered, 0);
    expect(lost).toBeGreaterThan(0.03);
    expect(lost).toBeLessThan(0.14);
  });
});

it('a large centre keeps its day as well', () => {
  const day = dayOf(5, 400, 20);
  expect(day.filter(({ serviceLevel }) => serviceLevel >= 75).length).toBeGreaterThanOrEqual(44);
  expect(Math.min(...RUSH.map((half) => day[half]?.serviceLevel ?? 100))).toBeLessThan(60);
});
