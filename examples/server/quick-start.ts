// The calls that wait in a queue, live until Ctrl-C.
import { distinctUntilChanged } from 'rxjs';
import { createStatisticsClient, numeric } from 'genesys-statistics-rx';

const { GENESYS_STATISTICS_URL: baseUrl = 'https://host/statistics/v3', GENESYS_API_KEY: apiKey, GENESYS_TOKEN: token } = process.env;
const client = createStatisticsClient({ baseUrl, apiKey, token });

client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(numeric()).subscribe({
  next: (waiting) => console.log('waiting:', waiting),
  error: ({ message }) => { console.error(message); process.exitCode = 1; },
});
client.health$.pipe(distinctUntilChanged((a, b) => a.status === b.status)).subscribe(({ status, lastError }) => console.log('health:', status, lastError?.message ?? ''));
process.once('SIGINT', () => void client.close());
