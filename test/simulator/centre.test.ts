/** The contact centre: its numbers agree with each other at every instant, and a seed says everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Centre } from '../../src/simulator/centre/centre.js';
import { snapshotOf, type CentreSnapshot } from '../../src/simulator/centre/report.js';
import { STATUS } from '../../src/simulator/centre/status.js';

const MIDNIGHT = Date.UTC(2026, 10, 24) / 1000;
const DAY = 86_400;
const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

function expectBalance(snapshot: CentreSnapshot): void {
  const { queues, agents, groups } = snapshot;
  for (const queue of queues) {
    expect(queue.entered, queue.name).toBe(queue.answered + queue.abandoned + queue.waiting);
    expect(queue.answeredWithin120).toBeLessThanOrEqual(queue.answered);
    expect(queue.abandonedWithin10).toBeLessThanOrEqual(queue.abandoned);
    expect(queue.ringing).toBeLessThanOrEqual(queue.waiting);
    expect(queue.longestWait > 0 ? queue.waiting : 1).toBeGreaterThan(0);
  }
  for (const agent of agents) {
    const times = sum(Object.values(agent.seconds), (seconds) => seconds);
    expect(times, agent.name).toBe((snapshot.at - snapshot.dayStart) / 1000);
    expect(agent.transferred).toBeLessThanOrEqual(agent.consult + 1);
  }
  for (const group of groups) {
    const members = agents.filter(({ name }) => group.agents.includes(name));
    const served = queues.filter(({ name }) => group.queues.includes(name));
    expect(group.loggedIn).toBe(members.filter(({ status }) => status !== STATUS.LoggedOut).length);
    expect(group.ready).toBe(members.filter(({ status }) => status === STATUS.WaitForNextCall).length);
    // Every call is answered by exactly one agent of the team that serves its queue.
    expect(sum(members, ({ answered }) => answered), group.name).toBe(sum(served, ({ answered }) => answered));
    expect(members.filter(({ status }) => status === STATUS.CallRinging).length).toBe(sum(served, ({ ringing }) => ringing));
    expect(sum(served, ({ distributed }) => distributed)).toBe(
      sum(served, ({ answered, ringing }) => answered + ringing) + sum(members, ({ missed, refused }) => missed + refused),
    );
    // Nobody waits while somebody is ready.
    if (members.length < agents.length) expect(Math.min(group.ready, sum(served, ({ waiting, ringing }) => waiting - ringing))).toBe(0);
  }
}

describe('the numbers agree', () => {
  it('at any instants of any days, for any seed and size', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          startAt: fc.integer({ min: MIDNIGHT, max: MIDNIGHT + DAY }),
          agents: fc.integer({ min: 0, max: 25 }),
          queues: fc.integer({ min: 0, max: 12 }),
        }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: DAY })), { minLength: 1, maxLength: 25 }),
        (plan, steps) => {
          const centre = new Centre(plan);
          expectBalance(snapshotOf(centre));
          for (const step of steps) {
            centre.runTo(centre.now + step);
            expectBalance(snapshotOf(centre));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('at every single second around midnight', () => {
    for (const seed of [1, 2, 3]) {
      const centre = new Centre({ seed, startAt: MIDNIGHT + DAY - 300, agents: 0, queues: 0 });
      for (let second = 0; second < 600; second++) {
        centre.runTo(centre.now + 1);
        expectBalance(snapshotOf(centre));
      }
    }
  });
});

describe('a day', () => {
  it('has traffic at every hour, and the built-in objects', () => {
    const centre = new Centre({ seed: 1, startAt: MIDNIGHT, agents: 0, queues: 0 });
    let before = snapshotOf(centre);
    expect(before.queues.map(({ name }) => name)).toEqual(['Sales@SIP', 'Support@SIP', 'Billing@SIP']);
    expect(before.agents).toHaveLength(18);
    expect(before.agents.map(({ name }) => name)).toContain('kim');
    expect(before.groups.map(({ name }) => name)).toEqual(['SalesTeam', 'SupportTeam', 'BillingTeam', 'AllAgents']);
    for (let hour = 1; hour < 24; hour++) {
      centre.runTo(MIDNIGHT + hour * 3600);
      const now = snapshotOf(centre);
      now.queues.forEach((queue, index) => expect(queue.entered).toBeGreaterThan(before.queues[index]?.entered ?? 0));
      before = now;
    }
    const all = before.queues.reduce((total, { entered }) => total + entered, 0);
    const lost = before.queues.reduce((total, { abandoned }) => total + abandoned, 0);
    expect(lost / all).toBeGreaterThan(0.02);
    expect(lost / all).toBeLessThan(0.4);
  });

  it('uses every status there is a rule for', () => {
    const centre = new Centre({ seed: 1, startAt: MIDNIGHT + DAY - 1, agents: 0, queues: 0 });
    const { agents } = snapshotOf(centre);
    for (const name of ['WaitForNextCall', 'CallDialing', 'CallRinging', 'NotReadyForNextCall', 'AfterCallWork', 'CallOnHold',
      'CallConsult', 'CallInternal', 'CallOutbound', 'CallInbound', 'LoggedOut'] as const) {
      expect(sum(agents, ({ seconds }) => seconds[name]), name).toBeGreaterThan(0);
    }
    expect(sum(agents, ({ missed }) => missed)).toBeGreaterThan(0);
    expect(sum(agents, ({ refused }) => refused)).toBeGreaterThan(0);
    expect(sum(agents, ({ transferred }) => transferred)).toBeGreaterThan(0);
  });

  it('ends at midnight UTC: totals start anew, what waits is carried over, states go on', () => {
    // A seed and a midnight at which somebody waits.
    const carried = Array.from({ length: 100 }, (_, index) => index).some((seed) => {
      const centre = new Centre({ seed, startAt: MIDNIGHT + DAY - 1, agents: 0, queues: 0 });
      const before = snapshotOf(centre);
      centre.runTo(MIDNIGHT + DAY);
      const after = snapshotOf(centre);
      expect(after.dayStart).toBe((MIDNIGHT + DAY) * 1000);
      after.queues.forEach((queue, index) => {
        const waited = before.queues[index]?.waiting ?? 0;
        // One second later: those carried over, and the few of that second.
        expect(queue.answered + queue.abandoned).toBeLessThanOrEqual(waited + 2);
        expect(queue.entered).toBeLessThanOrEqual(waited + 2);
      });
      after.agents.forEach((agent, index) => {
        expect(sum(Object.values(agent.seconds), (seconds) => seconds)).toBe(0);
        if (agent.since < after.at) expect(agent.since).toBe(before.agents[index]?.since);
      });
      return after.queues.some(({ entered, longestWait }) => entered > 0 && longestWait > 1);
    });
    expect(carried).toBe(true);
  });
});

describe('a seed', () => {
  it('says everything, whatever the steps', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 10 }), (seed, steps) => {
        const plan = { seed, startAt: MIDNIGHT + 40_000, agents: 12, queues: 3 };
        const stepped = new Centre(plan);
        for (const step of steps) stepped.runTo(stepped.now + step);
        const straight = new Centre(plan);
        straight.runTo(stepped.now);
        expect(snapshotOf(stepped)).toEqual(snapshotOf(straight));
      }),
      { numRuns: 15 },
    );
  });

  it('makes another centre than another seed', () => {
    const [one, other] = [1, 2].map((seed) => snapshotOf(new Centre({ seed, startAt: MIDNIGHT + 40_000, agents: 0, queues: 0 })));
    expect(one).not.toEqual(other);
  });
});

it.each([[0, 5], [5, 0], [25, 2], [25, 3], [100, 100]])('%i made agents and %i made queues: nobody without work, nothing without agents', (agents, queues) => {
  const { teams } = new Centre({ seed: 1, startAt: MIDNIGHT + 50_000, agents, queues });
  for (const team of teams) {
    expect(team.agents.length, team.name).toBeGreaterThan(0);
    expect(team.queues.length, team.name).toBeGreaterThan(0);
  }
  expect(sum(teams, (team) => team.agents.length)).toBe(18 + agents);
  expect(sum(teams, (team) => team.queues.length)).toBe(3 + queues);
});

it('a very large centre is ready soon, and made objects have their names', () => {
  const centre = new Centre({ seed: 1, startAt: MIDNIGHT + 50_000, agents: 10_000, queues: 10_000 });
  expect(centre.find('Agent', 'agent0001')?.agents).toHaveLength(1);
  expect(centre.find('Agent', 'agent10000')?.agents).toHaveLength(1);
  expect(centre.find('Queue', 'Queue0001@SIP')?.queues).toHaveLength(1);
  expect(centre.find('GroupAgents', 'Team0001')?.agents).toHaveLength(10);
  expect(centre.find('GroupQueues', 'AllQueues')?.queues).toHaveLength(10_003);
  expect(centre.now - centre.dayStart).toBeGreaterThanOrEqual(15 * 60);
});
