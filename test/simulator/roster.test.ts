/** A roster of one's own: its objects, its numbers, and a clear error for whatever is wrong with it. */
import { describe, expect, it } from 'vitest';
import { statistics } from '../../src/kpi/index.js';
import { catalogue, createSimulator, parseRoster, type Roster } from '../../src/simulator/index.js';
import { numberOf, openAt, peekAt, start } from './support.js';

const hotline: Roster = {
  groups: [
    { name: 'Hotline Nord', agents: ['e.meier@example.com', 'Übung 7'], queues: ['Störung@SIP_Switch'], routePoints: ['+4930123456@SIP_Switch'] },
    { name: 'Kündigung', agents: ['4711'], queues: ['8000@SIP_Switch'], routePoints: ['8000@SIP_Switch'] },
    { name: 'Schicht 1', agents: ['4711', 'Übung 7', 'trainee'] },
  ],
  queueGroups: [{ name: 'Alles Störung', queues: ['Störung@SIP_Switch', '+4930123456@SIP_Switch'] }],
};
const agent = (objectId: string) => ({ objectId, objectType: 'Agent' });
const queue = (objectId: string) => ({ objectId, objectType: 'Queue' });
const number = async (simulator: Parameters<typeof peekAt>[0], name: string, object: { objectId: string; objectType: string }) =>
  numberOf((await peekAt(simulator, name, object)).json.data.statistic);

describe('a roster', () => {
  it('replaces the built-in names by any others, each of the types it says', async () => {
    const simulator = await start({ roster: hotline });
    expect(simulator.objects().filter(({ source }) => source === 'roster').map(({ objectType, objectId }) => `${objectType} ${objectId}`)).toEqual([
      'Agent e.meier@example.com', 'Agent Übung 7', 'Agent 4711', 'Agent trainee',
      'Queue Störung@SIP_Switch', 'RoutePoint +4930123456@SIP_Switch', 'Queue 8000@SIP_Switch', 'RoutePoint 8000@SIP_Switch',
      'GroupAgents Hotline Nord', 'GroupAgents Kündigung', 'GroupAgents Schicht 1', 'GroupAgents AllAgents',
      'GroupQueues Alles Störung', 'GroupQueues AllQueues',
    ]);
    for (const object of [agent('e.meier@example.com'), agent('Übung 7')]) expect((await peekAt(simulator, 'InboundCalls', object)).status).toBe(200);
    expect((await peekAt(simulator, 'Total_Answered', { objectId: '+4930123456@SIP_Switch', objectType: 'RoutePoint' })).status).toBe(200);
    for (const object of [queue('+4930123456@SIP_Switch'), queue('Sales@SIP'), { objectId: 'Störung@SIP_Switch', objectType: 'RoutePoint' }]) {
      expect((await peekAt(simulator, 'Total_Answered', object)).status).toBe(400);
    }
  });

  it('has numbers that agree: a group is its agents, a group of queues its queues', async () => {
    const simulator = await start({ roster: hotline });
    const shift = await number(simulator, 'InboundCalls', { objectId: 'Schicht 1', objectType: 'GroupAgents' });
    const members = await Promise.all(['4711', 'Übung 7', 'trainee'].map((id) => number(simulator, 'InboundCalls', agent(id))));
    expect(shift).toBe(members.reduce((total, each) => total + each, 0));
    expect(members[0]).toBeGreaterThan(0);
    // In no group that serves a queue.
    expect(members[2]).toBe(0);
    const both = await number(simulator, 'Total_Calls_Entered', { objectId: 'Alles Störung', objectType: 'GroupQueues' });
    const parts = [await number(simulator, 'Total_Calls_Entered', queue('Störung@SIP_Switch')), await number(simulator, 'CallsEntered', { objectId: '+4930123456@SIP_Switch', objectType: 'RoutePoint' })];
    expect(both).toBe(parts.reduce((total, each) => total + each, 0));
    expect(Math.min(...parts)).toBeGreaterThan(0);
  });

  it('grows by the options agents and queues', async () => {
    const simulator = await start({ roster: hotline, agents: 12, queues: 2 });
    expect(simulator.centre.agents()).toHaveLength(16);
    expect((await openAt(simulator, 'x', { name: 'Total_Answered', ...queue('Queue0002@SIP') })).status).toBe(200);
  });

  it('is read from JSON, and copied', async () => {
    const given = JSON.parse(JSON.stringify(hotline)) as { groups: { name: string }[] };
    const simulator = await start({ roster: given as unknown as Roster });
    given.groups.length = 0;
    expect(simulator.centre.agents()).toHaveLength(4);
    expect(parseRoster(JSON.stringify(hotline)).groups.map(({ name }) => name)).toEqual(['Hotline Nord', 'Kündigung', 'Schicht 1']);
  });

  const one = { name: 'A', agents: ['a'], queues: ['q'] };
  it.each<[unknown, RegExp]>([
    ['text', /^roster must be an object with groups, queueGroups, got "text"$/],
    [{ group: [] }, /^roster has no "group", only groups, queueGroups$/],
    [{ groups: [] }, /^roster.groups must be an array that is not empty, got \[\]$/],
    [{ groups: [{ ...one, agent: [] }] }, /^roster.groups\[0\] has no "agent", only name, agents, queues, routePoints$/],
    [{ groups: [{ ...one, agents: ['a', 7] }] }, /^roster.groups\[0\].agents\[1\] must be a non-empty string, got 7$/],
    [{ groups: [{ ...one, agents: [] }] }, /^roster.groups\[0\].agents must be an array that is not empty, got \[\]$/],
    [{ groups: [{ ...one, agents: ['a', 'a'] }] }, /^roster.groups\[0\].agents: "a" is there twice$/],
    [{ groups: [{ ...one, name: '' }] }, /^roster.groups\[0\].name must be a non-empty string, got ""$/],
    [{ groups: [one, one] }, /^roster.groups: "A" is there twice$/],
    [{ groups: [one, { name: 'B', agents: ['a'], queues: ['r'] }] }, /^roster.groups: "a" is in two groups with queues/],
    [{ groups: [one, { name: 'B', agents: ['b'], routePoints: ['q'] }] }, /^roster.groups: "q" is served by two groups$/],
    [{ groups: [{ name: 'A', agents: ['a'] }] }, /^roster.groups: at least one group needs queues or routePoints$/],
    [{ groups: [one], queueGroups: [{ name: 'G', queues: ['z'] }] }, /^roster.queueGroups\[0\].queues has "z", which no group of the roster serves$/],
  ])('%j is refused, naming the place', async (roster, message) => {
    await expect(createSimulator({ roster: roster as Roster })).rejects.toThrow(message);
    expect(() => parseRoster(JSON.stringify(roster))).toThrow(message);
  });

  it('that is no JSON, or has a name that is made as well, is refused', async () => {
    expect(() => parseRoster('{"groups": [')).toThrow(/^roster is not JSON: /);
    const clash = { groups: [{ name: 'A', agents: ['agent0001'], queues: ['q'] }] };
    await expect(createSimulator({ roster: clash, agents: 1 })).rejects.toThrow(/^roster: the agent "agent0001" is made by the options agents and queues as well$/);
  });
});

describe('names', () => {
  it('of objects say whether a public source shows them', async () => {
    const simulator = await start();
    const objects = simulator.objects();
    expect(objects.filter(({ source, madeUp }) => (source === undefined) !== (madeUp === true))).toEqual([]);
    expect(objects).toContainEqual({ objectType: 'Queue', objectId: 'Sales@SIP', madeUp: true });
    expect(objects).toContainEqual({ objectType: 'Queue', objectId: '9000@SIP_Switch', source: 'agent-api-simulator' });
    // A sample's id is another id of the same object.
    expect(await number(simulator, 'Total_Answered', queue('9000@SIP_Switch'))).toBe(await number(simulator, 'Total_Answered', queue('Sales@SIP')));
    const { json } = await peekAt(simulator, 'CurrentAgentState', agent('kim@example.com'));
    expect(json.data.statistic.value).toMatchObject({ agentId: 'kim@example.com' });
  });

  it('of statistics say so as well, as the well-known ones of ./kpi do', () => {
    const madeUp = catalogue.filter((entry) => entry.madeUp === true).map(({ name }) => name);
    expect(madeUp).toEqual(['RingDuration', 'DialDuration', 'Total_Answered_In_Threshold', 'Total_Abandoned_Short']);
    const sources = new Map([['agent-api-simulator', 'aas'], ['list of statistics of a cloud account', 'cloud'], ['Genesys documentation', 'documentation'], ['public code on Stat Server', 'code']]);
    for (const { name, source } of catalogue) {
      if (source !== undefined) expect(statistics[name as keyof typeof statistics].seenIn, name).toContain(sources.get(source));
    }
  });
});
