/** Reading what an agent is doing, whatever shape it comes in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentStatus } from '../../../src/kpi/index.js';

describe('agentStatus', () => {
  it.each([
    // As the simulator of this package has it
    [{ agentId: 'kim', status: 4, statusName: 'WaitForNextCall', time: 1_795_453_483_000 }, 'WaitForNextCall', 'ready', 1_795_453_483_000],
    // Stat Server's own message: nested, with seconds
    [{ AgentStatus: { AgentId: 'kim', LoginId: '1001', Status: 9, Time: 1_240_840_034, Place: { PlaceStatus: 4, Time: 7 } } }, 'AfterCallWork', 'wrap', 1_240_840_034_000],
    [{ agentStatus: { status: 22 }, time: 1_795_453_483 }, 'CallInbound', 'talking', 1_795_453_483_000],
    [{ stateValue: { status: 'NotReadyForNextCall' } }, 'NotReadyForNextCall', 'notReady', null],
    // The form of numbers
    [{ intValue: 13, stringValue: '13', timestamp: 1 }, 'CallOnHold', 'hold', null],
    [{ intValue: 13, stringValue: 'LoggedOut' }, 'LoggedOut', 'out', null],
    [7, 'CallRinging', 'ringing', null],
    ['6', 'CallDialing', 'ringing', null],
    ['waitfornextcall', 'WaitForNextCall', 'ready', null],
    [{ status: 'Not Ready' }, 'Not Ready', 'notReady', null],
    [{ status: 'ACW' }, 'ACW', 'wrap', null],
    [{ status: 4, time: '2026-11-27T10:00:00.000Z' }, 'WaitForNextCall', 'ready', Date.parse('2026-11-27T10:00:00Z')],
    [{ status: 4, time: 'soon' }, 'WaitForNextCall', 'ready', null],
    [{ status: 4, time: null }, 'WaitForNextCall', 'ready', null],
    [18, 'CallUnknown', 'talking', null],
    [19, 'CallConsult', 'talking', null],
    [20, 'CallInternal', 'talking', null],
    [21, 'CallOutbound', 'talking', null],
    [23, 'LoggedOut', 'out', null],
    [3, 'OnHook', 'unknown', null],
    [16, 'ASM_Engaged', 'unknown', null],
    [42, '42', 'unknown', null],
    ['Lunch', 'Lunch', 'unknown', null],
    [null, null, 'unknown', null],
    [undefined, null, 'unknown', null],
    ['', null, 'unknown', null],
    [{}, null, 'unknown', null],
    [{ status: {} }, null, 'unknown', null],
    [[4], null, 'unknown', null],
    [NaN, null, 'unknown', null],
  ])('%j is %s (%s)', (value, status, group, since) => {
    expect(agentStatus(value)).toEqual({ status, group, since });
  });

  it('reads a statistic as well as its value, frozen', () => {
    const value = { status: 8, time: 1_795_453_483_000 };
    const statistic = { name: 'CurrentAgentState', objectId: 'kim', objectType: 'Agent', timestamp: 5, value };
    expect(agentStatus(statistic)).toEqual(agentStatus(value));
    expect(Object.isFrozen(agentStatus(statistic))).toBe(true);
  });

  it('never throws, ends soon, and reaches no prototype', () => {
    const deep = JSON.parse(`${'{"status":'.repeat(2_000)}4${'}'.repeat(2_000)}`) as unknown;
    expect(agentStatus(deep)).toEqual({ status: null, group: 'unknown', since: null });
    expect(agentStatus(JSON.parse('{"__proto__": {"status": 4}}'))).toMatchObject({ status: null });
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { status, since } = agentStatus(value);
        expect(status === null || (typeof status === 'string' && status.length <= 100)).toBe(true);
        expect(since === null || Number.isFinite(since)).toBe(true);
      }),
    );
  });
});
