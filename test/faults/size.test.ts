/** F17, F18, F24: answers that are too large or hold too much. Memory, time and sockets stay limited. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eventsOf, record, startClient, until } from '../support/journey.js';
import { errorsOf, survives, poison, reads, startLive } from '../support/ordeal.js';
import { envelope, startScriptedServer, take, type Action, type ScriptedServer } from '../support/scripted-server.js';

const mebibyte = 1024 * 1024;

describe('F17: bodies beyond the limit', () => {
  /** The peak memory of a child process in MiB. On Linux, maxRSS of a child includes its parent's memory, but VmHWM does not. */
  async function peakOf(program: string): Promise<number> {
    const measure = `
      const { existsSync, readFileSync } = await import('node:fs');
      const status = '/proc/self/status';
      console.log(existsSync(status) ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))[1] : process.resourceUsage().maxRSS);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program + measure], {
      cwd: new URL('../..', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    return Number(output) / 1024;
  }

  it('a gzip of 100 KB that unpacks to 100 MB costs at most 32 MB, while fetch().json() holds all of it', async () => {
    const bomb = gzipSync(`{"status":{"code":0},"data":{"statistics":[{"value":"${'0'.repeat(100_000_000)}"}]}}`, { level: 9 });
    expect(bomb.length).toBeLessThan(125_000);
    const server = await startScriptedServer();
    const watch = (until: string): string => `
      import { createStatisticsClient } from 'genesys-statistics-rx';
      const client = createStatisticsClient({ baseUrl: '${server.url}', request: { maxBodyBytes: ${mebibyte} }, retry: { minTimeout: 5, maxTimeout: 5 }, poll: { interval: 5, maxInterval: 5 } });
      let count = 0;
      await new Promise((resolve) => {
        client.events$.subscribe((event) => event.type === '${until}' && ++count === 8 && resolve());
        client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe();
      });
      await client.close();`;
    const baseline = await peakOf(watch('polled'));
    server.script = take('read', { headers: { 'content-encoding': 'gzip' }, body: bomb });
    const ours = await peakOf(watch('retrying'));
    const plain = await peakOf(`await (await fetch('${server.url}/subscriptions/1/statistic-values')).json();`);
    expect(ours - baseline).toBeLessThan(32);
    expect(plain - baseline).toBeGreaterThan(100);
  }, 60_000);

  it('an endless body is cut off, and its socket is released', async () => {
    const endless: Action = ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const more = (): void => {
        while (!socket.destroyed && socket.write(`10000\r\n${'0'.repeat(0x10000)}\r\n`)) {
          // until the client stops reading
        }
        socket.once('drain', more);
      };
      more();
    };
    const { server } = await survives(endless, { reports: /larger than 1048576 bytes/, kind: 'too-large' }, { request: { maxBodyBytes: mebibyte, timeout: 2000 } });
    await until('its sockets are closed', () => server.sockets.open <= 1);
  });

  const queues = Array.from({ length: 8 }, (_, index) => ({ objectId: `queue${index}`, objectType: 'Queue' }));
  /** Makes every value of an answer longer by this number of characters. */
  const padded = (server: ScriptedServer, size: () => number): void => {
    server.script = ({ operation }) =>
      operation === 'open' || operation === 'read'
        ? ({ send, serve }) => {
            const { status, body } = serve();
            send({ ...(status === undefined ? {} : { status }), body: String(body).replaceAll('"intValue":', `"padding":"${'x'.repeat(size())}","intValue":`) });
          }
        : undefined;
  };

  it('a correct answer that has outgrown the limit: its batch is divided until all fit, and no stream errors', async () => {
    const server = await startScriptedServer();
    let size = 0;
    padded(server, () => size);
    const client = startClient(server.url, { request: { maxBodyBytes: 3000 } });
    const all = queues.map((queue) => record(client.statistic$('Total_Answered', queue)));
    await until('all have a value', () => all.every(({ values }) => values.length === 1));
    expect(server.of('open')).toHaveLength(1);
    size = 800;
    await until('all have the larger value', () => all.every(({ values }) => (values.at(-1)?.value as { padding: string }).padding.length === 800));
    expect(all.every(({ error }) => error === undefined)).toBe(true);
    await client.close();
    expect(new Set(server.node.deleted)).toEqual(new Set(server.node.opened));
  });

  it('a statistic that alone exceeds the limit is never rejected: health$ reports why it has no value', async () => {
    const server = await startScriptedServer();
    padded(server, () => 5000);
    const client = startClient(server.url, { request: { maxBodyBytes: 3000 } });
    const health = record(client.health$);
    const one = record(client.statistic$('Total_Answered', queues[0] ?? { objectId: '', objectType: '' }));
    await until('eight attempts', () => server.of('open').length >= 8);
    expect(one).toMatchObject({ values: [], error: undefined });
    expect(errorsOf(health).every(({ message }) => message.endsWith('the answer is larger than 3000 bytes'))).toBe(true);
  });
});

describe('F18: answers with excessive content', () => {
  const many = (count: number, each: string): string => Array.from({ length: count }, () => each).join(',');
  const deep = (levels: number): string => `${'['.repeat(levels)}${poison}${']'.repeat(levels)}`;

  it.each<[string, string, RegExp]>([
    ['a hundred thousand statistics', `{"data":{"statistics":[${many(100_000, '{"name":"x"}')}]}}`, /^the answer holds 100000 statistics, and 1 were asked for/],
    ['a value a million levels deep', `{"data":{"statistics":[{"name":"Total_Answered","objectId":"Sales@SIP","objectType":"Queue","value":${deep(1_000_000)}}]}}`, /no usable JSON/],
    ['an envelope a million levels deep', `{"data":${deep(1_000_000)}}`, /no usable JSON/],
    ['a failure of a hundred thousand details', `{"status":{"code":7,"message":"much","detail":[${many(100_000, '{"a":1}')}]}}`, /answered 200 with code 7: much$/],
    ['an error page of 10 MB', `<html>${'x'.repeat(10_000_000)}`, /no usable JSON: <html>x+\.\.\.$/],
  ])('%s is unusable, and refused quickly', async (_, body, reports) => {
    const { server, health, one } = await startLive();
    server.script = take('read', { body }, 2);
    await reads(server, 3);
    await until('all is well', () => health.values.at(-1)?.status === 'live');
    const errors = errorsOf(health);
    expect(errors.length).toBeGreaterThan(0);
    errors.forEach((error) => expect(error.message).toMatch(reports));
    errors.forEach((error) => expect(JSON.stringify(error).length).toBeLessThan(2000));
    server.node.values['Total_Answered'] = 2;
    await until('the change', () => one.values.length === 2);
    expect(one.values).toEqual([1, 2]);
  });

  it('a string of 10 MB is an ordinary value, emitted once', async () => {
    const { server, client } = await startLive();
    const values: number[] = [];
    client.statistic$('Total_Answered', { objectId: 'Sales@SIP', objectType: 'Queue' }).subscribe(({ value }) => values.push(JSON.stringify(value).length));
    server.script = ({ operation, id }) =>
      operation === 'read' ? { body: envelope({ subscriptionId: id, statistics: server.node.open.get(id)?.map((each) => ({ ...each, value: 'x'.repeat(10_000_000) })) }) } : undefined;
    await until('it is shown', () => values.length === 2);
    await reads(server, 2);
    expect(values.slice(1)).toEqual([10_000_002]);
  });
});

describe('F24: unneeded bodies of errors are read to the end', () => {
  it.each([429, 500, 503])('40 polls answered %i with 256 KB: at most two sockets more than upstreams', async (status) => {
    const { server, client } = await startLive({ retry: { minTimeout: 4, maxTimeout: 8 }, poll: { interval: 4, maxInterval: 4, staleAfter: 5000 } });
    const retrying = eventsOf(client, 'retrying');
    let turn = 0;
    // Every second poll succeeds. Otherwise two consecutive failures would reopen the subscription.
    server.script = ({ operation }) =>
      operation === 'read' && ++turn % 2 !== 0 ? { status, headers: { 'content-type': 'text/html' }, body: 'x'.repeat(256 * 1024) } : undefined;
    while (retrying.length < 40) {
      await reads(server, 10);
    }
    expect(server.of('open')).toHaveLength(1);
    expect(server.sockets.most).toBeLessThanOrEqual(1 + 2);
  });
});
