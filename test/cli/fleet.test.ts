/** What `genesys-statistics fleet` prints of a fleet. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeFleet } from '../../src/cli/commands/fleet.js';
import { createFleetClient, memoryBus } from '../../src/fleet/index.js';
import { quick, record, sales, startSimulator, until } from '../support/journey.js';

describe('fleet', () => {
  it('says that nobody leads', async () => {
    expect(await describeFleet(memoryBus(), 'https://host/v3', 0)).toBe('Nobody leads a fleet for https://host/v3.');
  });

  it('says who leads, since when, for how many, and how it is', async () => {
    const [simulator, bus] = [await startSimulator(), memoryBus()];
    const client = createFleetClient({ baseUrl: simulator.url, bus, lease: 300, ...quick });
    onTestFinished(() => client.close());
    const { values } = record(client.statistic$('Current_In_Queue', sales));
    let text = '';
    const look = (): void => void describeFleet(bus, `${simulator.url}/`, Date.now()).then((told) => (text = told));
    await until('the leader has reported', () => (look(), values.length > 0 && text.includes('live')));
    expect(text.replace(/\d{4}-\S+Z|\d+\.\d+/g, 'N')).toBe(
      ['leader      member-1', 'since       N (N s)', 'last heard  N s ago', 'status      live', 'demand      1 statistics and sets, of 1 processes', 'upstreams   1, with 1 statistics', 'lag         N ms for the last publication'].join('\n'),
    );
  });
});
