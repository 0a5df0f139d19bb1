/** Metrics as a scrape gives them: what they say agrees with the simulator, and a series is there only while its statistic is live. */
import { Registry, register as globalRegister } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StatisticsOptionError } from '../../src/index.js';
import { exportMetrics, type MetricsOptions } from '../../src/node/index.js';
import { answered, eventsOf, kim, quick, sales, startClient, startSimulator, support, until } from '../support/journey.js';

const waiting = { name: 'Current_In_Queue', ...sales };
const inline = { definition: { category: 'TotalNumber', subject: 'DNAction', mainMask: 'CallEntered' }, ...sales };

/** The samples of a scrape: from a name with its labels to a number. */
async function scrape(register: Registry): Promise<Record<string, number>> {
  const lines = (await register.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

const seriesOf = (samples: Record<string, number>): string[] => Object.keys(samples).filter((name) => name.startsWith('genesys_statistics_value{'));

async function start(definitions: Parameters<typeof exportMetrics>[1] = [waiting], options: Partial<MetricsOptions> = {}, staleAfter: number = quick.poll.staleAfter) {
  const simulator = await startSimulator();
  const client = startClient(simulator.url, { poll: { ...quick.poll, staleAfter } });
  const register = new Registry();
  const polled = eventsOf(client, 'polled');
  const retrying = eventsOf(client, 'retrying');
  const end = exportMetrics(client, definitions as never, { register, ...options });
  onTestFinished(end);
  const untilScraped = async (what: string, holds: (samples: Record<string, number>) => boolean): Promise<Record<string, number>> => {
    let samples = await scrape(register);
    await until(what, () => {
      void scrape(register).then((latest) => (samples = latest));
      return holds(samples);
    });
    return samples;
  };
  return { simulator, client, register, polled, retrying, end, untilScraped };
}

describe('exportMetrics', () => {
  it('gives a series per statistic with its labels, and follows its value', async () => {
    const { simulator, untilScraped } = await start([waiting, { name: 'Current_In_Queue', ...support }]);
    const own = 'genesys_statistics_value{statistic="Current_In_Queue",object="Sales@SIP",type="Queue"}';
    simulator.set(waiting, 12);
    expect(seriesOf(await untilScraped('12 wait', (samples) => samples[own] === 12))).toHaveLength(2);
    simulator.set(waiting, 0);
    await untilScraped('none wait', (samples) => samples[own] === 0);
  });

  it('names an inline definition by its key in a record, and a statistic by its name', async () => {
    const { untilScraped } = await start({ entered_today: inline, whatever: waiting });
    const samples = await untilScraped('both are there', (now) => seriesOf(now).length === 2);
    expect(seriesOf(samples).sort()).toEqual([
      'genesys_statistics_value{statistic="Current_In_Queue",object="Sales@SIP",type="Queue"}',
      'genesys_statistics_value{statistic="entered_today",object="Sales@SIP",type="Queue"}',
    ]);
  });

  it('gives what the client does', async () => {
    const { simulator, client, polled, retrying, untilScraped, register } = await start();
    await answered(simulator, 'read', 3);
    client.statistic$('Current_In_Queue', support).subscribe();
    await untilScraped('two observers', (samples) => samples['genesys_statistics_observers'] === 2);
    // A single fault might hit a poll of an upstream that ends because its statistics move.
    const heal = simulator.fault({ operation: 'read', kind: 'status', status: 500, times: Infinity });
    await until('a failure', () => retrying.length > 0);
    heal();
    const [before, samples, after] = [polled.length, await scrape(register), polled.length];
    expect(samples['genesys_statistics_polls_total']).toBeGreaterThanOrEqual(before);
    expect(samples['genesys_statistics_polls_total']).toBeLessThanOrEqual(after);
    expect(samples['genesys_statistics_failures_total']).toBe(retrying.length);
    expect(samples['genesys_statistics_upstreams']).toBeGreaterThan(0);
    const age = Date.now() / 1000 - (samples['genesys_statistics_last_success_timestamp_seconds'] ?? 0);
    expect(age).toBeLessThan(60);
    expect(age).toBeGreaterThan(-1);
  });

  it('has no last success before the first', async () => {
    const register = new Registry();
    const client = startClient('http://127.0.0.1:9/statistics/v3');
    onTestFinished(exportMetrics(client, [waiting], { register }));
    const samples = await scrape(register);
    expect(samples).not.toHaveProperty('genesys_statistics_last_success_timestamp_seconds');
    expect(seriesOf(samples)).toEqual([]);
    expect(samples['genesys_statistics_observers']).toBe(1);
  });

  it('drops a series while its statistic is stale, and gives it again', async () => {
    const { simulator, untilScraped } = await start([waiting], {}, 500);
    await untilScraped('it is there', (samples) => seriesOf(samples).length === 1);
    const undo = simulator.fault({ kind: 'status', status: 500, times: Infinity });
    await untilScraped('it is stale', (samples) => seriesOf(samples).length === 0);
    undo();
    await untilScraped('it is live again', (samples) => seriesOf(samples).length === 1);
  });

  it('drops a series whose value is no number', async () => {
    const { simulator, untilScraped } = await start([waiting, { name: 'CurrentAgentState', ...kim }]);
    const samples = await untilScraped('the number is there', (now) => seriesOf(now).length > 0);
    expect(seriesOf(samples)).toEqual([expect.stringContaining('Current_In_Queue')]);
    simulator.set(waiting, 'unknown');
    await untilScraped('it is none', (now) => seriesOf(now).length === 0);
  });

  it('has no series of what the server refuses, and keeps the others', async () => {
    const { untilScraped } = await start([waiting, { name: 'No_Such_Statistic', ...sales }]);
    const samples = await untilScraped('the other is there', (now) => seriesOf(now).length > 0);
    expect(seriesOf(samples)).toEqual([expect.stringContaining('Current_In_Queue')]);
  });

  it('drops all series when the client is closed', async () => {
    const { client, register, untilScraped } = await start();
    await untilScraped('it is there', (samples) => seriesOf(samples).length === 1);
    await client.close();
    expect(seriesOf(await scrape(register))).toEqual([]);
  });

  it('ends by the function it returns: nothing is observed, nothing is registered', async () => {
    const { simulator, client, register, end, untilScraped } = await start();
    await untilScraped('it is there', (samples) => seriesOf(samples).length === 1);
    end();
    expect(await scrape(register)).toEqual({});
    await until('all is deleted', () => simulator.ledger.open.length === 0);
    // The names are free again.
    exportMetrics(client, [waiting], { register })();
  });

  it('takes a prefix, so that two clients fit into one registry; a name that is taken leaves nothing behind', async () => {
    const { client, register } = await start([waiting], { prefix: 'a_' });
    onTestFinished(exportMetrics(client, [waiting], { register, prefix: 'b_' }));
    const names = register.getMetricsAsArray().map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('b_'))).toHaveLength(6);
    register.removeSingleMetric('a_value');
    expect(() => exportMetrics(client, [waiting], { register, prefix: 'a_' })).toThrow('already been registered');
    expect(register.getMetricsAsArray().map(({ name }) => name)).not.toContain('a_value');
  });

  it('adds nothing to the global registry unless that is the one', async () => {
    await start();
    expect(globalRegister.getMetricsAsArray()).toEqual([]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['no definitions', [], {}, 'definitions must be a non-empty array or record of statistics, got an array'],
    ['definitions that are none', 'a', {}, 'definitions must be a non-empty array or record of statistics, got "a"'],
    ['a member that is none', [null], {}, 'definitions[0] must be a statistic, got null'],
    ['a member without an object', { a: { name: 'a' } }, {}, 'objectId must be'],
    ['a nameless one', [inline], {}, 'definitions[0] must be a statistic with a name, or a member of a record, whose key is its name, got an object'],
    ['labels twice', { Current_In_Queue: inline, b: waiting }, {}, 'definitions.b would have the same labels as another statistic'],
    ['no register', [waiting], { register: undefined }, 'register must be a Registry of prom-client, got undefined'],
    ['a prefix that is no name', [waiting], { prefix: 'a-' }, 'prefix must be a text of letters, digits, _ and :, got "a-"'],
    ['an unknown option', [waiting], { prefx: 'a' }, 'options has no "prefx", only register, prefix'],
  ])('refuses %s', (_, definitions, options, message) => {
    const client = startClient('http://127.0.0.1:9/statistics/v3');
    const register = new Registry();
    const run = (): unknown => exportMetrics(client, definitions as never, { register, ...(options as object) });
    expect(run).toThrow(expect.objectContaining({ constructor: StatisticsOptionError, message: expect.stringContaining(message) as string }));
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it('says which package is missing where prom-client is not installed', async () => {
    vi.resetModules();
    vi.doMock('node:module', () => ({
      createRequire: () => () => {
        throw new Error('Cannot find module');
      },
    }));
    onTestFinished(() => vi.doUnmock('node:module'));
    const { exportMetrics: withoutPeer } = await import('../../src/node/export-metrics.js');
    const client = startClient('http://127.0.0.1:9/statistics/v3');
    expect(() => withoutPeer(client, [waiting], { register: new Registry() })).toThrow(/npm install prom-client/);
  });
});
