/**
 * The test that every transient fault must pass, on opening and on polling. Only health$ reports the fault, none of its content is
 * emitted as a value, and it leaves nothing open. Owns this course of events. Knows no fault.
 */
import { expect } from 'vitest';
import { numeric, type Health, type StatisticsClient, type StatisticsClientOptions } from '../../src/index.js';
import { record, sales, startClient, until, type Recording } from './journey.js';
import { startScriptedServer, take, type Action, type ScriptedServer } from './scripted-server.js';

/** A value that only faulty answers hold, so no observer may ever be shown it. */
export const poison = 999;

export interface Live {
  readonly server: ScriptedServer;
  readonly client: StatisticsClient;
  /** `Total_Answered` of `sales`, which is 1 at the start. */
  readonly one: Recording<number | null>;
  readonly health: Recording<Health>;
}

/** Starts a client with one statistic, and waits for its value and a poll. */
export async function startLive(options: Partial<StatisticsClientOptions> = {}, before?: ScriptedServer): Promise<Live> {
  const server = before ?? (await startScriptedServer());
  // A long timeout, so that a busy machine causes no failure of its own.
  const client = startClient(server.url, { request: { timeout: 5000 }, ...options });
  const health = record(client.health$);
  server.node.values['Total_Answered'] = 1;
  const one = record(client.statistic$('Total_Answered', sales).pipe(numeric()));
  await until('it has its value and was polled', () => one.values.length === 1 && server.of('read').length > 1);
  return { server, client, one, health };
}

/** Waits for the next `count` reads, whatever their outcome. */
export async function reads(server: ScriptedServer, count: number): Promise<void> {
  const before = server.of('read').length;
  await until(`${count} more reads`, () => server.of('read').length > before + count);
}

export async function allDeleted({ node }: ScriptedServer): Promise<void> {
  await until('all that was opened is deleted', () => node.opened.every((id) => node.deleted.includes(id)));
}

/** @returns every error that health$ reported. */
export function errorsOf(health: Recording<Health>): NonNullable<Health['lastError']>[] {
  return health.values.flatMap(({ lastError }) => lastError ?? []);
}

/** Polls so rarely that anything which arrives shortly after an answer arrives long before the next request. */
export const seldom = { poll: { interval: 250, maxInterval: 250, staleAfter: 5000 } } as const satisfies Partial<StatisticsClientOptions>;

export interface Expected {
  /** The message of the error in health$; `undefined` if health$ must not report the fault. */
  readonly reports: RegExp | undefined;
  readonly kind?: string;
}

/** Applies the fault to the first open, and later to two polls. Returns its effects. */
export async function survives(fault: Action, { reports, kind }: Expected, options: Partial<StatisticsClientOptions> = {}): Promise<Live> {
  const server = await startScriptedServer();
  server.script = take('open', fault, 1);
  const live = await startLive(options, server);
  const { one, health } = live;
  server.script = take('read', fault, 2);
  await reads(server, 2);
  server.node.values['Total_Answered'] = 2;
  await until('the change', () => one.values.length === 2);
  await until('all is well', () => health.values.at(-1)?.status === 'live');
  expect(one.values).toEqual([1, 2]);
  expect(one.error).toBeUndefined();
  const errors = errorsOf(health);
  if (reports === undefined) {
    expect(errors).toEqual([]);
  } else {
    expect(errors[0]?.message).toMatch(/^POST \/subscriptions/);
    expect(errors.at(-1)?.message).toMatch(/^GET \/subscriptions\/[^/]+\/statistic-values/);
    errors.forEach((error) => expect(error).toMatchObject({ message: expect.stringMatching(reports) as string, ...(kind === undefined ? {} : { kind }) }));
  }
  one.unsubscribe();
  await allDeleted(server);
  return live;
}
