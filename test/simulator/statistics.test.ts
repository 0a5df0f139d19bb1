/** What the statistics say over HTTP: the whole catalogue, agreeing with each other and with the centre; inline definitions. */
import { describe, expect, it } from 'vitest';
import { catalogue, type Simulator } from '../../src/simulator/index.js';
import { AFTERNOON, ask, kim, numberOf, openAt, peekAt, readAt, sales, start, type Json } from './support.js';

const examples: Record<string, string> = {
  Agent: 'kim', Place: 'Place_1001', GroupAgents: 'SalesTeam', GroupPlaces: 'SalesTeam', Queue: 'Sales@SIP', RoutePoint: 'Sales@SIP', GroupQueues: 'AllQueues',
};

/** Several statistics of one object at one instant, as numbers. */
async function numbers<K extends string>(simulator: Simulator, object: { objectId: string; objectType: string }, ...names: K[]) {
  const { json, status } = await ask(simulator, '/operations/get-statistic-ex', {
    method: 'POST', body: { data: { statistics: names.map((name) => ({ name, ...object })) } },
  });
  expect(status).toBe(200);
  return Object.fromEntries(json.data.statistics.map((one: Json) => [one.name, numberOf(one)])) as Record<K, number>;
}

const define = async (simulator: Simulator, definition: unknown, object: object): Promise<Json> => {
  const { json } = await openAt(simulator, crypto.randomUUID(), { statisticId: 's', ...object, definition });
  return json;
};

describe('the catalogue', () => {
  it('is served whole, in the documented form', async () => {
    const simulator = await start();
    const wanted = catalogue.flatMap(({ name, objectTypes, unit }) =>
      objectTypes.map((objectType) => ({ name, objectType, objectId: examples[objectType] ?? '', unit })));
    const { status, json } = await openAt(simulator, 'all', ...wanted.map(({ name, objectType, objectId }, index) =>
      ({ statisticId: `s${index}`, name, objectType, objectId })));
    expect(status).toBe(200);
    expect(json.data.statistics).toHaveLength(wanted.length);
    json.data.statistics.forEach((one: Json, index: number) => {
      const { name, objectType, objectId, unit } = wanted[index] ?? { unit: 'none' };
      expect(one).toMatchObject({ statisticId: `s${index}`, name, objectType, objectId });
      expect(one.timestamp, name).toBeLessThanOrEqual(simulator.centre.now());
      expect(one.timestamp).toBeGreaterThan(AFTERNOON - 86_400_000);
      if (unit === 'state') {
        expect(one.value).toMatchObject({ status: expect.any(Number), statusName: expect.any(String) });
        return;
      }
      const number = numberOf(one);
      expect(one.value, name).toEqual({
        intervalLength: 0, tag: -1, stringValue: String(number), timestamp: one.timestamp, intValue: Math.trunc(number),
      });
      expect(number).toBeGreaterThanOrEqual(0);
      if (unit === 'count') expect(number % 1).toBe(0);
      if (unit === 'percent') expect(number).toBeLessThanOrEqual(100);
    });
  });

  it('is of the centre that can be looked at', async () => {
    const simulator = await start();
    const queue = simulator.centre.queues().find(({ name }) => name === 'Sales@SIP');
    const agent = simulator.centre.agents().find(({ name }) => name === 'kim');
    expect(await numbers(simulator, sales, 'Total_Calls_Entered', 'Total_Answered', 'Total_Abandoned', 'Current_In_Queue')).toEqual({
      Total_Calls_Entered: queue?.entered, Total_Answered: queue?.answered, Total_Abandoned: queue?.abandoned, Current_In_Queue: queue?.waiting,
    });
    expect(await numbers(simulator, kim, 'InboundCalls', 'ReadyDuration')).toEqual({
      InboundCalls: agent?.answered, ReadyDuration: agent?.seconds.WaitForNextCall,
    });
  });
});

describe('at many instants and seeds', () => {
  it.each([1, 2, 3, 99])('seed %i: queues balance, durations add up, groups are the sum of their members', async (seed) => {
    const simulator = await start({ seed });
    for (const step of [0, 1, 7, 59, 600, 3600, 9 * 3600, 30, 7200]) {
      simulator.advance(step * 1000);
      for (const objectId of ['Sales@SIP', 'Support@SIP', 'Billing@SIP']) {
        const q = await numbers(simulator, { objectId, objectType: 'Queue' }, 'Total_Calls_Entered', 'Total_Answered', 'Total_Abandoned',
          'Current_In_Queue', 'ServiceLevel', 'Total_Answered_In_Threshold', 'Total_Abandoned_Short', 'CurrMaxCallWaitingTime');
        expect(q.Total_Calls_Entered).toBe(q.Total_Answered + q.Total_Abandoned + q.Current_In_Queue);
        const offered = q.Total_Answered + q.Total_Abandoned - q.Total_Abandoned_Short;
        expect(q.ServiceLevel).toBeCloseTo(offered === 0 ? 0 : (100 * q.Total_Answered_In_Threshold) / offered, 1);
        if (q.Current_In_Queue === 0) expect(q.CurrMaxCallWaitingTime).toBe(0);
      }
      const parts = ['ReadyDuration', 'NotReadyDuration', 'TalkDuration', 'HoldDuration', 'WrapDuration', 'RingDuration', 'DialDuration'] as const;
      const group = await numbers(simulator, { objectId: 'SalesTeam', objectType: 'GroupAgents' }, 'LoginDuration', 'InboundCalls', 'TotalAnsweredAG', ...parts);
      const members = simulator.centre.agents().filter(({ group: team }) => team === 'SalesTeam');
      const sums: Record<string, number> = {};
      for (const { name } of members) {
        const agent = await numbers(simulator, { objectId: name, objectType: 'Agent' }, 'LoginDuration', 'InboundCalls', ...parts);
        expect(parts.reduce((total, part) => total + agent[part], 0)).toBe(agent.LoginDuration);
        for (const [key, value] of Object.entries(agent)) sums[key] = (sums[key] ?? 0) + value;
      }
      expect(group).toMatchObject(sums);
      expect(group.TotalAnsweredAG).toBe(group.InboundCalls);
      const now = await numbers(simulator, { objectId: 'SalesTeam', objectType: 'GroupAgents' },
        'CurrentLoggedInAgents', 'CurrentReadyAgents', 'CurrentNotReadyAgents', 'CurrentNumberInCall', 'CurrNumberACWStatuses');
      expect(now.CurrentLoggedInAgents).toBe(members.filter(({ statusName }) => statusName !== 'LoggedOut').length);
      expect(now.CurrentReadyAgents + now.CurrentNotReadyAgents + now.CurrentNumberInCall + now.CurrNumberACWStatuses)
        .toBeLessThanOrEqual(now.CurrentLoggedInAgents);
    }
  });

  it('timestamps say when a value last changed, and never go back', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', ...catalogue.flatMap(({ name, objectTypes }) =>
      objectTypes.map((objectType) => ({ name, objectType, objectId: examples[objectType], statisticId: `${name} ${objectType}` }))));
    const seen = new Map<string, Json>();
    for (let step = 0; step < 120; step++) {
      const { json } = await readAt(simulator, 'x');
      for (const one of json.data.statistics) {
        const before = seen.get(one.statisticId);
        if (before !== undefined) {
          expect(one.timestamp, one.statisticId).toBeGreaterThanOrEqual(before.timestamp);
          const told = ({ value }: Json) => value.stringValue ?? JSON.stringify(value);
          // Sliding out of a window, or another instant of the same second, is a change that time shows too.
          if (told(one) !== told(before)) expect(one.timestamp, one.statisticId).toBeGreaterThan(before.timestamp);
        }
        seen.set(one.statisticId, one);
      }
      simulator.advance(step % 10 === 9 ? 1_800_000 : 5000);
    }
  });

  it('totals fall at midnight UTC and at no other time', async () => {
    const simulator = await start({ startAt: Date.UTC(2026, 10, 24, 22) });
    let last = -1;
    const falls: string[] = [];
    for (let minute = 0; minute < 60 * 28; minute++) {
      const entered = simulator.centre.queues().reduce((total, queue) => total + queue.entered, 0);
      if (entered < last) falls.push(new Date(simulator.centre.now()).toISOString().slice(0, 16));
      last = entered;
      simulator.advance(60_000);
    }
    expect(falls).toEqual(['2026-11-25T00:00', '2026-11-26T00:00']);
  });
});

describe('inline definitions', () => {
  const agentStatus = { notificationMode: 'Immediate', subject: 'AgentStatus' };

  it('give the same as the configured statistic they describe', async () => {
    const simulator = await start();
    const pairs: [string, object, object][] = [
      ['Total_Answered', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered' }, sales],
      ['Current_In_Queue', { category: 'CurrentNumber', subject: 'DNStatus', mainMask: 'CallWait', insensitivity: 0 }, sales],
      ['CurrMaxCallWaitingTime', { category: 'CurrentMaxTime', subject: 'DNAction', mainMask: 'CallWait' }, sales],
      ['AverageWaitingTime', { category: 'AverageTime', subject: 'DNAction', mainMask: 'CallWait', relMask: 'CallWait' }, sales],
      ['ServiceLevel', { category: 'ServiceFactor1', subject: 'DNAction', timeRangeLeft: '0', timeRangeRight: '120', timeRangeLeft2: '0', timeRangeRight2: '10' }, sales],
      ['LoginDuration', { category: 'TotalTime', subject: 'AgentStatus', mainMask: "'*,~LoggedOut,~NotMonitored'", dynamicTimeProfile: '0:00' }, kim],
      ['InboundCalls', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered' }, kim],
      ['TimeInCurrentState', { category: 'CurrentTime', subject: 'DNStatus', mainMask: '*', notificationMode: 'PERIODICAL', notificationFrequency: 5 }, kim],
      ['MissedCalls', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallForwarded', dynamicTimeProfile: '3600:10' }, kim],
      ['CurrentAgentState', { ...agentStatus, category: 'CurrentState', mainMask: '*', objects: 'Agent' }, kim],
    ];
    for (const [name, definition, object] of pairs) {
      const inline = await define(simulator, definition, object);
      const named = (await peekAt(simulator, name, object as typeof sales)).json.data.statistic;
      expect(inline.data.statistics[0].value, name).toEqual(named.value);
      expect(inline.data.statistics[0]).not.toHaveProperty('name');
    }
  });

  it('in ranges, with masks of their own, add up', async () => {
    const simulator = await start();
    const value = async (definition: object, object: object) => numberOf((await define(simulator, definition, object)).data.statistics[0]);
    const within = (left: number, right: number) =>
      value({ category: 'TotalNumberInTimeRange', subject: 'DNAction', mainMask: 'CallAnswered', timeRangeLeft: left, timeRangeRight: right }, sales);
    const total = await value({ category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered' }, sales);
    expect((await within(0, 20)) + (await within(21, 100_000))).toBe(total);
    expect(await value({ category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered,CallAbandoned' }, sales)).toBe(
      await value({ category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallWait' }, sales));
    const login = await value({ category: 'TotalTime', subject: 'AgentStatus', mainMask: '*,~LoggedOut' }, kim);
    const out = await value({ category: 'TotalTime', subject: 'AgentStatus', mainMask: 'LoggedOut' }, kim);
    expect(login + out).toBe(Math.floor((AFTERNOON - Date.UTC(2026, 10, 24)) / 1000));
    const all = { objectId: 'AllAgents', objectType: 'GroupAgents' };
    const missed = await value({ category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallForwarded' }, all);
    const refused = await value({ category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAbandonedFromRinging' }, all);
    expect(missed).toBeGreaterThan(0);
    expect(await value({ category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallMissed,CallAbandonedFromRinging' }, all)).toBe(missed + refused);
    // The time of an action counts once it is over.
    const status = { category: 'TotalTime', mainMask: 'CallInbound' };
    expect(await value({ ...status, subject: 'DNAction' }, kim)).toBeLessThanOrEqual(await value({ ...status, subject: 'DNStatus' }, kim));
    const waited = { category: 'TotalAdjustedTime', subject: 'DNAction', mainMask: 'CallWait' };
    expect(await value(waited, sales)).toBeGreaterThanOrEqual(await value({ ...waited, category: 'TotalTime' }, sales));
  });

  it.each<[string, unknown, object, RegExp]>([
    ['no object', 'x', sales, /definition must be an object/],
    ['no category', { subject: 'DNAction', mainMask: '*' }, kim, /category must be one of/],
    ['an unsupported category', { category: 'EstimWaitTime', subject: 'DNAction', mainMask: 'CallWait' }, sales, /category must be one of/],
    ['an unsupported subject', { category: 'TotalNumber', subject: 'CampaignAction', mainMask: 'CallWait' }, sales, /subject must be one of/],
    ['no mask', { category: 'TotalNumber', subject: 'DNAction' }, sales, /mainMask is required/],
    ['a blank mask', { category: 'TotalNumber', subject: 'DNAction', mainMask: ' ' }, sales, /mainMask must be a non-empty string/],
    ['an unknown action', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallJuggled' }, sales, /CallJuggled/],
    ['a mixed mask', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallWait,LoggedOut' }, { objectId: 'SalesTeam', objectType: 'GroupAgents' }, /mixes/],
    ['queues of an agent', { category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait' }, kim, /about queues/],
    ['agents of a queue', { category: 'TotalTime', subject: 'AgentStatus', mainMask: '*' }, sales, /AgentStatus is no subject for Queue/],
    ['the state of a queue', { category: 'CurrentState', subject: 'DNStatus', mainMask: '*' }, sales, /about agents/],
    ['no ranges', { category: 'TotalNumberInTimeRange', subject: 'DNAction', mainMask: 'CallAnswered' }, sales, /timeRangeLeft must be a number/],
    ['no relative mask', { category: 'AverageNumberPerRelativeHour', subject: 'DNStatus', mainMask: 'CallInbound' }, kim, /relativeMask is required/],
    ['a window for times of agents', { category: 'TotalTime', subject: 'DNStatus', mainMask: 'CallInbound', dynamicTimeProfile: '3600:10' }, kim, /no sliding window for the times of agents/],
    ['a window that is too long', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallInbound', dynamicProfile: '86400:60' }, kim, /window of 1 to 3600 s/],
    ['a bad mode', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallInbound', notificationMode: 'Never' }, kim, /notificationMode/],
    ['a bad frequency', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallInbound', notificationFrequency: -1 }, kim, /notificationFrequency/],
    ['a time that is none', { category: 'TotalTime', subject: 'DNAction', mainMask: 'CallEntered' }, sales, /takes no time/],
    ['a maximum of answers', { category: 'CurrentMaxTime', subject: 'DNAction', mainMask: 'CallAnswered' }, sales, /has no CurrentMaxTime/],
    ['a time of missed calls', { category: 'TotalTime', subject: 'DNAction', mainMask: 'CallForwarded' }, kim, /has no TotalTime/],
  ])('with %s are refused', async (_, definition, object, expected) => {
    const simulator = await start();
    const json = await define(simulator, definition, object);
    expect(json.status.code).toBe(400);
    expect(json.errors[0].status.message).toMatch(expected);
    expect(simulator.ledger.open).toEqual([]);
  });
});

describe('set', () => {
  it('scripts a value exactly, for all who read it, until it is undone', async () => {
    const simulator = await start();
    const target = { name: 'Current_In_Queue', ...sales };
    const own = (await peekAt(simulator, 'Current_In_Queue', sales)).json.data.statistic;
    await openAt(simulator, 'x', { ...target, statisticId: 's' });
    simulator.set(target, 66.5);
    const at = simulator.centre.now();
    const expected = { intervalLength: 0, tag: -1, stringValue: '66.5', timestamp: at, intValue: 66 };
    expect((await readAt(simulator, 'x')).json.data.statistics[0]).toMatchObject({ value: expected, timestamp: at });
    expect((await peekAt(simulator, 'Current_In_Queue', sales)).json.data.statistic.value).toEqual(expected);
    for (const raw of [null, {}, 'text', { a: [1] }, true]) {
      simulator.set(target, raw);
      expect((await readAt(simulator, 'x')).json.data.statistics[0].value).toEqual(raw);
    }
    simulator.set(target, -0.5);
    expect((await readAt(simulator, 'x')).json.data.statistics[0].value).toMatchObject({ stringValue: '-0.5', intValue: 0 });
    simulator.set(target, NaN);
    expect((await readAt(simulator, 'x')).json.data.statistics[0].value).toMatchObject({ stringValue: 'NaN', intValue: 0 });
    simulator.advance(10);
    simulator.set(target, undefined);
    const back = (await readAt(simulator, 'x')).json.data.statistics[0];
    expect(numberOf(back)).toBe(numberOf(own));
    expect(back.timestamp).toBe(at + 10);
  });

  it('scripts an inline definition, whatever the order of its fields', async () => {
    const simulator = await start();
    const definition = { category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait' };
    await openAt(simulator, 'x', { definition, ...sales, statisticId: 's' });
    simulator.set({ definition: { mainMask: 'CallWait', subject: 'DNAction', category: 'CurrentNumber' }, ...sales }, 77);
    expect(numberOf((await readAt(simulator, 'x')).json.data.statistics[0])).toBe(77);
  });

  it('refuses a target that is none', async () => {
    const simulator = await start();
    expect(() => simulator.set(sales, 1)).toThrow(/set\(target\) must be objectId, objectType and exactly one of name and definition/);
    expect(() => simulator.set({ name: 'x', definition: {}, ...sales }, 1)).toThrow(RangeError);
  });

  it('makes known what the centre does not know, and unknown again', async () => {
    const simulator = await start();
    const mine = { objectId: 'MyQueue', objectType: 'Workbin' };
    expect((await peekAt(simulator, 'My_Statistic', mine)).status).toBe(404);
    simulator.set({ name: 'My_Statistic', ...mine }, 5);
    expect(numberOf((await peekAt(simulator, 'My_Statistic', mine)).json.data.statistic)).toBe(5);
    expect((await peekAt(simulator, 'My_Statistic', sales)).status).toBe(400);
    await openAt(simulator, 'x', { name: 'My_Statistic', ...mine, statisticId: 'a' }, { name: 'Total_Answered', ...sales, statisticId: 'b' });
    simulator.set({ name: 'My_Statistic', ...mine }, undefined);
    expect((await readAt(simulator, 'x')).json.data.statistics.map(({ statisticId }: Json) => statisticId)).toEqual(['b']);
    expect((await openAt(simulator, 'y', { name: 'My_Statistic', ...mine })).status).toBe(400);
    simulator.set({ name: 'Nobody_Asked', ...mine }, undefined);
  });
});
