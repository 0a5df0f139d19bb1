/** `withServerRendering()` on a server: what a render asks for, what it waits for, and what it carries. No time passes in these tests but the deadline, when a test says so. */
import '@angular/compiler';
import { ErrorHandler, input, type Type } from '@angular/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { injectHealth, injectKpi, injectStatistic, injectSubscription, provideStatistics, withNoTransferState, withServerRendering, type StatisticsFeature } from '../../src/angular/index.js';
import { after } from '../../src/angular/clock.js';
import { numberOf, type StatisticValue, type StatisticsApiError, type StatisticsClientOptions, type Transport } from '../../src/index.js';
import { agentStatus, abandonRate } from '../../src/kpi/index.js';
import { kim, sales, until } from '../support/journey.js';
import { askedFor, createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { carriedBy, render, shownBy, type Render } from './server.js';
import { component } from './support.js';

vi.mock('../../src/angular/clock.js', () => ({ now: () => 1_800_000_000_000, after: vi.fn(() => () => undefined) }));

const timers = vi.mocked(after);
const passDeadline = (): void => timers.mock.calls.at(-1)?.[1]();
const number = ({ value }: StatisticValue): number | null => numberOf(value);

class Tile {
  readonly queue = input.required<string>();
  readonly waiting = injectStatistic('Current_In_Queue', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: number });
}
component(Tile, { selector: 'app-tile', inputs: ['queue'], template: '{{ waiting.value() ?? waiting.status() }}' });

class Wall {
  readonly health = injectHealth();
  readonly answered = injectStatistic('Total_Answered', sales);
  readonly same = injectStatistic('Total_Answered', sales);
  readonly lost = injectKpi({ answered: { name: 'Total_Answered', ...sales }, abandoned: { name: 'Total_Abandoned', ...sales } }, abandonRate);
  readonly pair = injectSubscription([{ name: 'a', ...sales }, { name: 'b', ...sales }], { parse: (values) => values.map(number).join('/') });
  readonly number = number;
}
component(Wall, {
  selector: 'app-root',
  imports: [Tile],
  template: `<app-tile queue="Sales@SIP" />, <app-tile queue="Support@SIP" />, {{ (answered.value() && number(answered.value())) ?? answered.status() }}, {{ lost.value() ?? lost.status() }}, {{ pair.value() ?? pair.status() }}, {{ health().status }}`,
});

let server: MemoryServer;
let signals: AbortSignal[];
/** The errors that the ErrorHandler of the last render was given. */
let reported: unknown[];

const transport: Transport = (request, signal) => {
  signals.push(signal);
  return server.transport(request, signal);
};

beforeEach(() => {
  server = createMemoryServer(() => 0);
  server.value = 7;
  signals = [];
  timers.mockClear();
});

function renderWith(root: Type<unknown>, features: readonly StatisticsFeature[] = [withServerRendering()], options: Partial<StatisticsClientOptions> = {}): Render {
  reported = [];
  return render(root, [{ provide: ErrorHandler, useValue: { handleError: (error: unknown) => reported.push(error) } }, provideStatistics({ baseUrl: 'https://host/statistics/v3', transport, ...options }, ...features)]);
}

/** Makes a component of one resource that is shown as JSON. */
function showing(make: () => { readonly value: () => unknown; readonly status: () => string }): Type<unknown> {
  class One {
    readonly resource = make();
    shown(): string {
      return this.resource.value() === undefined ? this.resource.status() : JSON.stringify(this.resource.value());
    }
  }
  return component(One, { selector: 'app-root', template: '{{ shown() }}' });
}

describe('a render', () => {
  it('shows the values of one request, by a single attempt, and opens nothing', async () => {
    const html = await renderWith(Wall).html;
    expect(shownBy(html)).toBe('7 , 7 , 7, 50, 7/7, idle');
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /operations/get-statistic-ex']);
    expect(server.requests[0]?.statistics, 'each of them once').toBe(6);
    expect([server.opened, timers.mock.calls.map(([delay]) => delay)]).toEqual([[], [1000]]);
  });

  it.each([
    ['answers 503', () => reply(503), []],
    ['answers 429', () => reply(429), []],
    ['answers 401', () => reply(401), [401]],
    ['answers 400', () => reply(400), [400]],
    ['is not there', () => { throw new Error('ECONNREFUSED'); }, []],
    ['answers HTML', () => reply(200, '<html>'), []],
  ])('F231: is loading without waiting for the deadline where the server %s, by a single attempt; only a refusal is reported, once', async (_, fault, refusals) => {
    server.fault = fault;
    expect(shownBy(await renderWith(Wall).html)).toBe('loading , loading , loading, loading, loading, idle');
    expect([server.requests.length, server.opened]).toEqual([1, []]);
    expect(reported.map((error) => (error as StatisticsApiError).httpStatus)).toEqual(refusals);
  });

  it('F170: waits for a server that hangs until the deadline, which all share, and aborts the request', async () => {
    server.fault = () => 'silent';
    const { html } = renderWith(Wall, [withServerRendering({ deadline: 300 })]);
    await until('it is asked', () => server.requests.length === 1);
    expect([timers.mock.calls.map(([delay]) => delay), signals[0]?.aborted]).toEqual([[300], false]);
    passDeadline();
    expect(shownBy(await html)).toBe('loading , loading , loading, loading, loading, idle');
    expect([signals.map(({ aborted }) => aborted), server.requests.length, server.opened]).toEqual([[true], 1, []]);
  });

  it('F171: aborts its request where it is abandoned', async () => {
    server.fault = () => 'silent';
    const { html, application } = renderWith(Wall);
    html.catch(() => undefined);
    await until('it is asked', () => server.requests.length === 1);
    (await application).destroy();
    await until('it is aborted', () => signals[0]?.aborted === true);
    expect([server.requests.length, server.opened]).toEqual([1, []]);
  });

  it('asks for nothing, and waits for nothing, once the deadline is over', async () => {
    server.fault = () => 'silent';
    const { html, application } = renderWith(Wall);
    const { injector } = await application;
    await until('it is asked', () => server.requests.length === 1);
    passDeadline();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- it is an Injector
    const late = injectStatistic('later', sales, { injector }).status();
    await html;
    expect([late, server.requests.length, timers.mock.calls.length]).toEqual(['loading', 1, 1]);
  });

  it('is without the statistics alone that the server does not know', async () => {
    server.omitted.add('Total_Abandoned');
    expect(shownBy(await renderWith(Wall).html)).toBe('7 , 7 , 7, loading, 7/7, idle');
    expect(server.requests.map(({ statistics }) => statistics)).toEqual([6, 5]);
  });

  it('asks for no inline definition, which cannot be peeked at', async () => {
    const inline = showing(() => injectStatistic({ category: 'CurrentNumber', subject: 'DNAction' }, sales));
    expect(shownBy(await renderWith(inline).html)).toBe('loading');
    const mixed = showing(() => injectSubscription({ a: { name: 'a', ...sales }, b: { definition: { category: 'CurrentNumber', subject: 'DNAction' }, ...sales } }));
    expect(shownBy(await renderWith(mixed).html)).toBe('loading');
    expect([server.requests, timers.mock.calls]).toEqual([[], []]);
  });

  it('asks for nothing at all without withServerRendering()', async () => {
    expect(shownBy(await renderWith(Wall, []).html)).toBe('loading , loading , loading, loading, loading, idle');
    expect([server.requests, timers.mock.calls]).toEqual([[], []]);
  });

  it('has a client of its own, with the token of its own user', async () => {
    const one = showing(() => injectStatistic('a', sales, { parse: number }));
    const tokens: (string | undefined)[] = [];
    const recording: Transport = (request, signal) => {
      tokens.push(request.headers['authorization'] ?? request.headers['Authorization']);
      return server.transport(request, signal);
    };
    const features = [withServerRendering()];
    await Promise.all(['kim', 'lee'].map((user) => renderWith(one, features, { token: user, transport: recording }).html));
    expect(tokens.sort()).toEqual(['Bearer kim', 'Bearer lee']);
  });

  it('a mistake in one argument that is a function is the error of that resource', async () => {
    class Both {
      readonly wrong = injectStatistic('a', () => ({ objectId: '', objectType: 'Queue' }));
      readonly right = injectStatistic('a', sales, { parse: number });
    }
    component(Both, { selector: 'app-root', template: '{{ wrong.error()?.message }}, {{ right.value() }}' });
    expect(shownBy(await renderWith(Both).html)).toMatch(/^definitions.*objectId must be .*, 7$/);
  });
});

describe('the page carries', () => {
  const agent = ['CurrentAgentState', kim] as const;
  const state = { agentStatus: { status: 4, loginId: 'login-4711' }, intValue: undefined };

  beforeEach(() => {
    server.fault = (request) => {
      const statistics = askedFor(request).map((asked) => ({ ...asked, timestamp: 1, value: asked.name === 'CurrentAgentState' ? state : { intValue: 7, stringValue: '7.5', tag: 'login-4711' } }));
      return reply(200, { status: { code: 0 }, data: { statistics } });
    };
  });

  it('F174: what parse returns, and never the state of an agent', async () => {
    const html = await renderWith(showing(() => injectStatistic(...agent, { parse: ({ value }: StatisticValue) => agentStatus(value).group }))).html;
    expect(shownBy(html)).toBe('"ready"');
    expect(Object.values(carriedBy(html)).flat(2)).toContain('ready');
    expect(html).not.toContain('login-4711');
  });

  it('of values without a parse nothing but numbers; what has none is rendered as loading', async () => {
    const html = await renderWith(showing(() => injectStatistic(...agent))).html;
    expect([shownBy(html), carriedBy(html)['genesys-statistics-rx']]).toEqual(['loading', undefined]);
    const numbers = await renderWith(showing(() => injectSubscription({ a: { name: 'a', ...sales } }))).html;
    expect(shownBy(numbers)).toContain('"value":{"intValue":7,"stringValue":"7.5"}');
    expect(numbers).not.toContain('login-4711');
    const some = await renderWith(showing(() => injectSubscription({ a: { name: 'a', ...sales }, state: { name: 'CurrentAgentState', ...kim } }))).html;
    expect(shownBy(some)).toBe('loading');
  });

  it('nothing with withNoTransferState(), where everything is rendered', async () => {
    const html = await renderWith(showing(() => injectStatistic(...agent)), [withServerRendering(), withNoTransferState()]).html;
    expect(shownBy(html)).toContain('login-4711');
    expect(carriedBy(html)['genesys-statistics-rx']).toBeUndefined();
  });

  it('F232: the numbers of a formula that throws, whose error is rendered and ends no process', async () => {
    class Broken {
      readonly figure = injectKpi({ a: { name: 'a', ...sales } }, () => {
        throw new Error('no formula');
      });
    }
    component(Broken, { selector: 'app-root', template: '{{ figure.error()?.message }}' });
    const html = await renderWith(Broken).html;
    expect([shownBy(html), JSON.stringify(carriedBy(html)['genesys-statistics-rx'])]).toEqual(['no formula', expect.stringContaining('{"a":7.5}')]);
  });

  it('F231: nothing of what parse throws at; the ErrorHandler is given what it threw', async () => {
    const html = await renderWith(
      showing(() =>
        injectStatistic('a', sales, {
          parse: (): number => {
            throw new Error('no');
          },
        }),
      ),
    ).html;
    expect([shownBy(html), carriedBy(html)['genesys-statistics-rx'], reported.map(String)]).toEqual(['loading', undefined, ['Error: no']]);
  });
});
