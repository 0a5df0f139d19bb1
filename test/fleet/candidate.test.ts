/** When a process tries to lead: a lead that it yields, a bus whose answers are late, terms that have ended. In virtual time. */
import { noop } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createCandidate, type Candidate } from '../../src/fleet/candidate.js';
import type { BusMember } from '../../src/fleet/index.js';
import type { Leader } from '../../src/fleet/leader.js';
import { createMemoryBus } from '../../src/fleet/memory-bus.js';
import { silent } from '../support/fleet.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const lease = 1000;

interface Rig {
  readonly clock: VirtualClock;
  readonly candidate: Candidate;
  /** Another member of the same room, which tries to lead only when the test says so. */
  readonly other: BusMember;
  /** Milliseconds until an election reaches the bus, and from there until its answer is back. */
  readonly late: { request: number; answer: number };
  /** Ends the ending of every term. */
  release(): void;
}

function start(): Rig {
  const clock = createVirtualClock();
  const bus = createMemoryBus(clock);
  const [member, other] = [bus.join('room', silent), bus.join('room', silent)];
  const late = { request: 0, answer: 0 };
  const wait = (delay: number): Promise<void> => new Promise((resolve) => (delay === 0 ? resolve() : void clock.after(delay, resolve)));
  let release = noop;
  const ended = new Promise<void>((resolve) => (release = resolve));
  const candidate = createCandidate({
    clock, lease,
    bus: {
      resign: member.resign,
      async elect(...given) {
        const { request, answer } = late;
        await wait(request);
        const election = await member.elect(...given);
        await wait(answer);
        return election;
      },
    },
    fence: () => 0,
    holdsFor: () => 0,
    isUp: () => true,
    begin: (fence) => ({ fence, beat: noop, end: () => ended }) as Leader,
    renumbered: noop,
    confirm: noop,
    follow: noop,
    stoppedLeading: noop,
  });
  return { clock, candidate, other, late, release };
}

describe('a member that yields the lead', () => {
  it.each(['request', 'answer'] as const)('abstains for one lease although an election is under way whose %s is late', async (way) => {
    const { clock, candidate, other, late } = start();
    candidate.elect();
    await clock.advance(1);
    expect(candidate.leader).toBeDefined();
    late[way] = 50;
    candidate.elect();
    await clock.advance(1);
    candidate.yieldLead(false);
    await clock.advance(lease - 100);
    expect(candidate.leader).toBeUndefined();
    const election = other.elect(lease, 0);
    await clock.advance(1);
    expect((await election).leads).toBe(true);
  });

  it.each([
    ['takes back at once what only it can take, if the other one was better placed', false, true],
    ['does not even take what only it can take, if it was unsuccessful', true, false],
  ])('%s', async (_, isUnsuccessful, takesBack) => {
    const { clock, candidate } = start();
    candidate.elect();
    await clock.advance(1);
    candidate.yieldLead(isUnsuccessful);
    await clock.advance(1);
    candidate.vacant(true);
    await clock.advance(1);
    expect(candidate.leader !== undefined).toBe(takesBack);
  });

  it('leads again after one lease if nobody else does', async () => {
    const { clock, candidate } = start();
    candidate.elect();
    await clock.advance(1);
    candidate.yieldLead(false);
    await clock.advance(lease - 2);
    expect(candidate.leader).toBeUndefined();
    await clock.advance(50);
    expect(candidate.leader).toBeDefined();
  });
});

it('G15: a lease that is reserved for this member is taken without a timer, which a hidden tab would fire late', async () => {
  const { clock, candidate } = start();
  candidate.vacant();
  await clock.advance(0);
  expect(candidate.leader).toBeUndefined();
  candidate.vacant(true);
  await clock.advance(0);
  expect(candidate.leader).toBeDefined();
});

it('G3: close() waits for the terms that have ended, whose subscriptions are still being deleted', async () => {
  const { clock, candidate, release } = start();
  candidate.elect();
  await clock.advance(1);
  candidate.stepDown();
  let isClosed = false;
  void candidate.close().then(() => (isClosed = true));
  await clock.advance(10 * lease);
  expect(isClosed).toBe(false);
  release();
  await clock.advance(1);
  expect(isClosed).toBe(true);
  expect(clock.pending).toEqual([]);
});
