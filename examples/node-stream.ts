// Twenty values through a Node pipeline to NDJSON. A slow consumer gets the newest value of each statistic.
import { pipeline } from 'node:stream/promises';
import { merge, take } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { toNdjson, toReadable } from 'genesys-statistics-rx/node';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ speed: 60, startAt: new Date('2026-05-04T10:25:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url, poll: { interval: 300 } });

const agents = ['kim', 'alex', 'sam'];
const time$ = merge(...agents.map((objectId) => client.statistic$('TimeInCurrentState', { objectId, objectType: 'Agent' })));

await pipeline(toReadable(time$.pipe(take(20))), toNdjson(), process.stdout, { end: false });
await client.close();
await simulator.close();
