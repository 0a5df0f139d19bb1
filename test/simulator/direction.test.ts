/** Behaviour: agents, queues and traffic that do as they are told, with numbers that go on agreeing. */
import { describe, expect, it } from 'vitest';
import type { ToldStatus } from '../../src/simulator/index.js';
import { kim, numberOf, openAt, peekAt, readAt, sales, start } from './support.js';

const minute = 60_000;

describe('agent(id)', () => {
  it('F212: become() shows at once, also within a second that was read already, and lasts', async () => {
    const simulator = await start();
    await openAt(simulator, 'x', { statisticId: 's', name: 'CurrentAgentState', ...kim });
    for (const [told, statusName] of [['NotReady', 'NotReadyForNextCall'], ['AfterCallWork', 'AfterCallWork'], ['LoggedOut', 'LoggedOut'], ['CallOutbound', 'CallOutbound']] as const) {
      simulator.agent('kim').become(told);
      expect((await readAt(simulator, 'x')).json.data.statistics[0].value).toMatchObject({ statusName });
      simulator.advance(6 * 60 * minute);
      expect(simulator.agent('kim').report()).toMatchObject({ statusName, since: expect.any(Number) });
    }
  });

  it('Ready goes on by itself: it gets the next call', async () => {
    const simulator = await start();
    for (const { name, group } of simulator.centre.agents()) if (group === 'SalesTeam') simulator.agent(name).become('LoggedOut');
    simulator.advance(60 * minute);
    const before = simulator.agent('kim').report().answered;
    simulator.agent('kim').become('Ready');
    simulator.queue('Sales@SIP').arrive(1);
    expect(['WaitForNextCall', 'CallRinging']).toContain(simulator.agent('kim').report().statusName);
    simulator.advance(10 * minute);
    expect(simulator.agent('kim').report().answered).toBeGreaterThan(before);
  });

  it('a call that rings goes back to the front of its queue, and the numbers still agree', async () => {
    const simulator = await start();
    const { agents } = simulator.centre.groups().find(({ name }) => name === 'SalesTeam') ?? { agents: [] };
    simulator.queue('Sales@SIP').arrive(10);
    for (const name of agents) simulator.agent(name).become('Ready');
    const ringing = agents.filter((name) => simulator.agent(name).report().statusName === 'CallRinging');
    const waited = simulator.queue('Sales@SIP').report().waiting;
    for (const name of agents) simulator.agent(name).become('NotReady');
    const now = simulator.queue('Sales@SIP').report();
    expect(ringing.length).toBeGreaterThan(0);
    expect(now).toMatchObject({ waiting: waited, ringing: 0 });
    expect(now.entered).toBe(now.answered + now.abandoned + now.waiting);
    simulator.advance(60 * minute);
    const later = simulator.queue('Sales@SIP').report();
    const members = agents.map((name) => simulator.agent(name).report());
    expect(later.distributed).toBe(later.answered + later.ringing + members.reduce((total, { missed, refused }) => total + missed + refused, 0));
  });

  it('refuses an agent that is not there, and a status that cannot be told', async () => {
    const simulator = await start();
    expect(() => simulator.agent('nobody')).toThrow(/^there is no agent "nobody"$/);
    expect(() => simulator.agent('kim').become('CallInbound' as ToldStatus)).toThrow(/^become\(status\) must be one of Ready, .*arrive\(n\)\), got "CallInbound"$/);
  });
});

describe('queue(id)', () => {
  it('F212: arrive() brings calls now, at once in every statistic of the queue', async () => {
    const simulator = await start();
    for (const { name } of simulator.centre.agents()) simulator.agent(name).become('LoggedOut');
    simulator.advance(60 * minute);
    const read = async (name: string) => numberOf((await peekAt(simulator, name, sales)).json.data.statistic);
    const [waiting, entered] = [await read('Current_In_Queue'), await read('Total_Calls_Entered')];
    simulator.queue('Sales@SIP').arrive(20);
    expect([await read('Current_In_Queue'), await read('Total_Calls_Entered')]).toEqual([waiting + 20, entered + 20]);
  });

  it('refuses a queue that is not there, and a number that is none', async () => {
    const simulator = await start();
    expect(() => simulator.queue('Nowhere@SIP')).toThrow(/^there is no queue or route point "Nowhere@SIP"$/);
    for (const calls of [0, 1.5, -1, 20_000, '3']) expect(() => simulator.queue('Sales@SIP').arrive(calls as number)).toThrow(/^arrive\(calls\) must be a whole number from 1 to 10000/);
  });
});

describe('rush()', () => {
  const entered = async (factor: number | undefined, after = 0) => {
    const simulator = await start({ seed: 4 });
    if (factor !== undefined) simulator.rush(factor, 60 * minute);
    simulator.advance(after);
    const before = simulator.centre.queues().reduce((total, queue) => total + queue.entered, 0);
    simulator.advance(60 * minute);
    return simulator.centre.queues().reduce((total, queue) => total + queue.entered, 0) - before;
  };

  it('multiplies the calls of its time, and of no other', async () => {
    const usual = await entered(undefined);
    expect(await entered(3)).toBeGreaterThan(2 * usual);
    expect(await entered(0)).toBe(0);
    const later = await entered(undefined, 60 * minute);
    expect(Math.abs((await entered(10, 60 * minute)) - later)).toBeLessThan(later / 2);
    expect(await entered(0, 60 * minute)).toBeGreaterThan(later / 2);
  });

  it('refuses a factor or a time that is none', async () => {
    const simulator = await start();
    expect(() => simulator.rush(-1, minute)).toThrow(/^rush\(factor\) must be a number from 0 to 100, got -1$/);
    expect(() => simulator.rush(2, 0)).toThrow(/^rush\(ms\) must be a number from 1 to /);
  });
});
