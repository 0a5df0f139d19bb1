/** Health and events, made from the reports of upstreams. */
import { describe, expect, it } from 'vitest';
import { StatisticsApiError, StatisticsError, type StatisticsEvent } from '../../../src/index.js';
import { createMonitor } from '../../../src/upstream/telemetry/monitor.js';
import { record } from '../../support/journey.js';
import { createVirtualClock, settle } from '../../support/virtual-clock.js';

const failure = new StatisticsError('mine');

function start() {
  const clock = createVirtualClock(1_000_000);
  const monitor = createMonitor(clock);
  const now = () => record(monitor.health$).values[0];
  const refuse = monitor.unauthorized;
  return { clock, monitor, now, refuse };
}

describe('health', () => {
  it('is idle, connecting or live, and otherwise the worst state of any upstream', () => {
    const { monitor, now, refuse } = start();
    expect(now()?.status).toBe('idle');
    const one = monitor.track(['a']);
    expect(now()?.status).toBe('connecting');
    one.working();
    expect(now()?.status).toBe('live');
    const other = monitor.track(['b']);
    expect(now()?.status, 'one that is being opened does not hide those that live').toBe('live');
    other.failing(failure);
    expect(now()?.status).toBe('degraded');
    other.failing(new StatisticsApiError('mine', { operation: 'x', httpStatus: 401 }));
    expect(now()?.status).toBe('unauthorized');
    other.working();
    expect(now()?.status).toBe('live');
    refuse(true);
    expect(now()?.status).toBe('unauthorized');
    refuse(false);
    other.end();
    one.end();
    expect(now()).toMatchObject({ status: 'idle', upstreams: 0, statistics: 0 });
    monitor.observers(1);
    expect(now()).toMatchObject({ status: 'connecting', observers: 1 });
  });

  it('reports the last success and the earliest next attempt by the wall clock, and the error while it lasts', async () => {
    const { clock, monitor, now } = start();
    const [one, other] = [monitor.track(['a']), monitor.track(['b'])];
    await clock.advance(500);
    one.working();
    other.working();
    expect(now()).toMatchObject({ lastSuccessAt: 1_000_500 });
    await clock.advance(500);
    one.failing(failure, 300);
    other.failing(failure, 200);
    expect(now()).toMatchObject({ status: 'degraded', lastSuccessAt: 1_000_500, lastError: failure, retryAt: 1_001_200 });
    other.working();
    expect(now()).toMatchObject({ status: 'degraded', lastSuccessAt: 1_001_000, lastError: failure, retryAt: 1_001_300 });
    one.working();
    expect(now()?.status).toBe('live');
    expect(now()).not.toHaveProperty('lastError');
    expect(now()).not.toHaveProperty('retryAt');
    one.working(failure);
    expect(now()).toMatchObject({ status: 'degraded', lastError: failure });
  });

  it('counts the statistics of two upstreams with the same definitions once', () => {
    const { monitor, now } = start();
    const definitions = ['a', 'b'];
    monitor.track(definitions);
    monitor.track(definitions);
    const other = monitor.track(['c', 'd', 'e']);
    expect(now()).toMatchObject({ upstreams: 3, statistics: 5 });
    other.size(1);
    expect(now()).toMatchObject({ upstreams: 3, statistics: 3 });
  });

  it('emits once per tick, and never if only lastSuccessAt changed', async () => {
    const { clock, monitor } = start();
    const health = record(monitor.health$);
    const track = monitor.track(['a']);
    track.failing(failure);
    track.working();
    monitor.observers(1);
    expect(health.values.map(({ status }) => status)).toEqual(['idle']);
    await settle();
    expect(health.values.map(({ status }) => status)).toEqual(['idle', 'live']);
    await clock.advance(500);
    track.working();
    await settle();
    expect(health.values).toHaveLength(2);
    track.failing(failure, 100);
    await settle();
    track.failing(failure, 200);
    await settle();
    expect(health.values.slice(2).map(({ retryAt }) => retryAt)).toEqual([1_000_600, 1_000_700]);
  });

  it('emits closed and completes', async () => {
    const { monitor } = start();
    const health = record(monitor.health$);
    monitor.track(['a']);
    monitor.close();
    await settle();
    expect([health.values.map(({ status }) => status), health.completed]).toEqual([['idle', 'closed'], true]);
  });
});

describe('events', () => {
  it('G12: cannot be changed by an observer, nor can health', () => {
    const { monitor } = start();
    const events = record(monitor.events$);
    monitor.emit({ type: 'deleted', subscriptionId: '1' });
    expect(Reflect.set(events.values[0] as StatisticsEvent, 'subscriptionId', '2')).toBe(false);
    expect(Reflect.set(record(monitor.health$).values[0] as object, 'status', 'live')).toBe(false);
    expect(events.values).toEqual([{ type: 'deleted', subscriptionId: '1' }]);
  });

  it('complete at end()', () => {
    const { monitor } = start();
    const events = record(monitor.events$);
    monitor.close();
    monitor.emit({ type: 'deleted', subscriptionId: '1' });
    expect(events.completed).toBe(false);
    monitor.end();
    expect([events.values.length, events.completed]).toEqual([1, true]);
  });
});
