// The same calls by hand, with the least that works on a good day.
const { GENESYS_STATISTICS_URL: baseUrl = 'https://host/statistics/v3', GENESYS_API_KEY: apiKey = '', GENESYS_TOKEN: token = '' } = process.env;
const headers = { 'content-type': 'application/json', 'x-api-key': apiKey, authorization: `Bearer ${token}` };

const statistics = [{ statisticId: 'waiting', name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }];
const body = JSON.stringify({ operationId: crypto.randomUUID(), data: { statistics } });
const opened = await fetch(`${baseUrl}/subscriptions`, { method: 'POST', headers, body });
if (!opened.ok) throw new Error(`answered ${opened.status}`); // refused for good, or down for a minute?
const { data } = await opened.json(); // a 200 may hold a failure instead

const timer = setInterval(async () => {
  const answer = await fetch(`${baseUrl}/subscriptions/${data.subscriptionId}/statistic-values`, { headers });
  const { statistics: [waiting] } = (await answer.json()).data; // ends the program if the server has forgotten the subscription
  console.log('waiting:', waiting.value.intValue); // whether or not it changed
}, 5000);
process.once('SIGINT', () => {
  clearInterval(timer);
  void fetch(`${baseUrl}/subscriptions/${data.subscriptionId}`, { method: 'DELETE', headers });
});
