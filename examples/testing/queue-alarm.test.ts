// Three ways to test code that uses a client, from the quickest to the closest to life.
import { firstValueFrom, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStatisticsClient, type StatisticValue } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';
import { queueAlarm$ } from './queue-alarm.ts';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('a stand-in: the code asks for the one function that it uses', () => {
  const values$ = new Subject<StatisticValue>();
  const say = (waiting: number): void => values$.next({ ...sales, timestamp: null, value: waiting });
  const alarms: boolean[] = [];
  queueAlarm$({ statistic$: () => values$ }, 'Sales@SIP', 5).subscribe((alarm) => alarms.push(alarm));
  say(6);
  vi.advanceTimersByTime(29_999);
  expect(alarms).toEqual([false]);
  vi.advanceTimersByTime(1);
  say(5);
  expect(alarms).toEqual([false, true, false]);
});

it('the simulator: a real client, real requests, and timers that are still fake', async () => {
  await using simulator = await createSimulator({ clock: 'manual' });
  await using client = createStatisticsClient({ baseUrl: simulator.url });
  const alarms: boolean[] = [];
  simulator.set({ name: 'Current_In_Queue', ...sales }, 6);
  queueAlarm$(client, 'Sales@SIP', 5).subscribe((alarm) => alarms.push(alarm));
  // Sockets take real time, so wait for the first value before time is moved.
  await vi.waitFor(() => expect(alarms).toEqual([false]), { timeout: 10_000 });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(alarms).toEqual([false, true]);
});

it('a fault: what the code does when the server is down', async () => {
  await using simulator = await createSimulator();
  await using client = createStatisticsClient({ baseUrl: simulator.url });
  simulator.fault({ kind: 'status', status: 503 });
  simulator.set({ name: 'Current_In_Queue', ...sales }, 0);
  // Each look moves the timers by 50 ms, so that the retry falls due.
  await vi.waitFor(() => firstValueFrom(queueAlarm$(client, 'Sales@SIP', 5)), { timeout: 10_000 });
});
