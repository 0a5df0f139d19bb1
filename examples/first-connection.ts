// A first connection, when all is well and when something about it is wrong.
import { filter, firstValueFrom, map, merge } from 'rxjs';
import { createStatisticsClient, type StatisticsClientOptions } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ apiKey: 'right-key', token: 'right-token' });
const right = { baseUrl: simulator.url, apiKey: 'right-key', token: 'right-token' };

/** Waits for the first value, the refusal, or the first failure that the client would go on from. */
async function connect(what: string, options: StatisticsClientOptions, name = 'Current_In_Queue'): Promise<void> {
  const client = createStatisticsClient(options);
  const states$ = client.statisticState$(name, { objectId: 'Sales@SIP', objectType: 'Queue' });
  const outcome$ = merge(
    states$.pipe(
      filter(({ status }) => status === 'live' || status === 'failed'),
      map(({ status, error }) => `${status} ${error?.message ?? ''}`),
    ),
    client.health$.pipe(
      filter(({ lastError }) => lastError !== undefined),
      map(({ status, lastError }) => `${status} ${lastError?.message ?? ''}`),
    ),
  );
  console.log(`${what}: ${await firstValueFrom(outcome$)}`);
  await client.close();
}

await connect('all is well', right);
await connect('wrong key', { ...right, apiKey: 'wrong-key' });
await connect('wrong token', { ...right, token: 'wrong-token' });
await connect('unknown name', right, 'Current_In_Qeue');
await connect('wrong path', { ...right, baseUrl: simulator.url.replace('v3', 'v2') });
await simulator.close();
await connect('nobody there', right);
