/** When a source falls back on its stand-in, and when it returns. With two sources in memory, in virtual time. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/model/definition.js';
import { StatisticsApiError, StatisticsError, type StatisticsEvent } from '../../../src/index.js';
import { createFallback } from '../../../src/upstream/fallback/fallback.js';
import type { Answer, Refusal, Source } from '../../../src/upstream/source.js';
import { createMemorySource, type Started } from '../../support/memory-source.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const sales = { objectId: 'Sales@SIP', objectType: 'Queue' };
const named = [readDefinition({ name: 'a', ...sales }), readDefinition({ name: 'b', ...sales })];
const inline = readDefinition({ definition: { category: 'CurrentNumber', subject: 'DNAction' }, ...sales });
const forbidden = new StatisticsApiError('forbidden', { operation: 'POST /subscriptions', httpStatus: 403 });
const bad = new StatisticsApiError('bad', { operation: 'POST /subscriptions', httpStatus: 400 });
const one = (): number => 1;

/** Opens the subscription, then loses and reopens it this number of times. */
function die(subscription: Started, times: number): void {
  for (let death = 0; death < times; death++) {
    subscription.answer(one, { reopened: true });
  }
}

function createRig() {
  const clock = createVirtualClock();
  const [primary, standIn] = [createMemorySource(), createMemorySource()];
  const events: StatisticsEvent[] = [];
  const reasons: StatisticsError[] = [];
  const source: Source = createFallback({
    primary: primary.source,
    standIn: (because) => (reasons.push(because), standIn.source),
    clock,
    monitor: { emit: (event) => events.push(event) },
    retryOptions: { minTimeout: 1000, maxTimeout: 30_000, factor: 2 },
    poll: { interval: 0 },
  });
  const newest = (started: readonly Started[]): Started => {
    const last = started.at(-1);
    if (last === undefined) {
      throw new Error('none was started');
    }
    return last;
  };
  return {
    clock,
    reasons,
    primaries: primary.started,
    standIns: standIn.started,
    subscription: () => newest(primary.started),
    standIn: () => newest(standIn.started),
    told: () => events.map(({ type }) => type),
    start(definitions = named) {
      const answers: Answer[] = [];
      const refusals: [StatisticsError, Refusal][] = [];
      const missing: [readonly number[], StatisticsError | undefined][] = [];
      let stale = 0;
      const handle = source(definitions, {
        answer: (answer) => answers.push(answer),
        lag: () => undefined,
        needs: () => ({}),
        missing: (indices, error) => missing.push([indices, error]),
        refused(error, why) {
          refusals.push([error, why]);
          return 'stop';
        },
        stale: () => stale++,
      });
      return { handle, answers, refusals, missing, stale: () => stale };
    },
  };
}

/** A source that was refused, and that the stand-in keeps live. */
function degradedRig() {
  const rig = createRig();
  const started = rig.start();
  rig.subscription().refuse(forbidden);
  rig.standIn().answer(one);
  return { ...rig, ...started };
}

describe('a refusal', () => {
  it('of any opening calls the stand-in, which takes over with its first complete answer', () => {
    const { primaries, standIns, reasons, answers, refusals, told } = degradedRig();
    expect([primaries.length, standIns.length, reasons]).toEqual([1, 1, [forbidden]]);
    expect(answers).toMatchObject([{ opening: true, reopened: false, readings: [{ value: 1 }, { value: 1 }] }]);
    expect([refusals, told()]).toEqual([[], ['fallbackStarted']]);
  });

  it.each([['refuses as well', (standIn: Started) => void standIn.refuse(bad)], ['fails again and again', (standIn: Started) => void standIn.refuse(bad, 'keepsFailing')], ['lacks one of them', (standIn: Started) => void standIn.answer(({ name }) => (name === 'a' ? 1 : undefined))]])(
    'stands where the stand-in %s',
    (_, judge) => {
      const rig = createRig();
      const { answers, refusals } = rig.start();
      rig.subscription().refuse(forbidden);
      judge(rig.standIn());
      expect([answers, refusals, rig.told()]).toEqual([[], [[forbidden, 'refusal']], []]);
      expect([rig.standIn().closed, rig.clock.pending]).toEqual([true, []]);
    },
  );

  it.each([['because of the definitions', bad, 'refusal'], ['because of its size', new StatisticsApiError('', { operation: '', httpStatus: 413 }), 'too-large'], ['without a stated reason', forbidden, 'keepsFailing']] as const)('%s is passed on', (_, error, why) => {
    const rig = createRig();
    const { refusals } = rig.start();
    rig.subscription().refuse(error, why);
    expect([refusals, rig.standIns.length]).toEqual([[[error, why]], 0]);
  });

  it('of inline definitions alone is passed on; beside others, they are reported missing once, with the reason', () => {
    const rig = createRig();
    const alone = rig.start([inline]);
    rig.subscription().refuse(forbidden);
    expect([alone.refusals.length, rig.standIns.length]).toEqual([1, 0]);
    const mixed = rig.start([...named, inline]);
    rig.subscription().refuse(forbidden);
    rig.standIn().answer(({ name }) => (name === undefined ? undefined : 1));
    rig.standIn().missing(2);
    expect([mixed.missing, mixed.refusals]).toEqual([[[[2], forbidden]], []]);
  });

  it('is about the definitions while another subscription lives, and no longer once that one has ended', () => {
    const rig = createRig();
    const living = rig.start();
    rig.subscription().answer(one);
    const refused = rig.start();
    rig.subscription().refuse(forbidden);
    expect([refused.refusals.length, rig.standIns.length]).toEqual([1, 0]);
    living.handle.close();
    rig.start();
    rig.subscription().refuse(forbidden);
    expect(rig.standIns).toHaveLength(1);
  });

  it('of a subscription that lived is not about its definitions, which were accepted before, whatever else lives', () => {
    const rig = createRig();
    rig.start();
    rig.subscription().answer(one);
    const lost = rig.start();
    rig.subscription().answer(one);
    rig.subscription().refuse(forbidden);
    rig.standIn().answer(one);
    expect(lost.refusals).toEqual([]);
    expect(lost.answers.at(-1)).toMatchObject({ opening: true, reopened: true });
  });

  it('is no longer about the definitions once the subscription that lived is refused, or keeps being lost', () => {
    const rig = createRig();
    rig.start();
    rig.subscription().answer(one);
    rig.subscription().refuse(forbidden);
    rig.start();
    rig.subscription().refuse(forbidden);
    expect(rig.standIns).toHaveLength(2);
    const other = createRig();
    other.start();
    other.subscription().answer(one);
    die(other.subscription(), 4);
    other.standIn().answer(one);
    other.start();
    other.subscription().refuse(forbidden);
    expect(other.standIns).toHaveLength(2);
  });
});

describe('while the stand-in serves', () => {
  it('a subscription is tried after a growing backoff, never before a Retry-After is over', async () => {
    const { clock, primaries, subscription } = degradedRig();
    const waits: number[] = [];
    for (let trial = 1; trial <= 7; trial++) {
      const before = clock.monotonic();
      while (primaries.length === trial) {
        await clock.advance(100);
      }
      waits.push(clock.monotonic() - before);
      subscription().refuse(trial === 7 ? new StatisticsApiError('', { operation: '', httpStatus: 403, retryAfter: 29_000 }) : forbidden);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(clock.pending).toEqual([29_000]);
  });

  it('it stays while trials are refused, whatever else lives; the backoff starts again after a recovery', async () => {
    const rig = degradedRig();
    await rig.clock.advance(500);
    rig.subscription().refuse(forbidden);
    const other = rig.start();
    rig.subscription().answer(one);
    await rig.clock.advance(1000);
    rig.subscription().refuse(forbidden);
    expect([rig.refusals, rig.clock.pending]).toEqual([[], [2000]]);
    other.handle.close();
    await rig.clock.advance(2000);
    rig.subscription().answer(one);
    rig.subscription().answer(one);
    rig.subscription().refuse(forbidden);
    rig.standIn().answer(one);
    expect(rig.clock.pending).toEqual([500]);
  });

  it('the opening of a subscription on probation is withheld; its first poll is delivered as comparable with the stand-in', async () => {
    const { clock, subscription, standIn, answers, told, stale } = degradedRig();
    await clock.advance(500);
    subscription().answer(() => 2);
    subscription().stale();
    standIn().answer(() => 3);
    expect([answers.length, stale(), standIn().closed]).toEqual([2, 0, false]);
    subscription().answer(() => 4, { timestamp: 7 });
    expect(answers[2]).toMatchObject({ opening: true, reopened: false, changed: undefined, readings: [{ timestamp: 7, value: 4 }, { value: 4 }] });
    expect([standIn().closed, told(), clock.pending]).toEqual([true, ['fallbackStarted', 'fallbackEnded'], []]);
  });

  it('a subscription that is then refused because of its definitions ends the source', async () => {
    const { clock, subscription, standIn, refusals } = degradedRig();
    await clock.advance(500);
    subscription().refuse(bad);
    expect([refusals, standIn().closed, clock.pending]).toEqual([[[bad, 'refusal']], true, []]);
  });

  it('a subscription that fails without a stated reason keeps trying by itself', async () => {
    const { clock, subscription, refusals } = degradedRig();
    await clock.advance(500);
    expect(subscription().refuse(bad, 'keepsFailing')).toBe('keepTrying');
    expect(refusals).toEqual([]);
  });

  it('a refused stand-in ends the source, unless a subscription is on its way', async () => {
    const ended = degradedRig();
    expect(ended.standIn().refuse(bad, 'keepsFailing')).toBe('keepTrying');
    ended.standIn().refuse(bad);
    expect([ended.refusals, ended.clock.pending]).toEqual([[[bad, 'refusal']], []]);
    const { clock, subscription, standIn, refusals, answers } = degradedRig();
    await clock.advance(500);
    standIn().refuse(bad);
    subscription().answer(() => 5);
    expect([refusals, answers.at(-1)?.readings[0]?.value]).toEqual([[], 5]);
  });

  it('only the silence of the stand-in makes values stale', () => {
    const { standIn, stale } = degradedRig();
    standIn().stale();
    expect(stale()).toBe(1);
  });

  it('refresh() and reconsider() reach both sources', async () => {
    const { clock, handle, subscription, standIn } = degradedRig();
    await clock.advance(500);
    handle.refresh();
    handle.reconsider();
    expect([subscription(), standIn()]).toMatchObject([{ refreshes: 1, reconsidered: 1 }, { refreshes: 1, reconsidered: 1 }]);
  });

  it('close() ends both sources, and the wait for the next trial', async () => {
    const { clock, handle, subscription, standIn } = degradedRig();
    handle.close();
    expect(clock.pending).toEqual([]);
    expect(standIn().closed).toBe(true);
    const trying = degradedRig();
    await trying.clock.advance(500);
    trying.handle.close();
    expect([trying.subscription().closed, trying.standIn().closed, subscription().closed]).toEqual([true, true, true]);
  });
});

describe('subscriptions that die', () => {
  it('four consecutive ones before a healthy poll call the stand-in; the fifth goes on, on probation', () => {
    const rig = createRig();
    const { answers } = rig.start();
    rig.subscription().answer(one);
    die(rig.subscription(), 3);
    expect(rig.standIns).toEqual([]);
    die(rig.subscription(), 1);
    rig.standIn().answer(one);
    const heard = answers.length;
    die(rig.subscription(), 2);
    expect([answers.length, rig.subscription().closed, rig.primaries.length]).toEqual([heard, false, 1]);
    rig.subscription().answer(one);
    expect(rig.told()).toEqual(['fallbackStarted', 'fallbackEnded']);
  });

  it('a healthy poll between them restarts the count, and one during the start of the stand-in dismisses it', () => {
    const rig = createRig();
    const { answers } = rig.start();
    rig.subscription().answer(one);
    for (let round = 0; round < 3; round++) {
      rig.subscription().answer(one);
      die(rig.subscription(), 3);
    }
    rig.subscription().answer(one);
    // The first loss follows a healthy poll, so it does not count.
    die(rig.subscription(), 4);
    expect(rig.standIns).toEqual([]);
    die(rig.subscription(), 1);
    rig.subscription().answer(one);
    expect([rig.standIn().closed, rig.told(), answers.at(-1)?.opening]).toEqual([true, [], false]);
  });

  it('a stand-in that cannot help changes nothing, and is tried again after four more losses', () => {
    const rig = createRig();
    const { answers, refusals } = rig.start();
    rig.subscription().answer(one);
    die(rig.subscription(), 4);
    rig.standIn().refuse(bad);
    die(rig.subscription(), 3);
    expect([rig.standIns.length, answers.length, refusals.length]).toEqual([1, 8, 0]);
    die(rig.subscription(), 1);
    expect(rig.standIns).toHaveLength(2);
  });

  it('and are then refused wait for the outcome of the stand-in that is being tried', () => {
    const rig = createRig();
    const { refusals } = rig.start();
    rig.subscription().answer(one);
    die(rig.subscription(), 4);
    rig.subscription().refuse(forbidden);
    expect([rig.standIns.length, refusals]).toEqual([1, []]);
    rig.standIn().refuse(bad);
    expect(refusals).toEqual([[forbidden, 'refusal']]);
  });
});
