/** The stability of an application, and how often it renders, without zone.js. */
import { ApplicationRef, Injector, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { injectKpi, injectStatistic, provideStatistics, withServerRendering } from '../../src/angular/index.js';
import { after } from '../../src/angular/clock.js';
import { CLIENT } from '../../src/angular/statistics-client.js';
import { numberOf } from '../../src/index.js';
import { record, sales, support } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { startRig, type Rig } from '../support/rig.js';
import { component, provideRig, setUpTestBed, textOf } from './support.js';

vi.mock('../../src/angular/clock.js', () => ({ now: () => 0, after: vi.fn(() => () => undefined) }));
setUpTestBed();

const timers = vi.mocked(after);

/** Lets the deadline pass. */
const passDeadline = (): void => timers.mock.calls.at(-1)?.[1]();

let rig: Rig;
let rendered = 0;

class Tile {
  readonly waiting = injectStatistic('Current_In_Queue', sales, { parse: ({ value }) => numberOf(value) });
  readonly other = injectStatistic('Current_In_Queue', support, { parse: ({ value }) => numberOf(value) });
  readonly sum = injectKpi([{ name: 'Total_Answered', ...sales }, { name: 'Total_Abandoned', ...sales }], ([one, two]) => (one ?? 0) + (two ?? 0));
  count(): string {
    rendered++;
    return '';
  }
}
component(Tile, { selector: 'app-tile', template: '{{ count() }}{{ waiting.value() }} {{ other.value() }} {{ sum.value() }}' });

beforeEach(() => {
  rig = startRig({ poll: { interval: 1000, maxInterval: 1000 } });
  rendered = 0;
  timers.mockClear();
  TestBed.configureTestingModule({ providers: [provideRig(rig)] });
});

const isStable = (): boolean => record(TestBed.inject(ApplicationRef).isStable).values.at(-1) === true;

describe('whenStable', () => {
  it('waits for the first values of all resources', async () => {
    const fixture = TestBed.createComponent(Tile);
    fixture.detectChanges();
    expect(isStable()).toBe(false);
    await rig.clock.advance(20);
    await fixture.whenStable();
    expect([isStable(), textOf(fixture)]).toEqual([true, '0 0 0']);
    expect(timers.mock.calls.map(([delay]) => delay), 'one deadline for all of them').toEqual([1000]);
  });

  it('waits no longer than the deadline', async () => {
    rig.server.fault = () => reply(503);
    const fixture = TestBed.createComponent(Tile);
    await rig.clock.advance(900);
    expect(isStable()).toBe(false);
    passDeadline();
    await fixture.whenStable();
    expect([isStable(), fixture.componentInstance.waiting.status()]).toEqual([true, 'loading']);
  });

  it('waits no longer than the deadline that withServerRendering() was given', () => {
    TestBed.resetTestingModule().configureTestingModule({
      providers: [provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host' }, withServerRendering({ deadline: 250 })), { provide: CLIENT, useValue: rig.client }],
    });
    TestBed.createComponent(Tile);
    expect(timers.mock.calls.map(([delay]) => delay)).toEqual([250]);
    expect(() => withServerRendering({ deadline: -1 })).toThrow('deadline must be a number from 0 to 2147483647, got -1');
  });

  it('waits for another deadline where something is injected later, and not for a refusal', async () => {
    const fixture = TestBed.createComponent(Tile);
    await rig.clock.advance(20);
    await fixture.whenStable();
    rig.server.fault = ({ method }) => (method === 'POST' ? reply(400, { status: { code: 400 } }) : undefined);
    TestBed.runInInjectionContext(() => injectStatistic('Nonsense', sales));
    expect([isStable(), timers.mock.calls.length]).toEqual([false, 2]);
    await rig.clock.advance(5000);
    expect(isStable()).toBe(true);
  });

  it('does not wait for what is destroyed meanwhile', async () => {
    rig.server.fault = () => 'silent';
    const child = Injector.create({ providers: [], parent: TestBed.inject(Injector) });
    TestBed.runInInjectionContext(() => injectStatistic('a', sales, { injector: child }));
    expect(isStable()).toBe(false);
    child.destroy();
    await TestBed.inject(ApplicationRef).whenStable();
    expect(isStable()).toBe(true);
  });

  it('is not disturbed by polls', async () => {
    const fixture = TestBed.createComponent(Tile);
    await rig.clock.advance(20);
    await fixture.whenStable();
    const states = record(TestBed.inject(ApplicationRef).isStable);
    await rig.clock.advance(30_000);
    expect([rig.server.count('GET') > 20, states.values]).toEqual([true, [true]]);
  });
});

describe('renders', () => {
  it('once for an answer that changed something, of however many resources; never while nothing changes', async () => {
    const fixture = TestBed.createComponent(Tile);
    await rig.clock.advance(20);
    await fixture.whenStable();
    for (let answers = 1; answers <= 5; answers++) {
      rendered = 0;
      rig.server.value = answers;
      await rig.clock.advance(1000);
      await fixture.whenStable();
      expect([rendered, textOf(fixture)]).toEqual([1, `${answers} ${answers} ${2 * answers}`]);
    }
    rendered = 0;
    await rig.clock.advance(60_000);
    await fixture.whenStable();
    expect(rendered).toBe(0);
  });
});
