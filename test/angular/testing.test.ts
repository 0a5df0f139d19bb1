/** `genesys-statistics-rx/angular/testing`: a test says what statistics are, and nothing of it is left afterwards. */
import { ApplicationRef, input, provideZonelessChangeDetection, type Signal } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { injectHealth, injectKpi, injectStatistic, injectStatistics, provideStatistics } from '../../src/angular/index.js';
import { provideStatisticsTesting, StatisticsTestingController } from '../../src/angular/testing/index.js';
import { numberOf, StatisticRejectedError, type Health, type StatisticValue } from '../../src/index.js';
import { abandonRate } from '../../src/kpi/index.js';
import { record, sales, support } from '../support/journey.js';
import { component, setUpTestBed, textOf } from './support.js';

setUpTestBed();

class Waiting {
  readonly queue = input.required<string>();
  readonly waiting = injectStatistic('Current_In_Queue', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });
  readonly lost = injectKpi(
    () => ({ answered: { name: 'Total_Answered', objectId: this.queue(), objectType: 'Queue' }, abandoned: { name: 'Total_Abandoned', objectId: this.queue(), objectType: 'Queue' } }),
    abandonRate,
  );
}
component(Waiting, {
  selector: 'app-waiting',
  inputs: ['queue'],
  template: '{{ waiting.hasValue() ? waiting.value() : waiting.status() }}{{ waiting.stale() ? " stale" : "" }}, {{ lost.value() ?? "none" }} %, {{ waiting.error()?.message }}',
});

let statistics: StatisticsTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideStatistics({ baseUrl: 'https://host' }), provideStatisticsTesting()] });
  statistics = TestBed.inject(StatisticsTestingController);
});

async function show(queue: string): Promise<ComponentFixture<Waiting>> {
  const fixture = TestBed.createComponent(Waiting);
  fixture.componentRef.setInput('queue', queue);
  await fixture.whenStable();
  return fixture;
}

describe('StatisticsTestingController', () => {
  it('a component shows what the test sets, stale values and refusals included', async () => {
    const fixture = await show('Sales@SIP');
    expect(textOf(fixture)).toBe('loading, none %,');
    statistics.set('Current_In_Queue', sales, 7);
    statistics.set('Total_Answered', sales, { intValue: 90 });
    await fixture.whenStable();
    expect(textOf(fixture), 'a set waits for all of its members').toBe('7, none %,');
    statistics.set('Total_Abandoned', sales, 10);
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('7, 10 %,');
    statistics.stale('Current_In_Queue', sales);
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('7 stale, 10 %,');
    statistics.set('Current_In_Queue', sales, 8);
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('8, 10 %,');
    statistics.fail('Current_In_Queue', sales);
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('error, 10 %, Current_In_Queue of Queue Sales@SIP: refused by the test');
  });

  it('stale() without arguments makes everything stale, also what has no value yet', async () => {
    const fixture = await show('Sales@SIP');
    statistics.stale();
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('loading stale, none %,');
  });

  it('what was set before a component is made is there at once', async () => {
    statistics.set('Current_In_Queue', support, 3);
    expect(textOf(await show('Support@SIP'))).toBe('3, none %,');
  });

  it('watched() says what is subscribed to, and nothing after the component is gone', async () => {
    const fixture = await show('Sales@SIP');
    expect(statistics.watched()).toEqual([
      { name: 'Current_In_Queue', ...sales },
      { name: 'Total_Answered', ...sales },
      { name: 'Total_Abandoned', ...sales },
    ]);
    fixture.componentRef.setInput('queue', 'Support@SIP');
    await fixture.whenStable();
    expect(new Set(statistics.watched().map(({ objectId }) => objectId))).toEqual(new Set(['Support@SIP']));
    fixture.destroy();
    expect(statistics.watched()).toEqual([]);
  });

  it('health() changes what injectHealth() says', () => {
    const health: Signal<Health> = TestBed.runInInjectionContext(() => injectHealth());
    expect(health().status).toBe('idle');
    statistics.health({ status: 'degraded', observers: 2 });
    expect(health()).toEqual({ status: 'degraded', upstreams: 0, statistics: 0, observers: 2 });
  });

  it('leaves no pending task and no timer, whether there is a value or not', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    const fixture = await show('Sales@SIP');
    const stable = record(TestBed.inject(ApplicationRef).isStable);
    statistics.set('Current_In_Queue', sales, 1);
    fixture.detectChanges();
    await fixture.whenStable();
    expect(stable.values.at(-1)).toBe(true);
    fixture.destroy();
    // Angular's own, for the next change detection, have none.
    expect(timers.mock.calls.filter(([, delay = 0]) => delay > 0)).toEqual([]);
  });

  it.each([
    ['a name', () => statistics.set('', sales, 1), 'name must be a non-empty string, got ""'],
    ['an object', () => statistics.set('a', { objectId: 1 as unknown as string, objectType: 'Queue' }, 1), 'objectId must be a non-empty string, got 1'],
    ['a definition of no set', () => injectStatisticsOf().subscription$({}), 'definitions must be a non-empty array or record of statistics, got an object'],
  ])('says so at once where %s does not fit', (_, act, message) => {
    expect(act).toThrow(message);
  });
});

const injectStatisticsOf = (): ReturnType<typeof injectStatistics> => TestBed.runInInjectionContext(() => injectStatistics());

describe('the client of a test', () => {
  it('has the streams of a real one', async () => {
    const client = injectStatisticsOf();
    const live = record(client.statistic$('a', sales));
    const pair = record(client.subscription$([{ name: 'a', ...sales }, { name: 'b', ...sales }]));
    const missing = record(client.peek$('a', sales));
    expect(missing.error).toBeInstanceOf(StatisticRejectedError);
    statistics.set('a', sales, 1);
    statistics.set('b', sales, 2);
    statistics.set('a', sales, 3);
    const numbers = (given: readonly StatisticValue[]): unknown[] => given.map(({ value }) => value);
    expect(numbers(live.values)).toEqual([1, 3]);
    expect(pair.values.map(numbers)).toEqual([[1, 2], [3, 2]]);
    expect(record(client.peekAll$({ b: { name: 'b', ...sales } })).values.map(({ b }) => b.value)).toEqual([2]);
    expect(Object.isFrozen(pair.values[0])).toBe(true);
    statistics.fail('b', sales);
    expect([live.error, pair.error]).toEqual([undefined, expect.any(StatisticRejectedError)]);
    await expect(client.api.getStatistic('a', sales)).rejects.toThrow('sends no requests');
    await client.close();
    expect(live.completed).toBe(true);
  });
});
