/** Which tab leads: what the bus between tabs does while tabs are hidden, shown and left. On Node's own Web Locks and BroadcastChannel. */
import { noop } from 'rxjs';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BusHooks, BusMember } from '../../src/fleet/index.js';
import { tabsBus } from '../../src/tabs/index.js';
import { createTabLock, type TabLock } from '../../src/tabs/lock.js';
import { createFakePage, type FakePage } from '../support/fake-page.js';
import { until } from '../support/journey.js';

const lease = 60_000;
let rooms = 0;

interface Tab {
  readonly member: BusMember;
  readonly page: FakePage;
  readonly calls: { up: number; reserved: number; yield: number };
}

/** A tab of the test's room, hidden or visible from its start. Without an election: the test asks for it. */
function openTab(visibility: 'hidden' | 'visible'): Tab {
  const page = createFakePage();
  page.document.visibilityState = visibility;
  const calls = { up: 0, reserved: 0, yield: 0 };
  const hooks: BusHooks = { up: () => calls.up++, down: noop, news: noop, demand: noop, asked: noop, vacant: (reserved) => (calls.reserved += Number(reserved === true)), yield: () => calls.yield++ };
  vi.stubGlobal('document', page.document);
  const member = tabsBus({ name: 'test' }).join(`room ${rooms}`, hooks);
  onTestFinished(() => member.leave());
  return { member, page, calls };
}

/** The fencing number of the tab that has the lock. */
async function lead({ member, calls }: Tab): Promise<number> {
  await until('the lock is this tab’s alone', () => calls.reserved > 0);
  const { leads, fence } = await member.elect(lease, 0);
  expect(leads).toBe(true);
  return fence;
}

async function locksOf(room: number): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name = '' }) => name).filter((name) => name.includes(`room ${room}`));
}

/** Everything that is under way between tabs of one process has arrived by then. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

// The page's storage is not what these tests are about, and Node warns of its own.
vi.stubGlobal('localStorage', undefined);
afterEach(() => {
  rooms++;
  vi.useRealTimers();
});

describe('F247: the lead of a hidden tab', () => {
  it('goes to a tab that became visible during the election, as soon as there is something to hand over', async () => {
    const hidden = openTab('hidden');
    const fence = await lead(hidden);
    const visible = openTab('visible');
    await until('the visible tab has said so', () => hidden.calls.yield === 1);
    expect(await hidden.member.publish({ fence, sequence: 1, changes: ['key', 'text'] }, lease)).toBe(true);
    await until('the hidden tab hears it again', () => hidden.calls.yield === 2);
    await hidden.member.resign(fence);
    expect(await lead(visible)).toBeGreaterThan(fence);
  });

  /** A hidden tab that has the lock and waits for a visible tab, which hangs. Timers fire only when the test says so. */
  async function openWaitingTab(): Promise<Tab> {
    const room = `genesys-statistics:test:room ${rooms}`;
    void navigator.locks.request(`${room}:visible`, { mode: 'shared' }, () => new Promise<void>((end) => onTestFinished(() => end())));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const channel = new BroadcastChannel(room);
    onTestFinished(() => channel.close());
    const asked = new Promise<void>((resolve) => (channel.onmessage = ({ data }) => (data as { type: string }).type === 'hidden' && resolve()));
    const tab = openTab('hidden');
    await asked;
    return tab;
  }

  it('waits for a visible tab that may answer', async () => {
    const { member, calls } = await openWaitingTab();
    expect([await member.elect(lease, 0), calls.reserved]).toMatchObject([{ leads: false }, 0]);
    vi.advanceTimersByTime(1000);
    expect([await member.elect(lease, 0), calls.reserved]).toMatchObject([{ leads: true }, 1]);
  });

  it('begins at once if the tab is shown meanwhile', async () => {
    const { member, page, calls } = await openWaitingTab();
    page.show();
    expect([await member.elect(lease, 0), calls.reserved]).toMatchObject([{ leads: true }, 1]);
  });

  it('does not begin by an election meanwhile, and no such election ends the term that follows', async () => {
    const { member, calls } = await openWaitingTab();
    const elections = [await member.elect(lease, 0), await member.elect(lease, 0)];
    expect(elections.map(({ leads }) => leads)).toEqual([false, false]);
    vi.advanceTimersByTime(1000);
    expect(calls.reserved).toBe(1);
    const { fence } = await member.elect(lease, 0);
    expect(await member.publish({ fence, sequence: 1, changes: [] }, lease)).toBe(true);
    expect(await member.elect(lease, 0)).toMatchObject({ leads: true, fence });
  });

  it('does not begin after the tab was left', async () => {
    const { member, calls } = await openWaitingTab();
    // It waits by a timer now, not for the browser's word on visible tabs.
    await settled();
    await member.leave();
    vi.advanceTimersByTime(1000);
    expect(calls.reserved).toBe(0);
  });
});

describe('F251: a visible tab that could not reach the server', () => {
  it('leaves the lead to a hidden one', async () => {
    const visible = openTab('visible');
    const fence = await lead(visible);
    const hidden = openTab('hidden');
    await until('the hidden tab has joined', () => hidden.calls.up === 1);
    await visible.member.resign(fence, true);
    expect(await lead(hidden)).toBeGreaterThan(fence);
    expect(visible.calls.reserved).toBe(1);
  });

  it('takes it back after a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const visible = openTab('visible');
    await vi.waitFor(() => expect(visible.calls.reserved).toBe(1));
    const { fence } = await visible.member.elect(lease, 0);
    const hidden = openTab('hidden');
    await visible.member.resign(fence, true);
    await vi.waitFor(() => expect(hidden.calls.reserved).toBe(1));
    await hidden.member.elect(lease, 0);
    vi.advanceTimersByTime(50_000);
    await settled();
    expect(hidden.calls.yield).toBe(0);
    vi.advanceTimersByTime(10_000);
    await vi.waitFor(() => expect(hidden.calls.yield).toBe(1));
  });

  it('takes it back if it resigned for another reason', async () => {
    const visible = openTab('visible');
    const fence = await lead(visible);
    const hidden = openTab('hidden');
    await until('the hidden tab has joined', () => hidden.calls.up === 1);
    await visible.member.resign(fence);
    await until('the lock is back', () => visible.calls.reserved === 2);
    expect(hidden.calls.reserved).toBe(0);
  });
});

describe('G15: the lock of a tab', () => {
  it('goes to nobody that ends while it steals the lock, and is free afterwards', async () => {
    const name = `lock ${rooms}, room ${rooms}`;
    let granted = 0;
    let hanging: TabLock | undefined;
    await new Promise<void>((resolve) => (hanging = createTabLock(navigator.locks, name, resolve, noop)));
    onTestFinished(() => hanging?.end());
    const request = (...given: Parameters<LockManager['request']>): Promise<unknown> => {
      if (typeof given[1] === 'object' && 'steal' in given[1]) {
        thief.end();
      }
      return navigator.locks.request(...given);
    };
    const locks = { request, query: () => navigator.locks.query() } as LockManager;
    const thief = createTabLock(locks, name, () => granted++, noop);
    expect(await thief.steal((await hanging?.number(0)) ?? 0)).toBe(false);
    await until('the tab that hung has the lock again', () => hanging?.held === true);
    expect([granted, thief.held]).toEqual([0, false]);
  });

  it('gets no number if it is released while it is numbered', async () => {
    const name = `lock ${rooms}, room ${rooms}`;
    let lock: TabLock | undefined;
    await new Promise<void>((granted) => (lock = createTabLock(navigator.locks, name, granted, noop)));
    onTestFinished(() => lock?.end());
    const numbering = lock?.number(0);
    lock?.release();
    expect(await numbering).toBe(0);
    await until('it is granted again, without a number', async () => (await locksOf(rooms)).join() === name);
    expect(lock?.fence).toBe(0);
    expect(await lock?.number(0)).toBeGreaterThan(0);
  });
});

it('F103: what other code of the origin sends in the name of a tab changes nothing in that tab', async () => {
  const { member } = openTab('visible');
  await member.demand(1, ['key', 'wish'], lease, true);
  const channel = new BroadcastChannel(`genesys-statistics:test:room ${rooms}`);
  onTestFinished(() => channel.close());
  channel.postMessage({ type: 'demand', from: member.id, revision: 1, changes: ['key', 'forged'], whole: true });
  channel.postMessage({ type: 'gone', from: member.id });
  // Messages of one channel come in order, so the forged ones have been read once this one is answered.
  const answered = new Promise<void>((resolve) => (channel.onmessage = () => resolve()));
  channel.postMessage({ type: 'hidden' });
  await answered;
  expect((await member.demandOf(member.id))?.wishes).toEqual(new Map([['key', 'wish']]));
});
