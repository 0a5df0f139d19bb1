/** The other entries on a fleet client, unchanged: what they take is a client, and a fleet client is one. */
import { Readable } from 'node:stream';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { injectHealth, injectStatistic, injectStatistics, provideStatistics } from '../../src/angular/index.js';
import { numberOf, StatisticsOptionError, type StatisticsClient } from '../../src/index.js';
import { abandonRate, kpi, queue$ } from '../../src/kpi/index.js';
import { toNdjson, toReadable } from '../../src/node/index.js';
import { setUpTestBed } from '../angular/support.js';
import { startFleet, type FleetRig } from '../support/fleet.js';
import { record, sales } from '../support/journey.js';

setUpTestBed();

/** A leader, and a follower for the entry to work on. */
async function start(): Promise<{ rig: FleetRig; follower: StatisticsClient }> {
  const rig = startFleet();
  record(rig.join().statistic$('Total_Answered', sales));
  await rig.clock.advance(100);
  return { rig, follower: rig.join() };
}

describe('on a fleet client', () => {
  it('./kpi computes from whole snapshots of another process', async () => {
    const { rig, follower } = await start();
    rig.server.values.set('Total_Answered', 75).set('Total_Abandoned', 25);
    const definitions = { answered: { name: 'Total_Answered', ...sales }, abandoned: { name: 'Total_Abandoned', ...sales } };
    const rate = record(follower.subscription$(definitions).pipe(kpi(abandonRate)));
    const queue = record(queue$(follower, sales.objectId));
    await rig.clock.advance(1000);
    expect(rate.values).toEqual([25]);
    expect(queue.values.at(-1)).toMatchObject({ answered: 75, abandoned: 25 });
    expect(rig.server.opened.length - rig.server.deleted.length).toBe(1);
  });

  it('./node makes streams of its observables', async () => {
    const { rig, follower } = await start();
    const lines: string[] = [];
    const stream = toReadable(follower.statistic$('Total_Answered', sales)).pipe(toNdjson());
    stream.on('data', (line: Buffer | string) => lines.push(String(line)));
    expect(stream).toBeInstanceOf(Readable);
    await rig.clock.advance(500);
    rig.server.values.set('Total_Answered', 3);
    await rig.clock.advance(500);
    expect(lines.map((line) => (JSON.parse(line) as { value: unknown }).value)).toEqual([{ intValue: 0 }, { intValue: 3 }]);
    stream.destroy();
  });

  it('./angular provides it, injects from it, and closes it with the application', async () => {
    const { rig, follower } = await start();
    TestBed.configureTestingModule({ providers: [provideStatistics(() => follower)] });
    const [value, health] = TestBed.runInInjectionContext(() => [injectStatistic('Total_Answered', sales, { parse: ({ value: given }) => numberOf(given) }), injectHealth()] as const);
    TestBed.tick();
    await rig.clock.advance(500);
    expect([value.status(), value.value(), health().status]).toEqual(['resolved', 0, 'live']);
    rig.server.values.set('Total_Answered', 5);
    await rig.clock.advance(500);
    expect(value.value()).toBe(5);
    const after = record(TestBed.runInInjectionContext(injectStatistics).health$);
    TestBed.resetTestingModule();
    await rig.clock.advance(500);
    expect([after.values.at(-1)?.status, after.completed]).toEqual(['closed', true]);
  });

  it('./angular leaves a client that it is given as it is open, since others may use it', async () => {
    const { rig, follower } = await start();
    TestBed.configureTestingModule({ providers: [provideStatistics(follower)] });
    TestBed.runInInjectionContext(injectStatistics);
    TestBed.resetTestingModule();
    await rig.clock.advance(500);
    expect(record(follower.health$).values.at(-1)?.status).not.toBe('closed');
  });

  it('./angular reports options that are missing as options that do not fit', () => {
    TestBed.configureTestingModule({ providers: [provideStatistics(() => undefined as never)] });
    expect(() => TestBed.runInInjectionContext(injectStatistics)).toThrow(StatisticsOptionError);
    TestBed.resetTestingModule();
  });
});
