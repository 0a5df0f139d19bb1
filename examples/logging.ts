// A log of what the client does, as JSON lines: everything that an operator should look into is a warning.
import { firstValueFrom, skip } from 'rxjs';
import { createStatisticsClient, type StatisticsEvent } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ speed: 600 });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 100 }, retry: { minTimeout: 50 } });

const worrying = new Set<StatisticsEvent['type']>(['rejected', 'orphaned', 'fallbackStarted', 'journalFailed', 'platformFailed']);

client.events$.subscribe((event) => {
  const { type, ...details } = event;
  const level = worrying.has(type) ? 'warn' : type === 'polled' ? 'debug' : 'info';
  // No event holds a secret. JSON would omit the message of an Error, so it is added.
  console.log(JSON.stringify({ level, type, ...details, ...('error' in event ? { error: event.error.message } : {}) }));
});

const time$ = client.statistic$('TimeInCurrentState', { objectId: 'kim', objectType: 'Agent' });
client.statistic$('No_Such_Statistic', { objectId: 'kim', objectType: 'Agent' }).subscribe({ error: () => undefined });
await firstValueFrom(time$);

simulator.fault({ operation: 'read', kind: 'status', status: 503 });
simulator.forget();
await firstValueFrom(time$.pipe(skip(3)));

await client.close();
await simulator.close();
