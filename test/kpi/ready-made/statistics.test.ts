/** The well-known statistics, and how to define one's own. */
import { describe, expect, it } from 'vitest';
import { StatisticsOptionError } from '../../../src/index.js';
import { defineStatistic, statistics, type KnownStatistic } from '../../../src/kpi/index.js';
import { catalogue } from '../../../src/simulator/index.js';

const all: readonly KnownStatistic[] = Object.values(statistics);

describe('statistics', () => {
  it('are under their names, frozen', () => {
    expect(Object.entries(statistics).filter(([key, { name }]) => key !== name)).toEqual([]);
    expect(Object.isFrozen(statistics) && all.every((each) => Object.isFrozen(each) && Object.isFrozen(each.seenIn))).toBe(true);
  });

  it('say of every name of the simulator where it was seen, or that the simulator made it up', () => {
    expect(catalogue.map(({ name }) => name).filter((name) => !(name in statistics))).toEqual([]);
    expect(all.filter(({ seenIn }) => seenIn.length === 0)).toEqual([]);
  });

  it('never claim that a made-up name was seen', () => {
    const madeUp = all.filter(({ seenIn }) => seenIn.includes('simulator'));
    expect(madeUp.map(({ name }) => name)).toEqual(['RingDuration', 'DialDuration', 'Total_Answered_In_Threshold', 'Total_Abandoned_Short']);
    expect(madeUp.filter(({ seenIn }) => seenIn.length > 1)).toEqual([]);
  });

  it('have the units of the simulator', () => {
    const units = new Map(catalogue.map(({ name, unit }) => [name, unit === 'per hour' ? 'perHour' : unit]));
    expect(all.filter(({ name, unit }) => units.has(name) && units.get(name) !== unit)).toEqual([]);
  });
});

describe('defineStatistic', () => {
  const answeredInTime = defineStatistic({ name: 'Answered_In_20s', objectTypes: ['Queue'], unit: 'count' });
  const either = defineStatistic({ name: 'Waiting', objectTypes: ['Queue', 'RoutePoint'], unit: 'count' });

  it('makes a definition of an object, frozen', () => {
    const definition = answeredInTime.of('Sales@SIP');
    expect(definition).toEqual({ name: 'Answered_In_20s', objectId: 'Sales@SIP', objectType: 'Queue' });
    expect(Object.isFrozen(definition)).toBe(true);
    expect(answeredInTime.of({ objectId: 'Sales@SIP', objectType: 'Queue' })).toEqual(definition);
    expect(either.of({ objectId: 'x', objectType: 'RoutePoint' })).toEqual({ name: 'Waiting', objectId: 'x', objectType: 'RoutePoint' });
    const { of } = answeredInTime;
    expect(['a', 'b'].map((id) => of(id).objectId)).toEqual(['a', 'b']);
  });

  it('refuses an object that does not fit, naming the types that do', () => {
    expect(() => either.of('Sales@SIP' as never)).toThrow(/^objectType must be one of Queue, RoutePoint for Waiting, got undefined$/);
    expect(() => either.of({ objectId: 'kim', objectType: 'Agent' } as never)).toThrow(/^objectType must be one of Queue, RoutePoint for Waiting, got "Agent"$/);
    expect(() => answeredInTime.of('')).toThrow(/^objectId must be a non-empty string, got ""$/);
    expect(() => answeredInTime.of(null as never)).toThrow(StatisticsOptionError);
  });

  it.each([
    [{ name: '', objectTypes: ['Queue'], unit: 'count' }, /^name must be/],
    [{ name: 'a', objectTypes: [], unit: 'count' }, /^objectTypes must be/],
    [{ name: 'a', objectTypes: 'Queue', unit: 'count' }, /^objectTypes must be/],
    [{ name: 'a', objectTypes: ['Queue', 7], unit: 'count' }, /^objectTypes\[1\] must be/],
    [{ name: 'a', objectTypes: ['Queue'], unit: 'hours' }, /^unit must be one of/],
    [undefined, /^statistic must be an object/],
  ])('refuses %j', (spec, message) => {
    expect(() => defineStatistic(spec as never)).toThrow(StatisticsOptionError);
    expect(() => defineStatistic(spec as never)).toThrow(message);
  });

  it('is not changed by its caller afterwards', () => {
    const objectTypes: ['Queue'] = ['Queue'];
    const own = defineStatistic({ name: 'a', objectTypes, unit: 'count' });
    objectTypes.pop();
    expect(own.of('x')).toEqual({ name: 'a', objectId: 'x', objectType: 'Queue' });
  });
});
