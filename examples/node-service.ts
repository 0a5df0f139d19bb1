// A service: SIGTERM deletes what it has open on the server; what a kill leaves open is deleted by the next start.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStatisticsClient, numeric } from 'genesys-statistics-rx';
import { fileJournal } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ speed: 60, startAt: new Date('2026-05-04T10:25:00Z') });
// A real service uses a directory that survives its restarts, such as /var/lib/wallboard.
const journal = fileJournal(join(tmpdir(), 'wallboard'));
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 300 }, journal });

async function stop(): Promise<void> {
  await client.close();
  console.log('still open on the server:', simulator.ledger.open.length);
  await simulator.close();
}
process.once('SIGTERM', () => void stop());

const waiting$ = client.statistic$('Current_In_Queue', { objectId: 'Sales@SIP', objectType: 'Queue' }).pipe(numeric());
waiting$.subscribe((waiting) => {
  console.log('waiting in Sales:', waiting);
});

// Sooner or later, an operator stops the service like this.
setTimeout(() => process.kill(process.pid, 'SIGTERM'), 3000);
