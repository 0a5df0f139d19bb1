/** G8: a refusal errors only the streams of the definition that caused it. */
import { expect, it, describe } from 'vitest';
import { fetchTransport, StatisticRejectedError, StatisticsApiError } from '../../src/index.js';
import { canary } from '../support/canary.js';
import { allDeleted, answered, eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';

const agents = (count: number): { objectId: string; objectType: string }[] =>
  Array.from({ length: count }, (_, index) => ({ objectId: `agent${String(index + 1).padStart(4, '0')}`, objectType: 'Agent' }));

describe('G8: refusals', () => {
  it('one refused definition among 500 is isolated within 2 log2 n + 2 opens, and all others become live', async () => {
    const simulator = await startSimulator({ agents: 499 });
    const client = startClient(simulator.url);
    const good = agents(499).map((agent) => record(client.statistic$('InboundCalls', agent)));
    const bad = record(client.statistic$('NoSuchStatistic', sales));
    await until('all are decided', () => bad.error !== undefined && good.every(({ values }) => values.length === 1));
    expect(bad.error).toBeInstanceOf(StatisticRejectedError);
    expect(bad.error).toMatchObject({
      definitions: [{ name: 'NoSuchStatistic', ...sales }],
      cause: { name: 'StatisticsApiError', httpStatus: 400 },
    });
    expect(good.every(({ error }) => error === undefined)).toBe(true);
    expect(simulator.ledger.count('open')).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(500)) + 2);
  });

  it('a definition refused once is opened alone next time', async () => {
    const simulator = await startSimulator({ agents: 3 });
    const client = startClient(simulator.url);
    const bad = record(client.statistic$('NoSuchStatistic', sales));
    await until('it is refused', () => bad.error !== undefined);
    simulator.ledger.clear();
    const again = record(client.statistic$('NoSuchStatistic', sales));
    const good = agents(3).map((agent) => record(client.statistic$('InboundCalls', agent)));
    await until('all are decided', () => again.error !== undefined && good.every(({ values }) => values.length === 1));
    expect(simulator.ledger.requests.filter(({ operation }) => operation === 'open').map(({ body }) => JSON.parse(body ?? '').data.statistics.length as number).sort()).toEqual([1, 3]);
  });

  it('F41: a wrong key refuses everything: the search ends after four refusals, and every stream errors', async () => {
    const simulator = await startSimulator({ apiKey: canary('right-key'), agents: 200 });
    const client = startClient(simulator.url, { apiKey: canary('wrong-key') });
    const all = agents(200).map((agent) => record(client.statistic$('InboundCalls', agent)));
    await until('all have errored', () => all.every(({ error }) => error instanceof StatisticRejectedError));
    expect(simulator.ledger.count('open')).toBeLessThanOrEqual(20);
    expect((all[0]?.error as Error).cause).toBeInstanceOf(StatisticsApiError);
    expect((all[0]?.error as Error).message).not.toContain(canary('wrong-key'));
  });

  it('413 splits, and lowers the limit for later newcomers', async () => {
    const simulator = await startSimulator({ maxStatistics: 30, agents: 160 });
    const client = startClient(simulator.url, { batch: { window: 2, size: 100 } });
    const first = agents(100).map((agent) => record(client.statistic$('InboundCalls', agent)));
    await until('all have a value', () => first.every(({ values }) => values.length === 1));
    simulator.ledger.clear();
    const later = agents(160).slice(100).map((agent) => record(client.statistic$('InboundCalls', agent)));
    await until('they too', () => later.every(({ values }) => values.length === 1));
    expect(simulator.ledger.requests.filter(({ operation }) => operation === 'open').map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each([0, 5, 7])('three consecutive 5xx divide a batch, and a statistic that fails alone (%i) is not rejected', async (index) => {
    const simulator = await startSimulator({ agents: 8 });
    const client = startClient(simulator.url);
    const poison = agents(8)[index]?.objectId ?? '';
    const heal = simulator.fault({ kind: 'status', operation: 'open', status: 500, times: Infinity, match: ({ body }) => body?.includes(poison) === true });
    const all = agents(8).map((agent) => record(client.statistic$('InboundCalls', agent)));
    await until('seven have a value', () => all.filter(({ values }) => values.length === 1).length === 7);
    expect(all.every(({ error }) => error === undefined)).toBe(true);
    expect(all[index]?.values).toEqual([]);
    heal();
    await until('it lives once the server can', () => all[index]?.values.length === 1);
  });

  it('a whole batch is live after an outage with 503; during the outage one piece is tried at a time', async () => {
    const simulator = await startSimulator({ agents: 16 });
    const send = fetchTransport(fetch);
    let [underWay, mostUnderWay] = [0, 0];
    const client = startClient(simulator.url, {
      async transport(request, signal) {
        underWay += request.method === 'POST' ? 1 : 0;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        try {
          return await send(request, signal);
        } finally {
          underWay -= request.method === 'POST' ? 1 : 0;
        }
      },
    });
    const heal = simulator.fault({ kind: 'status', operation: 'open', status: 503, times: Infinity });
    const all = agents(16).map((agent) => record(client.statistic$('InboundCalls', agent)));
    await until('it has gone on for long', () => simulator.ledger.count('open') >= 25);
    expect(mostUnderWay).toBe(1);
    heal();
    await until('all have a value', () => all.every(({ values }) => values.length === 1));
    expect(all.every(({ error }) => error === undefined)).toBe(true);
  });

  it('F27: three consecutive 200s with a failure code reject a definition that was opened alone', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const no = JSON.stringify({ status: { code: 7, message: 'not configured' } });
    simulator.fault({ kind: 'body', operation: 'open', body: no, times: Infinity, match: ({ body }) => body?.includes('Total_Answered') === true });
    const good = record(client.statistic$('Total_Abandoned', sales));
    const bad = record(client.statistic$('Total_Answered', sales));
    const set = record(client.subscription$([{ name: 'Total_Answered', ...sales }]));
    await until('they are refused', () => bad.error !== undefined && set.error !== undefined && good.values.length === 1);
    expect(bad.error).toMatchObject({ name: 'StatisticRejectedError', cause: { httpStatus: 200, code: 7 } });
    expect(good.error).toBeUndefined();
  });

  it('a set whose member no answer holds is rejected, naming it', async () => {
    const simulator = await startSimulator({ partial: true });
    const client = startClient(simulator.url);
    const set = record(client.subscription$([{ name: 'Total_Answered', ...sales }, { name: 'NoSuchStatistic', ...sales }]));
    await until('it is rejected', () => set.error !== undefined);
    expect(set.error).toMatchObject({ name: 'StatisticRejectedError', definitions: [{ name: 'NoSuchStatistic', ...sales }] });
    expect(set.values).toEqual([]);
    await allDeleted(simulator);
  });

  it('F29: a statistic that no answer has held by the second poll is rejected, and others stay live', async () => {
    const simulator = await startSimulator({ partial: true });
    const client = startClient(simulator.url);
    const rejected = eventsOf(client, 'rejected');
    const good = record(client.statistic$('Total_Answered', sales));
    const bad = record(client.statistic$('NoSuchStatistic', sales));
    await until('it is rejected', () => bad.error !== undefined);
    expect(bad.error).toBeInstanceOf(StatisticRejectedError);
    expect(simulator.ledger.count('read')).toBe(2);
    await answered(simulator, 'read', 1);
    expect(good.error).toBeUndefined();
    expect(rejected).toHaveLength(1);
  });

  it('a statistic that had a value and is missing now keeps it', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const kept = record(client.statistic$('Total_Answered', sales));
    const other = record(client.statistic$('Total_Abandoned', sales));
    await until('both have a value', () => kept.values.length === 1 && other.values.length === 1);
    const body = { status: { code: 0 }, data: { statistics: [{ name: 'Total_Abandoned', ...sales, value: 1 }] } };
    simulator.fault({ kind: 'body', operation: 'read', body: JSON.stringify(body), times: 3 });
    await answered(simulator, 'read', 4);
    expect(kept.error).toBeUndefined();
    expect(record(client.statistic$('Total_Answered', sales)).values).toHaveLength(1);
  });

  it('a refused set errors only its own observers, and is deleted if it was open', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const good = record(client.subscription$([{ name: 'Total_Answered', ...sales }]));
    const bad = record(client.subscription$({ a: { name: 'Total_Answered', ...sales }, b: { name: 'NoSuchStatistic', ...sales } }));
    await until('it is refused', () => bad.error !== undefined && good.values.length === 1);
    expect(bad.error).toBeInstanceOf(StatisticRejectedError);
    expect(good.error).toBeUndefined();
    good.unsubscribe();
    await allDeleted(simulator);
  });

  it('a state stream never errors: failed is its last state', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const states = record(client.statisticState$('NoSuchStatistic', sales));
    await until('it completes', () => states.completed);
    expect(states.values.map(({ status }) => status)).toEqual(['pending', 'failed']);
    expect(states.values[1]?.error).toBeInstanceOf(StatisticRejectedError);
    expect(states.error).toBeUndefined();
  });
});
