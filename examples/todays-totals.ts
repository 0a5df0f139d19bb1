// A total that is not today's: the server counts from the first request for it, and `figure` tells what is known about that.
import { asyncScheduler, firstValueFrom, share, type SchedulerLike } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { answerRate, figure, formatKpi } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ clock: 'manual', startAt: Date.parse('2026-05-04T14:00:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 50, maxInterval: 50 } });

/** With a real server, leave this out: the default scheduler tells the time. */
const simulated: SchedulerLike = {
  now: () => simulator.centre.now(),
  schedule: (work, delay = 0, state) => asyncScheduler.schedule(work as never, delay, state),
};

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const answered = { name: 'Total_Answered', ...sales };
const abandoned = { name: 'Total_Abandoned', ...sales };
const rate$ = client.subscription$({ answered, abandoned }).pipe(figure(answerRate, { timeZone: 'UTC' }, simulated), share());

/** The totals at a time of the simulation. Resolves when the figure shows them. */
async function at(time: string, totals: { answered: number; abandoned: number }): Promise<void> {
  simulator.advance(Date.parse(time) - simulator.centre.now());
  simulator.set(answered, totals.answered);
  simulator.set(abandoned, totals.abandoned);
  await firstValueFrom(rate$);
}

simulator.set(answered, 0);
simulator.set(abandoned, 0);
rate$.subscribe(({ value, of, partial }) => {
  const time = new Date(simulator.centre.now()).toISOString().slice(5, 16);
  console.log(`${time} answered ${formatKpi(value, 'percent', { locale: 'en' })} of ${of ?? '-'}, partial: ${partial}`);
});
await firstValueFrom(rate$);

await at('2026-05-04T18:00:00Z', { answered: 75, abandoned: 25 }); // counted since 14:00, not since midnight
await at('2026-05-05T00:10:00Z', { answered: 3, abandoned: 1 }); // began anew at midnight: from here on the whole day
await at('2026-05-05T14:00:00Z', { answered: 150, abandoned: 50 });
await at('2026-05-05T14:10:00Z', { answered: 4, abandoned: 0 }); // Stat Server was restarted

await client.close();
await simulator.close();
