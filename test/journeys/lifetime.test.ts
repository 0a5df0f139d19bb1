/** G3 and G13: every opened subscription gets one answered DELETE, whatever ends it, and then the process may end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, describe } from 'vitest';
import { fetchTransport } from '../../src/index.js';
import { allDeleted, eventsOf, record, sales, startClient, startSimulator, support, until } from '../support/journey.js';

describe('G3: one answered DELETE for everything opened', () => {
  it('F77: when the last observer leaves while the POST is in flight, which is not aborted', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'delay', operation: 'open', ms: 60 });
    const client = startClient(simulator.url, { sharing: { linger: 0 } });
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('the POST is on its way', () => simulator.ledger.count('open') === 1);
    observer.unsubscribe();
    await allDeleted(simulator);
    expect(simulator.ledger.requests.map(({ operation, status }) => [operation, status])).toEqual([['open', 200], ['close', 200]]);
    expect(observer.values).toEqual([]);
  });

  it('F77: close() while the POST is in flight waits for its answer and the DELETE', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'delay', operation: 'open', ms: 60 });
    const client = startClient(simulator.url);
    const observer = record(client.subscription$([{ name: 'Total_Answered', ...sales }]));
    await until('the POST is on its way', () => simulator.ledger.count('open') === 1);
    await client.close();
    expect(observer.completed).toBe(true);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
    expect(simulator.ledger.opened).toHaveLength(1);
  });

  it('F47: an open whose answer is reset is deleted by its operationId, and opened anew under another', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'resetAfter', operation: 'open' });
    const client = startClient(simulator.url);
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => observer.values.length === 1);
    await until('the lost one is deleted', () => simulator.ledger.deleted.length === 1);
    expect(simulator.ledger.opened).toHaveLength(2);
    expect(simulator.ledger.deleted).toEqual([simulator.ledger.opened[0]]);
    observer.unsubscribe();
    await allDeleted(simulator);
  });

  it('F47: an open that times out is deleted, even if the server opened it late', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'delay', operation: 'open', ms: 1200 });
    const client = startClient(simulator.url, { request: { timeout: 1000 } });
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('a value, from the second open', () => observer.values.length === 1);
    observer.unsubscribe();
    await until('both are deleted', () => simulator.ledger.opened.length === 2 && simulator.ledger.deleted.length === 2);
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
  });

  it('F80: a DELETE without an answer is tried again, then reported as orphaned', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'reset', operation: 'close', times: Infinity });
    const client = startClient(simulator.url);
    const orphaned = eventsOf(client, 'orphaned');
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => observer.values.length === 1);
    observer.unsubscribe();
    await until('it is given up', () => orphaned.length === 1);
    expect(simulator.ledger.count('close')).toBe(4);
    expect(orphaned[0]?.subscriptionId).toBe(simulator.ledger.opened[0]);
  });

  it('F80: a DELETE that failed once is answered the second time', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'status', operation: 'close', status: 503 });
    const client = startClient(simulator.url);
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => observer.values.length === 1);
    observer.unsubscribe();
    await allDeleted(simulator);
    expect(simulator.ledger.count('close')).toBe(2);
  });

  it('F79: leaving during a poll aborts it, and nothing is emitted afterwards', async () => {
    const simulator = await startSimulator();
    const send = fetchTransport(fetch);
    const aborted: string[] = [];
    const client = startClient(simulator.url, {
      sharing: { linger: 0 },
      transport(request, signal) {
        signal.addEventListener('abort', () => aborted.push(request.method));
        return send(request, signal);
      },
    });
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => observer.values.length === 1);
    simulator.fault({ kind: 'hang', operation: 'read' });
    await until('a poll hangs', () => simulator.ledger.count('read') === 1);
    observer.unsubscribe();
    expect(aborted).toEqual(['GET']);
    await allDeleted(simulator);
    expect(observer.values).toHaveLength(1);
    expect(simulator.ledger.count('read')).toBe(1);
  });

  it('close() deletes everything, completes every stream and is idempotent; F85: also from inside next', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const streams = [
      record(client.statistic$('Total_Answered', sales)),
      record(client.subscription$([{ name: 'Total_Abandoned', ...sales }])),
      record(client.statisticState$('Total_Answered', support)),
      record(client.health$),
      record(client.events$),
    ];
    let closing: Promise<void> | undefined;
    client.statistic$('Current_In_Queue', sales).subscribe(() => {
      closing ??= client.close();
    });
    await until('closed from inside next', () => closing !== undefined);
    await closing;
    await client.close();
    expect(streams.map(({ completed }) => completed)).toEqual([true, true, true, true, true]);
    expect(new Set(simulator.ledger.deleted)).toEqual(new Set(simulator.ledger.opened));
    const late = record(client.statistic$('Total_Answered', sales));
    expect(late.completed).toBe(true);
    await expect(client.api.getStatistic('Total_Answered', sales)).rejects.toThrow('the client is closed');
  });

  it('await using closes', async () => {
    const simulator = await startSimulator();
    {
      await using client = startClient(simulator.url);
      const observer = record(client.statistic$('Total_Answered', sales));
      await until('a value', () => observer.values.length === 1);
    }
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });

  it('I18: close() resolves by request.timeout, whatever the server does, and reports subscriptions that it could not delete', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { request: { timeout: 500 } });
    const observer = record(client.statistic$('Total_Answered', sales));
    await until('a value', () => observer.values.length === 1);
    simulator.fault({ kind: 'hang', operation: 'close', times: Infinity });
    const orphaned = eventsOf(client, 'orphaned');
    await client.close();
    expect(simulator.ledger.count('close')).toBeGreaterThan(0);
    expect(orphaned.map(({ subscriptionId }) => subscriptionId)).toEqual(simulator.ledger.opened);
  });
});

describe('G13: the process ends by itself', () => {
  it('soon after the last unsubscribe, and not before the lingering upstream was deleted', async () => {
    const simulator = await startSimulator();
    const program = `
      import { createStatisticsClient } from 'genesys-statistics-rx';
      const client = createStatisticsClient({ baseUrl: '${simulator.url}', sharing: { linger: 200 } });
      const subscription = client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' })
        .subscribe(() => queueMicrotask(() => subscription.unsubscribe()));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: new URL('../..', import.meta.url), stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(simulator.ledger.opened).toHaveLength(1);
    expect(simulator.ledger.deleted).toEqual(simulator.ledger.opened);
  });
});
