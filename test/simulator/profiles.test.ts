/** Profiles: each server behaves as it says, and the client lives with every one. */
import { describe, expect, it } from 'vitest';
import { numeric } from '../../src/index.js';
import { agentStatus } from '../../src/kpi/index.js';
import { createSimulator, profiles, type Profile } from '../../src/simulator/index.js';
import { record, startClient, until } from '../support/journey.js';
import { AFTERNOON, ask, closeAt, kim, openAt, peekAt, readAt, sales, start, type Json } from './support.js';

const waiting = { statisticId: 'w', name: 'Current_In_Queue', ...sales };
const state = { statisticId: 'k', name: 'CurrentAgentState', ...kim };
const first = ({ json }: Json): Json => json.data.statistics[0];

describe('F215: profiles', () => {
  it('each has a public source or is labelled a guess, and an unknown one throws', async () => {
    expect(profiles.filter(({ source, guess }) => (source === undefined) === (guess === undefined))).toEqual([]);
    await expect(createSimulator({ profile: 'real' as Profile })).rejects.toThrow(/^profile must be one of reference, aas, async, seconds, nested, no-content, got "real"$/);
  });

  it.each(profiles)('$name: a whole client lives with it', async ({ name }) => {
    const simulator = await start({ profile: name, clock: 'manual' });
    const client = startClient(simulator.url);
    simulator.set({ name: 'Current_In_Queue', ...sales }, 3);
    const values = record(client.statistic$('Current_In_Queue', sales).pipe(numeric()));
    await until('the first value', () => values.values.length === 1);
    simulator.set({ name: 'Current_In_Queue', ...sales }, 4);
    await until('the second', () => values.values.length === 2);
    expect(values.values).toEqual([3, 4]);
    expect(values.error).toBeUndefined();
    await client.close();
    expect(simulator.ledger.count('close')).toBe(simulator.ledger.opened.length);
  });

  it('async: code 1 and no values, which come with the first read', async () => {
    const simulator = await start({ profile: 'async' });
    const opened = await openAt(simulator, 'x', waiting);
    expect(opened).toMatchObject({ status: 200, json: { status: { code: 1 }, data: { subscriptionId: 'x', operationId: 'x', statistics: [] } } });
    expect(first(await readAt(simulator, 'x'))).toMatchObject({ statisticId: 'w', value: { intValue: expect.any(Number) } });
    expect((await openAt(simulator, 'y', { ...waiting, name: 'NoSuch' })).status).toBe(400);
  });

  it('seconds: every time, outside and inside', async () => {
    const simulator = await start({ profile: 'seconds' });
    const { json } = await openAt(simulator, 'x', waiting, state);
    const isSeconds = (time: number) => time > AFTERNOON / 1000 - 86_400 && time <= AFTERNOON / 1000 && Number.isInteger(time);
    const [queue, agent] = json.data.statistics;
    expect([queue.timestamp, queue.value.timestamp, agent.timestamp, agent.value.time].map(isSeconds)).toEqual([true, true, true, true]);
    simulator.set(waiting, 9);
    expect(first(await readAt(simulator, 'x'))).toMatchObject({ timestamp: Math.floor(AFTERNOON / 1000), value: { timestamp: Math.floor(AFTERNOON / 1000) } });
  });

  it('nested: the levels of Stat Server\'s message, and agentStatus reads them as it reads the flat ones', async () => {
    const [nested, flat] = await Promise.all([start({ profile: 'nested' }), start()]);
    for (const told of ['Ready', 'NotReady', 'AfterCallWork', 'LoggedOut'] as const) {
      const read = await Promise.all([nested, flat].map(async (simulator) => {
        simulator.agent('kim').become(told);
        return first(await openAt(simulator, told, state)).value as unknown;
      }));
      expect(agentStatus(read[0])).toEqual(agentStatus(read[1]));
      expect(agentStatus(read[0]).since).toBe(nested.agent('kim').report().since);
    }
    nested.agent('kim').become('NotReady');
    const { loginId } = first(await openAt(nested, 'x', state)).value.agentStatus;
    const time = Math.floor(AFTERNOON / 1000);
    expect(first(await readAt(nested, 'x')).value).toEqual({
      agentStatus: {
        agentId: 'kim', loginId, status: 8, time,
        place: {
          placeId: `Place_${loginId}`, placeStatus: 8, time,
          dnStatuses: [{ dnId: loginId, switchId: 'SIP', dnStatus: 8, time, actions: [{ action: 'NotReadyForNextCall', time }] }],
        },
      },
    });
    const group = first(await openAt(nested, 'g', { name: 'CurrentGroupState', objectId: 'SalesTeam', objectType: 'GroupAgents' })).value;
    expect(group.groupStatus.agents).toHaveLength(7);
    const place = { objectId: `Place_${loginId}`, objectType: 'Place', definition: { category: 'CurrentState', subject: 'PlaceStatus', mainMask: '*' } };
    expect(first(await openAt(nested, 'p', place)).value).toMatchObject({ placeStatus: { placeStatus: 8 } });
  });

  it('no-content: DELETE answers 204, and deletes', async () => {
    const simulator = await start({ profile: 'no-content' });
    await openAt(simulator, 'x', waiting);
    expect(await closeAt(simulator, 'x')).toMatchObject({ status: 204, text: '' });
    expect(simulator.ledger.deleted).toEqual(['x']);
  });
});

describe('F215: aas, as agent-api-simulator ran', () => {
  it('assigns every id, ignores a definition, and answers zero for names it does not know', async () => {
    const simulator = await start({ profile: 'aas' });
    simulator.set({ name: 'Current_In_Queue', ...sales }, 5);
    const { status, json } = await openAt(simulator, 'mine', waiting, { statisticId: 'n', name: 'NoSuchStat', ...kim }, { statisticId: 'd', objectId: 'q1', objectType: 'Queue', definition: {} });
    const { subscriptionId, operationId, statistics } = json.data;
    expect([status, json.status]).toEqual([200, { code: 0 }]);
    expect(subscriptionId).toMatch(/^[0-9a-f]{16}$/);
    expect(operationId).toBe(subscriptionId);
    const zero = { intervalLength: 0, tag: -1, stringValue: '0', timestamp: null, intValue: 0 };
    const at = Math.floor(AFTERNOON / 1000) * 1000;
    const id = expect.stringMatching(/^[0-9a-f]{16}$/) as unknown;
    expect(statistics).toEqual([
      { value: { intervalLength: 0, tag: -1, stringValue: '5', timestamp: at, intValue: 5 }, timestamp: at, ...sales, name: 'Current_In_Queue', statisticId: id },
      { value: zero, timestamp: at, ...kim, name: 'NoSuchStat', statisticId: id },
      { value: zero, timestamp: at, objectId: 'q1', objectType: 'Queue', statisticId: id },
    ]);
    expect(simulator.ledger.opened).toEqual([subscriptionId]);
  });

  it('has nulls and ISO times inside the values of agents until the first read, and outer timestamps that never move', async () => {
    const simulator = await start({ profile: 'aas' });
    const opened = await openAt(simulator, 'mine', { name: 'InboundCalls', ...kim });
    expect(first(opened).value).toEqual({ intervalLength: 0, tag: -1, stringValue: 'null', timestamp: '2026-11-24T15:00:00.000Z', intValue: null });
    simulator.advance(3_600_000);
    const read = first(await readAt(simulator, opened.json.data.subscriptionId));
    expect(read.value.intValue).toBe(simulator.agent('kim').report().answered);
    expect(read.timestamp).toBe(first(opened).timestamp);
  });

  it('ignores statisticIds and verbose, deletes nothing, and says nothing of an id it does not know', async () => {
    const simulator = await start({ profile: 'aas' });
    const { subscriptionId } = (await openAt(simulator, 'mine', waiting, { name: 'Total_Answered', ...sales })).json.data;
    expect((await readAt(simulator, subscriptionId, '?statisticIds=w&verbose=OFF')).json.data.statistics).toHaveLength(2);
    expect((await closeAt(simulator, subscriptionId)).json.data.statistics).toHaveLength(2);
    expect((await readAt(simulator, subscriptionId)).json.data.statistics).toHaveLength(2);
    expect(simulator.ledger.open).toEqual([subscriptionId]);
    const nothing = { status: { code: 0 } };
    expect((await readAt(simulator, 'mine')).json).toEqual(nothing);
    expect((await peekAt(simulator, 'ServiceLevel', sales)).json).toEqual(nothing);
    expect((await ask(simulator, '/operations/get-statistic-ex', { method: 'POST', body: { data: { statistics: [waiting] } } })).json).toEqual(nothing);
    simulator.forget();
    expect((await readAt(simulator, subscriptionId)).json).toEqual(nothing);
  });

  it.each<[string, unknown, number, RegExp | object]>([
    ['no body', undefined, 200, { status: { code: 0 } }],
    ['no statistics', {}, 200, { status: { code: 0 } }],
    ['half a body', '{"data":', 400, /^<!DOCTYPE html>[^]*SyntaxError/],
    ['null as a statistic', { data: { statistics: [null] } }, 500, /^<!DOCTYPE html>[^]*TypeError/],
  ])('with %s: what its framework makes of it', async (_, body, status, expected) => {
    const simulator = await start({ profile: 'aas' });
    const reply = await ask(simulator, '/subscriptions', { method: 'POST', body });
    expect(reply.status).toBe(status);
    if (expected instanceof RegExp) expect(reply.text).toMatch(expected);
    else expect(reply.json).toEqual(expected);
  });

  it('takes a map of statistics for a list, and an empty list', async () => {
    const simulator = await start({ profile: 'aas' });
    const post = (statistics: unknown) => ask(simulator, '/subscriptions', { method: 'POST', body: { data: { statistics } } });
    expect((await post({ a: waiting })).json.data.statistics).toHaveLength(1);
    expect((await post([])).json.data.statistics).toEqual([]);
  });
});
