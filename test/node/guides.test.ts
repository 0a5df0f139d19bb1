/** The guides about streams: their snippets are the examples, all of which CI runs, and the names in their tables are those of the code. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createStatisticsClient } from '../../src/index.js';
import { exportMetrics } from '../../src/node/index.js';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const guides = ['server-sent-events', 'prometheus', 'health-endpoint', 'logs-and-traces', 'database'];

describe('the guides', () => {
  it.each(guides)('%s shows its example as it is', (guide) => {
    const snippets = [...read(`docs/guides/${guide}.md`).matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)];
    expect(snippets.map(([, path]) => path)).toEqual([`examples/${guide}.ts`]);
    expect(snippets[0]?.[2]).toBe(read(`examples/${guide}.ts`));
  });

  it('prometheus: the table has the metrics that there are, each with its type', async () => {
    const client = createStatisticsClient({ baseUrl: 'http://127.0.0.1:9/statistics/v3' });
    const register = new Registry();
    const end = exportMetrics(client, [{ name: 'Current_In_Queue', objectId: 'Sales@SIP', objectType: 'Queue' }], { register });
    const exported = (await register.getMetricsAsJSON()).map(({ name, type }) => [name, String(type)]);
    end();
    await client.close();
    const told = [...read('docs/guides/prometheus.md').matchAll(/^\| `(\w+)(?:\{.*\})?` \| (\w+) \|/gm)].map(([, name, type]) => [name, type]);
    expect(told.sort()).toEqual(exported.sort());
  });
});
