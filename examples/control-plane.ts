// The control plane: a test in another process, or another language, directs the simulator by HTTP.
import { createSimulator } from 'genesys-statistics-rx/simulator';

await using simulator = await createSimulator({ control: true, clock: 'manual' });
const control = new URL('/__simulator', simulator.url).href;

async function tell(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${control}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return response.json();
}

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
await tell('POST', '/set', { name: 'Current_In_Queue', ...sales, value: 42 });
const peeked = await fetch(`${simulator.url}/statistic-values/Current_In_Queue?objectId=Sales%40SIP&objectType=Queue`);
console.log('peeked:', ((await peeked.json()) as { data: { statistic: { value: { intValue: number } } } }).data.statistic.value.intValue);

const { statusName } = (await tell('POST', '/agents/kim', { status: 'NotReady' })) as { statusName: string };
console.log('kim:', statusName);

await tell('POST', '/fault', { kind: 'status', status: 503, times: 'Infinity' });
console.log('while it fails:', (await fetch(`${simulator.url}/subscriptions`, { method: 'POST', body: '{}' })).status);
await tell('DELETE', '/fault');

const { counts } = (await tell('GET', '/ledger')) as { counts: { peek: number; open: number } };
console.log('asked:', counts.peek, 'peek,', counts.open, 'open');
