/** A client's reports on diagnostics channels: all of them, in order, until it ends; and nothing on the way. */
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Health, StatisticsEvent } from '../../src/index.js';
import { publishDiagnostics } from '../../src/node/index.js';
import { eventsOf, record, sales, startClient, startSimulator, until } from '../support/journey.js';

/** What comes on a channel. */
function listen<T>(name: string): T[] {
  const messages: T[] = [];
  const listener = (message: unknown): void => void messages.push(message as T);
  subscribe(name, listener);
  onTestFinished(() => void unsubscribe(name, listener));
  return messages;
}

describe('publishDiagnostics', () => {
  it('publishes every event and every change of health, as the client reports them', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const [events, healths] = [listen<StatisticsEvent>('genesys-statistics-rx:event'), listen<Health>('genesys-statistics-rx:health')];
    publishDiagnostics(client);
    const [reportedEvents, reportedHealths] = [record(client.events$), record(client.health$)];
    const polled = eventsOf(client, 'polled');
    client.statistic$('Current_In_Queue', sales).subscribe();
    await until('it polled', () => polled.length > 1);
    await client.close();
    expect(events).toEqual(reportedEvents.values);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['opened', 'polled', 'deleted']));
    expect(healths).toEqual(reportedHealths.values);
    expect([...new Set(healths.map(({ status }) => status))]).toEqual(['idle', 'connecting', 'live', 'closed']);
  });

  it('sends nothing, and counts as no observer', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const healths = listen<Health>('genesys-statistics-rx:health');
    publishDiagnostics(client);
    await client.close();
    expect(simulator.ledger.requests).toEqual([]);
    expect(healths[0]).toMatchObject({ status: 'idle', observers: 0 });
  });

  it('ends by the function it returns', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    const healths = listen<Health>('genesys-statistics-rx:health');
    const end = publishDiagnostics(client);
    expect(healths).toHaveLength(1);
    end();
    await client.close();
    expect(healths).toHaveLength(1);
  });

  it('costs nothing where nobody listens, and leaves no listener behind', async () => {
    const simulator = await startSimulator();
    const client = startClient(simulator.url);
    publishDiagnostics(client)();
    expect(channel('genesys-statistics-rx:event').hasSubscribers).toBe(false);
  });

  it.each([undefined, null, {}, { events$: 1, health$: 2 }])('refuses %o', (client) => {
    expect(() => publishDiagnostics(client as never)).toThrow('client must be a client with events$ and health$, got');
  });
});
