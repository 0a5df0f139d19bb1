// Each call of the vendor's client, and its counterpart here.
import { firstValueFrom } from 'rxjs';
import { createStatisticsClient } from 'genesys-statistics-rx';
import { createSimulator } from 'genesys-statistics-rx/simulator';

const simulator = await createSimulator({ apiKey: 'key', token: 'token' });
const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };

// new Statistics(apiKey, baseUrl), then initialize(token): there is nothing to initialize.
const client = createStatisticsClient({ baseUrl: simulator.url, apiKey: 'key', token: () => Promise.resolve('token') });

// getStatValue(name, objectId, objectType)
const value = await client.api.getStatistic('Current_In_Queue', sales);
console.log('getStatistic', value.name, value.value);

// getStatValues(infos): in the order asked for, by the keys chosen here.
const { answered, abandoned } = await firstValueFrom(
  client.peekAll$({ answered: { name: 'Total_Answered', ...sales }, abandoned: { name: 'Total_Abandoned', ...sales } }),
);
console.log('peekAll$', answered.name, abandoned.name);

// createSubscription(operationId, descriptors), peekSubscriptionStats(id, ids), deleteSubscription(id), each by hand:
const { subscriptionId } = await client.api.openSubscription(crypto.randomUUID(), [{ statisticId: 'a', name: 'Total_Answered', ...sales }]);
const { statistics } = await client.api.readSubscription(subscriptionId, { statisticIds: ['a'] });
await client.api.closeSubscription(subscriptionId);
console.log('readSubscription', statistics.length);

// ... or all of them, for as long as somebody is subscribed, instead of on('Updates', ...):
const updates$ = client.statistic$('Total_Answered', sales);
console.log('statistic$', (await firstValueFrom(updates$)).name);

// on('ServiceChange', ...)
client.health$.subscribe(({ status }) => console.log('health$', status));

// destroy(): also deletes what is open, and resolves when that is done.
await client.close();
console.log('open on the server:', simulator.ledger.open.length);
await simulator.close();
