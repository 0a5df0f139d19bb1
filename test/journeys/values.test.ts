/** G4, G5 and G6: one request at a time, each value once and in order, snapshots from one answer. */
import { expect, it, describe } from 'vitest';
import { map } from 'rxjs';
import { kpi, abandonRate } from '../../src/kpi/index.js';
import { numberOf, numeric } from '../../src/index.js';
import { answered, kim, numberValue, record, sales, startClient, startSimulator, until } from '../support/journey.js';

const inQueue = { name: 'Current_In_Queue', ...sales };

describe('G4: one request at a time', () => {
  it('F73: polls never overlap, and the next is timed from the end of the last', async () => {
    const simulator = await startSimulator();
    simulator.fault({ kind: 'delay', operation: 'read', ms: 30, times: Infinity });
    const client = startClient(simulator.url, { poll: { interval: 5, maxInterval: 5 } });
    record(client.statistic$('Current_In_Queue', sales));
    let most = 0;
    const unanswered = (): number => simulator.ledger.requests.filter(({ operation, status }) => operation === 'read' && status === undefined).length;
    await until('five polls', () => {
      most = Math.max(most, unanswered());
      return simulator.ledger.count('read') >= 5;
    });
    expect(most).toBe(1);
  });

  it('the interval grows while nothing changes, and a change resets it', async () => {
    const simulator = await startSimulator();
    simulator.set(inQueue, numberValue(1));
    const client = startClient(simulator.url, { poll: { interval: 20, maxInterval: 200, factor: 10 } });
    const observer = record(client.statistic$('Current_In_Queue', sales));
    await answered(simulator, 'read', 3);
    simulator.set(inQueue, numberValue(2));
    await until('the change', () => observer.values.length === 2);
    await answered(simulator, 'read', 1);
    const at = simulator.ledger.requests.filter(({ operation }) => operation === 'read').map((request) => request.at);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    // The test checks lower bounds only, because a busy machine can only make a wait longer.
    expect(Math.min(...gaps.slice(0, 2))).toBeGreaterThanOrEqual(150);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(15);
  });

  it('refresh() polls now, before the next poll is due', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { poll: { interval: 60_000, maxInterval: 60_000 } });
    simulator.set(inQueue, numberValue(1));
    const observer = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('a value', () => observer.values.length === 1);
    simulator.set(inQueue, numberValue(2));
    client.refresh();
    await until('the change', () => observer.values.length === 2);
    expect(observer.values).toEqual([1, 2]);
    expect(simulator.ledger.count('read')).toBe(1);
  });
});

describe('G5: every change once, in order', () => {
  it('the first value comes from the answer to the POST, with no poll', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url, { poll: { interval: 60_000 } });
    simulator.set(inQueue, numberValue(7));
    const observer = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('a value', () => observer.values.length === 1);
    expect(observer.values).toEqual([7]);
    expect(simulator.ledger.count('read')).toBe(0);
  });

  it('F66: an equal value in a new object is not emitted; distinct replaces that rule for one observer', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(7));
    const byDefault = record(client.statistic$('Current_In_Queue', sales));
    const each = record(client.statistic$('Current_In_Queue', sales, { distinct: () => false }));
    const coarse = record(client.statistic$('Current_In_Queue', sales, { distinct: (a, b) => Math.abs((numberOf(a.value) ?? 0) - (numberOf(b.value) ?? 0)) < 5 }));
    await until('polls that bring nothing new', () => each.values.length >= 4);
    expect(byDefault.values).toHaveLength(1);
    simulator.set(inQueue, numberValue(9));
    await until('a small change', () => byDefault.values.length === 2);
    simulator.set(inQueue, numberValue(14));
    await until('a larger one', () => byDefault.values.length === 3);
    expect(coarse.values.map(({ value }) => numberOf(value))).toEqual([7, 14]);
  });

  it('I11, I12: a late joiner gets the current value at once, synchronously, and then the same as others', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set(inQueue, numberValue(1));
    const early = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('a value', () => early.values.length === 1);
    simulator.set(inQueue, numberValue(2));
    await until('another', () => early.values.length === 2);
    const late = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    expect(late.values).toEqual([2]);
    simulator.set(inQueue, numberValue(3));
    await until('a third', () => early.values.length === 3);
    expect(late.values).toEqual([2, 3]);
  });

  it('an older value after a newer one is not emitted within a subscription, but is after a re-open', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const answer = (timestamp: number, value: number) => (read: { subscriptionId?: string | undefined }): unknown => ({
      status: { code: 0 },
      data: { subscriptionId: read.subscriptionId, statistics: [{ ...inQueue, statisticId: undefined, timestamp, value: numberValue(value) }] },
    });
    simulator.set(inQueue, numberValue(1));
    const observer = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('a value', () => observer.values.length === 1);
    const older = JSON.stringify(answer(1_000_000_000_000, 5)({}));
    simulator.fault({ kind: 'body', operation: 'read', times: 3, body: older });
    await answered(simulator, 'read', 4);
    expect(observer.values).toEqual([1]);
  });

  it('timestamps are epoch milliseconds and values are deeply frozen', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    simulator.set({ name: 'CurrentAgentState', ...kim }, { status: 4, dn: [{ action: 'x' }] });
    const observer = record(client.statistic$('CurrentAgentState', kim));
    await until('a value', () => observer.values.length === 1);
    const [value] = observer.values;
    expect(value?.timestamp).toBeGreaterThan(1e12);
    expect(Object.isFrozen(value)).toBe(true);
    expect(Object.isFrozen((value?.value as { dn: unknown[] }).dn[0])).toBe(true);
  });
});

describe('G6: snapshots and KPIs come from one answer', () => {
  it('I13: members that change together are one emission, and a KPI is computed once for it', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const answeredCalls = { name: 'Total_Answered', ...sales };
    const abandoned = { name: 'Total_Abandoned', ...sales };
    const both = (a: number, b: number): void => {
      simulator.set(answeredCalls, numberValue(a));
      simulator.set(abandoned, numberValue(b));
    };
    both(90, 10);
    const set$ = client.subscription$({ answered: answeredCalls, abandoned });
    const pairs = record(set$.pipe(map(({ answered: a, abandoned: b }) => [numberOf(a.value), numberOf(b.value)])));
    const rates = record(set$.pipe(kpi(abandonRate)));
    await until('a snapshot', () => pairs.values.length === 1);
    both(150, 50);
    await until('another', () => pairs.values.length === 2);
    both(300, 100);
    await until('a third', () => pairs.values.length === 3);
    expect(pairs.values).toEqual([[90, 10], [150, 50], [300, 100]]);
    expect(rates.values).toEqual([10, 25]);
  });

  it('the first emission waits for every member; an answer that lacks one is never mixed with an older answer', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const members = [{ name: 'Total_Answered', ...sales }, { name: 'Total_Abandoned', ...sales }] as const;
    members.forEach((member) => simulator.set(member, numberValue(1)));
    const observer = record(client.subscription$(members).pipe(map((values) => values.map(({ value }) => numberOf(value)))));
    await until('a snapshot', () => observer.values.length === 1);
    const partial = { status: { code: 0 }, data: { statistics: [{ ...members[0], timestamp: Date.now() + 1000, value: numberValue(9) }] } };
    simulator.fault({ kind: 'body', operation: 'read', body: JSON.stringify(partial), times: 2 });
    await answered(simulator, 'read', 3);
    expect(observer.values).toEqual([[1, 1]]);
  });
});
