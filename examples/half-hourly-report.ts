// A half-hourly report of a queue as CSV. Five seconds are a hundred minutes of the simulator, and of the scheduler.
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { asyncScheduler, filter, map, takeUntil, timer, type SchedulerLike } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { perInterval } from 'genesys-statistics-rx/kpi';
import { toReadable } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const speed = 1_200;
await using simulator = await createSimulator({ speed, startAt: Date.parse('2026-05-04T07:50:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 20, maxInterval: 20 } });

/** With a real server, leave this out: the default scheduler is right. */
const simulated: SchedulerLike = {
  now: () => simulator.centre.now(),
  schedule: (work, delay = 0, state) => asyncScheduler.schedule(work as never, delay / speed, state),
};

const rows$ = client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(
  perInterval({ minutes: 30, timeZone: 'Europe/Berlin' }, simulated),
  filter(({ complete }) => complete),
  map(({ start, value, partial }) => ({ start: new Date(start).toISOString(), answered: value, partial })),
  takeUntil(timer(5_000)),
);

const csv = stringify({ header: true, cast: { boolean: String } });
await pipeline(toReadable(rows$, { backPressure: 'all' }), csv, process.stdout, { end: false });
