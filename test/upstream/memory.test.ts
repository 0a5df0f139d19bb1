/** F121: closed upstreams are released: no value, error or stack of one retains the upstream that it came from. */
import { queryObjects } from 'node:v8';
import type { Subscription } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createClientOn } from '../support/client-on.js';
import type { StatisticsClient } from '../../src/index.js';
import { reasonToEnd } from '../../src/model/errors.js';
import { Cell } from '../../src/sharing/cell.js';
import { createMemoryServer, reply, type MemoryServer } from '../support/memory-server.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

const queue = (number: number): { objectId: string; objectType: string } => ({ objectId: `Queue${number}@SIP`, objectType: 'Queue' });
const nobody = { error: (): void => undefined };

function start(): { clock: VirtualClock; server: MemoryServer; client: StatisticsClient } {
  const clock = createVirtualClock();
  const server = createMemoryServer(() => clock.monotonic());
  const client = createClientOn(clock, {
    baseUrl: 'https://host/statistics/v3',
    transport: server.transport,
    poll: { interval: 1000, maxInterval: 1000 },
    sharing: { linger: 500, maxIdle: 8 },
  });
  return { clock, server, client };
}

/** The number of objects that are alive after a garbage collection. */
const living = (kind: typeof AbortController | typeof Cell): number => queryObjects(kind, { format: 'count' });

describe('F121: a client that lives for weeks', () => {
  it('retains none of the upstreams that it has closed, although it remembers their statistics', async () => {
    const { clock, server, client } = start();
    let newest = 0;
    const watching: Subscription[] = [];
    async function churn(): Promise<void> {
      for (let step = 0; step < 60; step++) {
        watching.push(client.statistic$('Total_Answered', queue(newest++)).subscribe());
        if (step % 3 === 0) {
          watching.shift()?.unsubscribe();
        }
        await clock.advance(700);
      }
      watching.splice(5).forEach((each) => each.unsubscribe());
      await clock.advance(20_000);
    }
    await churn();
    const [before, opened] = [living(AbortController), server.opened.length];
    for (let round = 0; round < 5; round++) {
      await churn();
    }
    expect(server.opened.length - opened).toBeGreaterThan(50);
    expect(living(AbortController) - before).toBeLessThanOrEqual(4);
    await client.close();
  });

  it('retains no unobserved statistic, even if it could not move', async () => {
    const { clock, server, client } = start();
    const before = living(Cell);
    for (let round = 0; round < 5; round++) {
      const set = client.subscription$([{ name: 'Total_Answered', ...queue(round) }]).subscribe(nobody);
      await clock.advance(100);
      const guest = client.statistic$('Total_Answered', queue(round)).subscribe(nobody);
      await clock.advance(100);
      server.fault = ({ method }) => (method === 'POST' ? reply(400, { status: { code: 1400, message: 'no' } }) : undefined);
      // The statistic that joined the set needs another upstream, and is refused.
      set.unsubscribe();
      await clock.advance(300);
      guest.unsubscribe();
      server.fault = undefined;
      await clock.advance(60_000);
    }
    expect(living(Cell) - before).toBe(0);
    await client.close();
  });

  it('retains nothing through the reasons of its aborts', async () => {
    class Worker {
      end(): Error {
        return reasonToEnd('enough');
      }
    }
    const make = (): Error => new Worker().end();
    const reason = make();
    // Frames that have returned still lie on the stack, and the garbage collector scans them.
    await new Promise((resolve) => setImmediate(resolve));
    expect(queryObjects(Worker, { format: 'count' })).toBe(0);
    expect(reason.message).toBe('enough');
  });
});
