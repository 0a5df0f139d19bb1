/** Ready-made figures, from one subscription, without the members that a deployment does not know. */
import { NEVER, of, Subject, take, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { StatisticRejectedError, StatisticsError, StatisticsOptionError, type StatisticValue } from '../../../src/index.js';
import { agent$, group$, queue$, statistics, type KnownStatistic, type StatisticsSource } from '../../../src/kpi/index.js';
import { record, startClient, startSimulator, until } from '../../support/journey.js';

/** The first value; a stream without one fails the test. */
function firstFrom<T>(stream$: Observable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    stream$.pipe(take(1)).subscribe({ next: resolve, error: reject, complete: () => reject(new Error('no value')) });
  });
}

/** Far from midnight, when totals begin anew. */
const morning = { startAt: Date.parse('2026-05-04T08:00:00Z') };

describe('against the simulator', () => {
  it('a queue, an agent and a group have every figure, with numbers that agree', async () => {
    const simulator = await startSimulator(morning);
    simulator.advance(3_600_000);
    const client = startClient(simulator.url);
    const [report] = simulator.centre.queues();
    const queue = await firstFrom(queue$(client, 'Sales@SIP'));
    expect(Object.keys(queue)).toEqual(['waiting', 'longestWait', 'answered', 'abandoned', 'serviceLevel', 'averageWait', 'abandonRate']);
    expect(queue).toMatchObject({ answered: report?.answered, abandoned: report?.abandoned, waiting: report?.waiting });
    expect(queue.abandonRate).toBeCloseTo((100 * (report?.abandoned ?? 0)) / ((report?.answered ?? 0) + (report?.abandoned ?? 0)), 9);

    const agent = await firstFrom(agent$(client, 'kim'));
    const kim = simulator.centre.agents().find(({ name }) => name === 'kim');
    expect(agent.state).toMatchObject({ status: kim?.statusName, since: kim?.since });
    expect(Object.values(agent).filter((value) => value === null)).toEqual([]);
    expect(agent.notReadyShare).toBeCloseTo((100 * (agent.notReadyTime ?? NaN)) / (agent.loginTime ?? NaN), 9);
    expect(agent.occupancy).toBeGreaterThan(0);

    const group = await firstFrom(group$(client, 'SalesTeam'));
    const team = simulator.centre.groups().find(({ name }) => name === 'SalesTeam');
    expect(group).toMatchObject({ loggedIn: team?.loggedIn, ready: team?.ready });
    expect(Object.keys(group)).toHaveLength(8);
    expect([queue, agent, group].every(Object.isFrozen)).toBe(true);
  });

  it('is one subscription on the server', async () => {
    const simulator = await startSimulator(morning);
    const client = startClient(simulator.url);
    const observer = record(queue$(client, 'Sales@SIP'));
    await until('a figure', () => observer.values.length > 0);
    expect(simulator.ledger.opened).toHaveLength(1);
  });

  it('leaves out what the deployment does not know, and keeps the rest live', async () => {
    const simulator = await startSimulator(morning);
    simulator.advance(3_600_000);
    const client = startClient(simulator.url);
    const observer = record(queue$(client, 'Sales@SIP', { names: { abandoned: 'NoSuchTotal', serviceLevel: 'NoSuchLevel' } }));
    await until('a figure', () => observer.values.length > 0);
    expect(Object.keys(observer.values[0] ?? {})).toEqual(['waiting', 'longestWait', 'answered', 'averageWait']);
    simulator.set({ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }, 77);
    await until('a change', () => observer.values.at(-1)?.waiting === 77);
    expect(observer.error).toBeUndefined();
  });

  it('errors where the object is not known', async () => {
    const simulator = await startSimulator(morning);
    const client = startClient(simulator.url);
    const observer = record(queue$(client, 'NoSuchQueue@SIP'));
    await until('an error', () => observer.error !== undefined);
    expect(observer.error).toBeInstanceOf(StatisticRejectedError);
  });

  it('follows names and an object type of its own', async () => {
    const simulator = await startSimulator(morning);
    const client = startClient(simulator.url);
    const names = { waiting: 'CurrentInQueueAG', longestWait: 'CurrMaxCallWaitingTimeAG', answered: 'TotalAnsweredAG', abandoned: 'TotalAbandonedAG' };
    const queue = await firstFrom(queue$(client, 'SalesTeam', { objectType: 'GroupAgents', names }));
    expect(Object.keys(queue)).toHaveLength(7);
  });
});

/** A client that answers from a table: a number per name, and refusals. */
function fakeClient(refuse: (names: readonly string[]) => StatisticsError | undefined) {
  const asked: string[][] = [];
  const answer = (names: readonly string[], value$: () => Observable<unknown>): Observable<unknown> => {
    asked.push([...names]);
    const error = refuse(names);
    return error === undefined ? value$() : throwError(() => error);
  };
  const value = (name: string): StatisticValue => ({ name, objectId: 'q', objectType: 'Queue', timestamp: null, value: 3 });
  const client = {
    subscription$: (members: Record<string, { name: string }>) =>
      answer(
        Object.values(members).map(({ name }) => name),
        () => of(Object.fromEntries(Object.entries(members).map(([key, { name }]) => [key, value(name)]))),
      ),
    statistic$: (name: string) => answer([name], () => of(value(name))),
  };
  return { client: client as unknown as StatisticsSource, asked };
}

const rejected = (...names: string[]): StatisticRejectedError =>
  new StatisticRejectedError('no', names.map((name) => ({ name, objectId: 'q', objectType: 'Queue' })));

const usual = ['Current_In_Queue', 'CurrMaxCallWaitingTime', 'Total_Answered', 'Total_Abandoned', 'ServiceLevel', 'AverageWaitingTime'];

describe('a refusal', () => {
  it('drops exactly the definitions that it names, as often as there is one', async () => {
    const { client, asked } = fakeClient((names) =>
      names.includes('ServiceLevel') ? rejected('ServiceLevel') : names.includes('Total_Answered') ? rejected('Total_Answered', 'SomethingElse') : undefined,
    );
    const queue = await firstFrom(queue$(client, 'q'));
    expect(Object.keys(queue)).toEqual(['waiting', 'longestWait', 'abandoned', 'averageWait']);
    expect(asked).toEqual([usual, usual.filter((name) => name !== 'ServiceLevel'), ['Current_In_Queue', 'CurrMaxCallWaitingTime', 'Total_Abandoned', 'AverageWaitingTime']]);
  });

  it('that blames all members for one is looked into, member by member', async () => {
    const { client, asked } = fakeClient((names) => (names.includes('ServiceLevel') ? rejected(...names) : undefined));
    const queue = await firstFrom(queue$(client, 'q'));
    expect(queue).toEqual({ waiting: 3, longestWait: 3, answered: 3, abandoned: 3, averageWait: 3, abandonRate: 50 });
    expect(asked).toEqual([usual, ...usual.map((name) => [name]), usual.filter((name) => name !== 'ServiceLevel')]);
  });

  it.each([
    ['of every member alone', (names: readonly string[]) => rejected(...names), 7],
    ['of the set though each member is fine', (names: readonly string[]) => (names.length > 1 ? rejected(...names) : undefined), 7],
    ['that names none of the members', (names: readonly string[]) => (names.length > 0 ? rejected('Other') : undefined), 1],
    ['of another kind', () => new StatisticsError('closed'), 1],
  ])('%s errors the stream, and is not tried for ever', (_, refuse, requests) => {
    const { client, asked } = fakeClient(refuse);
    const errors: unknown[] = [];
    queue$(client, 'q').subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(StatisticsError);
    expect(asked).toHaveLength(requests);
  });

  it('that another kind of error interrupts while it is looked into errors the stream with that', () => {
    const failure = new StatisticsError('network');
    const { client } = fakeClient((names) => (names.length > 1 ? rejected(...names) : failure));
    const errors: unknown[] = [];
    queue$(client, 'q').subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([failure]);
  });

  it('of a stream that lives already drops the member from then on', () => {
    const [before, after] = [new Subject<unknown>(), new Subject<unknown>()];
    const sources = [before, after];
    const client = { subscription$: () => sources.shift() ?? NEVER, statistic$: () => NEVER } as unknown as StatisticsSource;
    const observer = record(queue$(client, 'q'));
    const value = (number: number): object => ({ value: number });
    before.next({ waiting: value(1), answered: value(2), abandoned: value(2) });
    before.error(rejected('Total_Abandoned'));
    after.next({ waiting: value(1), answered: value(3) });
    expect(observer.values).toEqual([{ waiting: 1, answered: 2, abandoned: 2, abandonRate: 50 }, { waiting: 1, answered: 3 }]);
    observer.unsubscribe();
    expect(after.observed).toBe(false);
  });
});

describe('names and options', () => {
  it.each([
    ['queue$', queue$, 'Queue'],
    ['agent$', agent$, 'Agent'],
    ['group$', group$, 'GroupAgents'],
  ] as const)('%s asks by default for names that were seen in public, of that type of object', (_, stream$, objectType) => {
    let asked: readonly { name: string; objectType: string }[] = [];
    const client = { subscription$: (members: Record<string, { name: string; objectType: string }>) => ((asked = Object.values(members)), NEVER) };
    (stream$ as (source: StatisticsSource, objectId: string) => Observable<unknown>)(client as unknown as StatisticsSource, 'x').subscribe();
    expect(asked.length).toBeGreaterThan(4);
    const known: Record<string, KnownStatistic | undefined> = statistics;
    for (const { name, objectType: type } of asked) {
      expect(type).toBe(objectType);
      expect(known[name]?.objectTypes).toContain(objectType);
      expect(known[name]?.seenIn).not.toContain('simulator');
    }
  });

  it('shows null for a value without a number, and makes no figure of it', async () => {
    const value = { value: {} };
    const client = { subscription$: () => of({ answered: value, abandoned: { value: 3 } }) } as unknown as StatisticsSource;
    expect(await firstFrom(queue$(client, 'q'))).toEqual({ answered: null, abandoned: 3, abandonRate: null });
  });

  it.each([
    [{ names: { wating: 'x' } }, /^names has no "wating", only waiting, longestWait/],
    [{ names: { waiting: '' } }, /^names.waiting must be a non-empty string/],
    [{ objectType: 7 }, /^objectType must be a non-empty string/],
    [{ type: 'Queue' }, /^options has no "type"/],
  ])('refuses %j at once', (options, message) => {
    const { client } = fakeClient(() => undefined);
    expect(() => queue$(client, 'q', options as never)).toThrow(StatisticsOptionError);
    expect(() => queue$(client, 'q', options as never)).toThrow(message);
  });

  it('refuses an object without an id', () => {
    const { client } = fakeClient(() => undefined);
    expect(() => agent$(client, '')).toThrow(/^objectId must be a non-empty string/);
  });
});
