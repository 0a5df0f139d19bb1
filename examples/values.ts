// The shapes of a `value`: numbers and the state of an agent, and the package's reading of each.
import { firstValueFrom } from 'rxjs';
import { createStatisticsClient, numberOf } from 'genesys-statistics-rx';
import { agentStatus } from 'genesys-statistics-rx/kpi';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ clock: 'manual', startAt: Date.parse('2026-05-04T10:55:00Z') });
const client = createStatisticsClient({ baseUrl: simulator.url });

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const kim = { objectId: 'kim', objectType: 'Agent' };
const { waiting, level, state } = await firstValueFrom(
  client.peekAll$({
    waiting: { name: 'CurrentNumberWaitingCalls', ...sales },
    level: { name: 'ServiceLevel', ...sales },
    state: { name: 'CurrentAgentState', ...kim },
  }),
);

console.log('as the server sent them:');
for (const { name, value } of [waiting, level, state]) {
  console.log(name, JSON.stringify(value));
}
console.log('read:');
console.log('numberOf', numberOf(waiting), numberOf(level), numberOf(state));
console.log('agentStatus', JSON.stringify(agentStatus(state)));

await client.close();
await simulator.close();
