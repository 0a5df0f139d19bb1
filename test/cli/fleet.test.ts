/** What `genesys-statistics fleet` prints of a fleet. */
import { noop } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeFleet } from '../../src/cli/commands/fleet.js';
import { createFleetClient, memoryBus } from '../../src/fleet/index.js';
import { quick, record, sales, startSimulator, until } from '../support/journey.js';

describe('fleet', () => {
  it('says that nobody leads', async () => {
    expect(await describeFleet(memoryBus(), 'https://host/v3', 0)).toBe('Nobody leads a fleet for https://host/v3.');
  });

  it('says that a report of another version cannot be read, and not that nobody leads', async () => {
    const bus = memoryBus();
    const hooks = { down: noop, news: noop, demand: noop, asked: noop, vacant: noop, yield: noop };
    await new Promise<void>((up) => {
      const member = bus.join('https://host/v3', {
        ...hooks,
        up: () => void member.elect(10_000, 0).then(({ fence }) => member.publish({ fence, sequence: 1, changes: ['leader', '{"of":"another version"}'] }, 10_000)).then(() => up()),
      });
    });
    await expect(describeFleet(bus, 'https://host/v3', 0)).rejects.toThrow('somebody leads, but its report cannot be read: it may be of another version');
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
