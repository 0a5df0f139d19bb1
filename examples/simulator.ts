// A simulated contact centre with your own names, controlled call by call: a roster, behaviour, values, faults, and no port.
import { filter, firstValueFrom } from 'rxjs';
import { createStatisticsClient, numeric } from 'genesys-statistics-rx';
import { createSimulator, parseRoster } from 'genesys-statistics-rx/simulator';

const roster = parseRoster(`{
  "groups": [
    { "name": "Hotline", "agents": ["e.meier@example.com", "t.kaya@example.com"], "queues": ["Support_EN@Switch1"] }
  ]
}`);
await using simulator = await createSimulator({ listen: false, clock: 'manual', roster, startAt: new Date('2026-05-04T09:00:00Z') });
await using client = createStatisticsClient({ baseUrl: simulator.url, transport: simulator.transport, poll: { interval: 10 } });
const queue = { objectId: 'Support_EN@Switch1', objectType: 'Queue' };

// Behaviour: without agents, callers have to wait.
for (const { name } of simulator.centre.agents()) simulator.agent(name).become('LoggedOut');
simulator.advance(3_600_000);
const { waiting, entered } = simulator.queue('Support_EN@Switch1').report();
simulator.queue('Support_EN@Switch1').arrive(20);
const waiting$ = client.statistic$('Current_In_Queue', queue).pipe(numeric());
console.log('waiting more:', Number(await firstValueFrom(waiting$)) - waiting);
console.log('entered more:', Number(await firstValueFrom(client.statistic$('CallsEntered', queue).pipe(numeric()))) - entered);

// A value: any value that a test needs, until `undefined` removes it.
simulator.set({ name: 'Current_In_Queue', ...queue }, 99);
console.log('set:', await firstValueFrom(waiting$.pipe(filter((value) => value === 99))));

// Faults: a number of times, by chance, or for a time; the client recovers from all of them.
simulator.fault({ kind: 'status', status: 503, operation: 'read' });
simulator.fault({ kind: 'reset', probability: 0.2 });
simulator.fault({ kind: 'status', status: 500, lasts: 20_000 });
simulator.clearFaults();

console.log('open before the end:', simulator.ledger.open.length > 0);
await client.close();
console.log('open after it:', simulator.ledger.open.length);
