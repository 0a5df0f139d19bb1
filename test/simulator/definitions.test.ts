/** Inline definitions are honest: those of public samples are honoured, and whatever cannot be is refused, with the reason. */
import { describe, expect, it } from 'vitest';
import { catalogue, type Simulator } from '../../src/simulator/index.js';
import { kim, numberOf, openAt, peekAt, readAt, sales, start, type Json } from './support.js';

const group = { objectId: 'SalesTeam', objectType: 'GroupAgents' } as const;
const objects: Record<string, { objectId: string; objectType: string }> = {
  Agent: kim, GroupAgents: group, Queue: sales, RoutePoint: { objectId: '+15550123456@us-east-1', objectType: 'RoutePoint' },
  GroupQueues: { objectId: 'AllQueues', objectType: 'GroupQueues' }, Place: { objectId: 'Place_1001', objectType: 'Place' },
  GroupPlaces: { objectId: 'SalesTeam', objectType: 'GroupPlaces' },
};
const define = async (simulator: Simulator, definition: object, object: object): Promise<Json> =>
  (await openAt(simulator, crypto.randomUUID(), { statisticId: 's', ...object, definition })).json;

const talk = 'CallUnknown,CallConsult,CallInternal,CallOutbound,CallInbound';
const loggedIn = "'*,~LoggedOut,~NotMonitored'";
const voice = { dynamicFilter: 'MediaType=voice' };
const pushed = { notificationMode: 'Immediate', notificationFrequency: '10', location: '/DC', features: 'api-statistics-extended-set1' };
const today = { dynamicTimeProfile: '0:00', intervalType: 'GrowingWindow' };
const lastHour = { dynamicTimeProfile: '3600:10', intervalType: 'SlidingWindow', intervalLength: '9999999' };

/** As configured in Genesys' agent-api-simulator, all values strings, with its objectTypes; and as sent by tutorials and sample programs. */
const samples: Record<string, object> = {
  AverageHandlingTime: { category: 'AverageTime', subject: 'DNStatus', mainMask: `${talk},AfterCallWork`, relativeMask: talk, objectTypes: 'Agent', ...voice, ...today, ...pushed },
  AverageWaitingTime: { category: 'AverageTime', subject: 'DNAction', mainMask: 'CallWait', relativeMask: 'CallWait', objectTypes: 'GroupAgents,Queue,GroupQueues', dynamicProfile: '0:00', intervalType: 'GrowingWindow', notificationMode: 'PERIODICAL', ...voice },
  ConsultCalls: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallConsult', objectTypes: 'Agent', ...voice, ...today, ...pushed },
  CurrentAgentState: { category: 'CurrentState', subject: 'DNAction', mainMask: '*', objectTypes: 'Agent', notificationMode: 'Immediate' },
  Current_In_Queue: { category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait', objectTypes: 'RoutePoint,GroupAgents,Queue', notificationMode: 'PERIODICAL', ...voice },
  CurrentNumberWaitingCalls: { category: 'CurrentNumber', subject: 'DNStatus', mainMask: 'CallWait', objectTypes: 'RoutePoint, Queue', insensitivity: '0', notificationMode: 'Immediate' },
  CurrentReadyAgents: { category: 'CurrentNumber', subject: 'DNStatus', mainMask: 'WaitForNextCall', objectTypes: 'GroupAgents', ...voice },
  HoldDuration: { category: 'TotalAdjustedTime', subject: 'DNAction', mainMask: 'CallOnHoldInbound,CallOnHoldOutbound,CallOnHoldInternal,CallOnHoldConsult,CallOnHoldUnknown', objectTypes: 'Agent', ...voice, ...today },
  InboundCalls: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallInbound', objectTypes: 'Agent', ...voice, ...today },
  InteractionTransferred: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallTransferMade', relativeMask: 'LoggedOut', objectTypes: 'Agent', ...today },
  InternalCalls: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallInternal', objectTypes: 'Agent', ...voice, ...today },
  LoginDuration: { category: 'TotalTime', subject: 'AgentStatus', mainMask: loggedIn, objectTypes: 'Agent', insensitivity: '0', ...today, ...pushed },
  MissedCalls: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallForwarded', objectTypes: 'Agent', ...voice, ...lastHour },
  NotReadyDuration: { category: 'TotalAdjustedTime', subject: 'AgentStatus', mainMask: 'NotReadyForNextCall', objectTypes: 'Agent', ...today },
  OutboundCalls: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallOutbound', objectTypes: 'Agent', ...voice, ...today },
  Productivity: { category: 'AverageNumberPerRelativeHour', subject: 'DNStatus', mainMask: 'CallInbound,CallOutbound,CallInternal,CallConsult,CallUnknown', relativeMask: loggedIn, objectTypes: 'Agent', ...voice, ...today },
  ReadyDuration: { category: 'TotalAdjustedTime', subject: 'DNStatus', mainMask: 'WaitForNextCall', objectTypes: 'Agent', ...voice, ...today },
  RefusedCalls: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAbandonedFromRinging', objectTypes: 'Agent', ...today },
  ServiceLevel: { category: 'ServiceFactor1', subject: 'DNAction', objectTypes: 'RoutePoint,GroupAgents,Queue', timeRangeLeft: '0', timeRangeRight: '120', timeRangeLeft2: '0', timeRangeRight2: '10', dynamicProfile: '3600:10', intervalType: 'SlidingWindow', intervalLength: '9999999', ...voice },
  TalkDuration: { category: 'TotalAdjustedTime', subject: 'DNAction', mainMask: talk, objectTypes: 'Agent', ...voice, ...today },
  TimeInCurrentStateVoice: { category: 'CurrentTime', subject: 'DNStatus', mainMask: '*', objectTypes: 'Agent', ...voice },
  Total_Abandoned: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAbandoned', objectTypes: 'RoutePoint,GroupAgents,Queue', saveHistory: 'true', dynamicProfile: '0:00', ...voice },
  Total_Answered: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered', objectTypes: 'RoutePoint,GroupAgents,Queue', dynamicProfile: '0:00', ...voice },
  WrapDuration: { category: 'TotalAdjustedTime', subject: 'AgentStatus', mainMask: 'AfterCallWork', relativeMask: 'AfterCallWork', objectTypes: 'Agent', ...today },
  'tutorial, state': { notificationMode: 'Immediate', category: 'CurrentState', subject: 'DNStatus', mainMask: '*', insensitivity: 0, notificationFrequency: 5, objects: 'Agent' },
  'tutorial, time': { notificationMode: 'Periodical', category: 'CurrentTime', subject: 'DNStatus', mainMask: '*', insensitivity: 1, notificationFrequency: 10, objects: 'Agent' },
  'sample program, agent': { notificationMode: 'Immediate', category: 'CurrentState', subject: 'AgentStatus', mainMask: '*', objects: 'Agent' },
  'sample program, group': { notificationMode: 'Immediate', category: 'CurrentState', subject: 'GroupStatus', mainMask: '*', objects: 'GroupAgents,GroupPlaces' },
  'documentation, calls per hour': { category: 'AverageNumberPerRelativeHour', subject: 'AgentStatus', mainMask: 'CallInbound,CallOutbound', relativeMask: '*,~LoggedOut', objects: 'GroupAgents,GroupPlaces,Agent,Place' },
};
const typesOf = (sample: object): string[] => Object.entries(sample).flatMap(([key, value]) => (/^object(s|Types)$/.test(key) ? String(value).split(',').map((type) => type.trim()) : []));

describe('F213: the definitions of public samples', () => {
  it.each(Object.entries(samples))('%s is honoured for every object it is for, and refused for others', async (_, sample) => {
    const simulator = await start();
    for (const [type, object] of Object.entries(objects)) {
      const json = await define(simulator, sample, object);
      if (typesOf(sample).includes(type)) expect(json.status.code, `${type}: ${JSON.stringify(json.errors)}`).toBe(0);
      else expect(json.errors[0].status.message).toMatch(new RegExp(`the definition is for .*, not for ${type}$`));
    }
  });

  it('give what the configured statistic of their name gives, but for the window of ServiceLevel', async () => {
    const simulator = await start();
    for (const [name, sample] of Object.entries(samples)) {
      if (!catalogue.some((entry) => entry.name === name) || name === 'ServiceLevel' || name === 'Productivity') continue;
      const object = objects[typesOf(sample)[0] ?? ''] ?? kim;
      const inline = await define(simulator, sample, object);
      expect(inline.data.statistics[0].value, name).toEqual((await peekAt(simulator, name, object)).json.data.statistic.value);
    }
  });

  it('in lower case are the same', async () => {
    const simulator = await start();
    const usual = { category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait' };
    const lower = { category: 'currentnumber', subject: 'dnaction', mainMask: '"CallWait"', notificationMode: 'immediate' };
    expect((await define(simulator, lower, sales)).data.statistics[0].value).toEqual((await define(simulator, usual, sales)).data.statistics[0].value);
  });
});

describe('F213: what cannot be honoured is refused', () => {
  const total = { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered' };
  it.each<[string, object, object, RegExp]>([
    ['another media type', { ...total, dynamicFilter: 'MediaType=email' }, sales, /cannot honour definition.dynamicFilter "MediaType=email": it has voice calls/],
    ['attached data', { ...total, filter: 'PairExists("Segment","Gold")' }, sales, /cannot honour definition.filter/],
    ['a media type', { ...total, mediaType: 'chat' }, sales, /mediaType must be voice/],
    ['a formula', { ...total, formula: 'DCID' }, sales, /knows no definition.formula, only category, /],
    ['a misspelt key', { ...total, relaitveMask: 'CallWait' }, sales, /knows no definition.relaitveMask/],
    ['another reset', { ...total, dynamicTimeProfile: '8:00', intervalType: 'GrowingWindow' }, sales, /0:00 for a growing window/],
    ['a profile since login', { ...total, intervalType: 'SinceLogin' }, kim, /intervalType must be GrowingWindow or SlidingWindow/],
    ['a window without a length', { ...total, intervalType: 'SlidingWindow' }, sales, /LENGTH:STEP in seconds/],
    ['a window of now', { category: 'CurrentNumber', subject: 'DNAction', mainMask: 'CallWait', dynamicProfile: '3600:10' }, sales, /does not apply to CurrentNumber/],
    ['a time range that does not apply', { ...total, timeRangeLeft: 0, timeRangeRight: 20 }, sales, /timeRangeLeft does not apply to TotalNumber/],
    ['a time range left out', { category: 'ServiceFactor1', subject: 'DNAction' }, sales, /ServiceFactor1 needs it/],
    ['a range turned round', { ...total, category: 'TotalNumberInTimeRange', timeRangeLeft: 20, timeRangeRight: 0 }, sales, /is greater than/],
    ['a subject of other objects', { category: 'CurrentNumber', subject: 'GroupStatus', mainMask: 'WaitForNextCall' }, kim, /GroupStatus is no subject for Agent/],
    ['a number of a group status', { category: 'CurrentNumber', subject: 'GroupStatus', mainMask: 'WaitForNextCall' }, group, /CurrentState of GroupStatus only/],
    ['what is over in a moment, as a status', { ...total, subject: 'DNStatus' }, sales, /CallAnswered is over in a moment/],
    ['waiting as a status of agents', { category: 'CurrentNumber', subject: 'AgentStatus', mainMask: 'CallWait' }, group, /CallWait is no status of agents/],
    ['part of a state', { category: 'CurrentState', subject: 'DNStatus', mainMask: 'CallInbound' }, kim, /CurrentState of the mask \* only/],
    ['a relative mask of agents', { category: 'AverageTime', subject: 'DNAction', mainMask: 'CallWait', relativeMask: 'LoggedOut' }, sales, /relativeMask is of agents/],
    ['a relative mask of queues', { category: 'AverageTime', subject: 'DNStatus', mainMask: 'CallInbound', relativeMask: 'CallWait' }, kim, /relativeMask is of queues/],
    ['a service factor of other calls', { category: 'ServiceFactor1', subject: 'DNAction', mainMask: 'CallAbandoned', timeRangeLeft: 0, timeRangeRight: 20, timeRangeLeft2: 0, timeRangeRight2: 5 }, sales, /ServiceFactor1 of CallAnswered only/],
    ['a category nobody computes here', { ...total, category: 'EstimWaitTime' }, sales, /category must be one of/],
    ...['CampaignGroup', 'CallingList', 'Workbin', 'RegDN'].map((objectType): [string, object, object, RegExp] =>
      [`a ${objectType}`, total, { objectId: 'any', objectType }, new RegExp(`the simulator has no ${objectType}: no campaigns`)]),
  ])('%s', async (_, definition, object, message) => {
    const simulator = await start();
    const json = await define(simulator, definition, object);
    expect(json.status.code).toBe(400);
    expect(json.errors[0].status.message).toMatch(message);
  });
});

describe('sliding windows', () => {
  it.each([
    ['calls', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallAnswered' }, sales],
    ['waits', { category: 'TotalTime', subject: 'DNAction', mainMask: 'CallAnswered' }, sales],
    ['waits in a range', { category: 'TotalNumberInTimeRange', subject: 'DNAction', mainMask: 'CallAnswered', timeRangeLeft: 0, timeRangeRight: 20 }, sales],
    ['calls of agents', { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallInbound,CallForwarded' }, group],
  ])('of %s: what the growing total has gained since its beginning', async (_, definition, object) => {
    const simulator = await start();
    await openAt(simulator, 'x', { statisticId: 'grows', ...object, definition }, { statisticId: 'slides', ...object, definition: { ...definition, dynamicTimeProfile: '900:30' } });
    const totals: number[] = [];
    let moved = 0;
    // From the middle of a minute on, in steps of the window.
    simulator.advance(29_750);
    for (let step = 0; step < 200; step++) {
      const [grows, slides] = (await readAt(simulator, 'x')).json.data.statistics.map(numberOf);
      totals.push(grows);
      if (totals.length > 30) {
        expect(slides).toBe(grows - (totals.at(-31) ?? 0));
        moved += slides > 0 ? 1 : 0;
      }
      simulator.advance(30_000);
    }
    expect(moved).toBeGreaterThan(100);
  });
});

describe('places', () => {
  it('have the numbers of who sits there, but no time of being logged out', async () => {
    const simulator = await start();
    const place = { objectId: 'Place_1001', objectType: 'Place' } as const;
    const time = async (mainMask: string, object: object) => numberOf((await define(simulator, { category: 'TotalTime', subject: 'DNStatus', mainMask }, object)).data.statistics[0]);
    expect(await time('CallInbound', place)).toBe(await time('CallInbound', kim));
    simulator.agent('kim').become('LoggedOut');
    simulator.advance(60_000);
    expect(await time('LoggedOut', kim)).toBeGreaterThan(0);
    expect(await time('LoggedOut', place)).toBe(0);
    const { value } = (await define(simulator, { category: 'CurrentState', subject: 'PlaceStatus', mainMask: '*' }, place)).data.statistics[0];
    expect(value).toEqual({ placeId: 'Place_1001', status: 0, statusName: 'NotMonitored', time: expect.any(Number) });
  });
});
