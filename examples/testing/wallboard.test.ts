// A wallboard's tests on a simulator without sockets: each has a contact centre of its own, and nothing waits for the network.
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStatisticsClient, type StatisticsClient } from 'genesys-statistics-rx';
import { createSimulator, type Simulator } from 'genesys-statistics-rx/simulator';
import { agentLine$, queueLine$ } from './wallboard.ts';

let simulator: Simulator;
let client: StatisticsClient;
let lines: string[];

beforeEach(async () => {
  simulator = await createSimulator({ listen: false, clock: 'manual', seed: 7, startAt: new Date('2026-05-04T09:00:00Z') });
  client = createStatisticsClient({ baseUrl: simulator.url, transport: simulator.transport, poll: { interval: 10 } });
  lines = [];
});
afterEach(async () => {
  await client.close();
  // The code under test has left everything that it opened. A leak would show here.
  expect(simulator.ledger.open).toEqual([]);
  await simulator.close();
});

test('a value: the queue has so many waiting', async () => {
  simulator.set({ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }, 12);
  expect(await firstValueFrom(queueLine$(client, 'Sales@SIP'))).toMatch(/^Sales@SIP: 12 waiting, \d+(\.\d+)?\s?%$/);
});

test('behaviour: an agent that pauses shows as such', async () => {
  agentLine$(client, 'kim').subscribe((line) => lines.push(line));
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  simulator.agent('kim').become('NotReady');
  await expect.poll(() => lines.at(-1)).toBe('kim: notReady');
});

test('a bad minute: the server fails, and the line comes back', async () => {
  const undo = simulator.fault({ kind: 'status', status: 503, times: Infinity });
  queueLine$(client, 'Sales@SIP').subscribe((line) => lines.push(line));
  await expect.poll(() => simulator.ledger.count('open')).toBeGreaterThan(0);
  expect(lines).toEqual([]);
  undo();
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
});
