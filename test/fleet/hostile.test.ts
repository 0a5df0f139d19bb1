/** G19: whatever is on the bus, a member neither throws, nor shows made-up objects, nor follows a number that the bus does not vouch for. */
import { describe, expect, it } from 'vitest';
import { readLine } from '../../src/fleet/line.js';
import { readReport } from '../../src/fleet/report.js';
import { readTopic, topicOf } from '../../src/fleet/topic.js';
import { readDemand, readNews, readRemembered } from '../../src/redis/messages.js';
import { readMessage } from '../../src/tabs/channel.js';
import { numeric } from '../../src/index.js';
import { record, sales } from '../support/journey.js';
import { lease, startFleet } from '../support/fleet.js';

const topic = topicOf('Waiting', sales);
const deep = '['.repeat(100_000) + ']'.repeat(100_000);

describe('G19, F185: hostile messages', () => {
  it.each(['', 'null', '{}', '[]', '[0]', '[0,1,null]', '[0,1,[]]', '[0,1,[[1]]]', '[0,1,[[1,2,3]]]', '[9,1,[[1,2]]]', '[0,null,[[1,2]]]', '[2,1,null]', '[0,1,[[1,2],[1,2]]]', '[0,1e999,[[1,2]]]', '[0,1,[["1",2]]]'])(
    'the line %j is no update',
    (line) => {
      expect(readLine(line, topic)).toBeUndefined();
    },
  );

  it('a line that nests too deep is no update', () => {
    expect(readLine(`[0,1,[[1,${deep}]]]`, topic)).toBeUndefined();
  });

  it('a line reaches no prototype, and names neither object nor statistic', () => {
    const update = readLine('[0,1,[[1,{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"id"]]]', topic);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(update?.values?.[0]).toMatchObject({ name: 'Waiting', ...sales, statisticId: 'id' });
    expect(Object.getPrototypeOf(update?.values?.[0]?.value)).toBe(Object.prototype);
    expect(Object.isFrozen(update?.values?.[0]?.value)).toBe(true);
  });

  it.each(['', '[]', '{}', '[[]]', '["a","b"]', '["a",1,"c"]', '[["a","b","c"],"d"]', '[ "a","b","c"]', '[{"b":1,"a":2},"o","t"]', deep])('the key %# is no topic', (key) => {
    expect(readTopic(key)).toBeUndefined();
  });

  it.each([[readNews, '1 2 3'], [readNews, '99999999999999999 1\na\nb'], [readNews, '-1 1'], [readDemand, 'a b c'], [readDemand, 'a 1.5'], [readRemembered, '1'], [readRemembered, 'x 1 []']])('%o reads nothing of %j', (read, message) => {
    expect([read(''), read('x'), read(message)]).toEqual([undefined, undefined, undefined]);
  });

  it.each([undefined, null, 1, 'news', [], {}, { type: 'news' }, { type: 'news', news: { fence: 1.5, sequence: 1, changes: [] } }, { type: 'news', news: { fence: 1, sequence: 1, changes: [1] } }, { type: 'demand', from: 1 }, { type: '__proto__' }, { type: 'recalled', to: 'a', keys: ['b'], found: [] }])(
    'F103: other code on the origin sends %j: it is no message',
    (data) => {
      expect(readMessage(data)).toBeUndefined();
    },
  );

  it('a report that is not one says nothing', () => {
    expect(['', '{}', '{"leader":1}', '{"leader":"a","health":{"status":"closed"}}'].map(readReport)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('a message with a number of the future moves nobody to another term', async () => {
    const rig = startFleet();
    const seen = [rig.join(), rig.join()].map((client) => record(client.statistic$('Waiting', sales).pipe(numeric())));
    await rig.clock.advance(100);
    rig.bus.forge({ fence: Number.MAX_SAFE_INTEGER, sequence: 1, changes: [topic.key, '[0,1,[[1,{"intValue":666}]]]'] });
    await rig.clock.advance(lease);
    rig.server.value = 2;
    await rig.clock.advance(lease);
    expect(seen.map(({ values }) => values)).toEqual([[0, 2], [0, 2]]);
  });

  it('F187: what another version demands in words of its own is stale and says so, and the rest is served', async () => {
    const rig = startFleet();
    const seen = record(rig.join().statistic$('Waiting', sales).pipe(numeric()));
    const other = rig.bus.join('https://host/statistics/v3', { up: () => undefined, down: () => undefined, news: () => undefined, demand: () => undefined, asked: () => undefined, vacant: () => undefined, yield: () => undefined });
    const unserved = ['v2:anything', '["","Sales@SIP","Queue"]'];
    const unanswered = 'v2:with\na second line';
    await other.demand(2, [...unserved, unanswered, '["Other","Sales@SIP","Queue"]'].flatMap((key) => [key, '{"new":true}']), 10_000, true);
    await rig.clock.advance(lease);
    const answers = (await other.recall([...unserved, unanswered])).map((found) => found && readLine(found.text, topic));
    expect(answers.map((update) => [update?.status, update?.values, update?.error?.message])).toEqual([
      ...unserved.map(() => ['stale', undefined, 'the leader of the fleet cannot serve this: it may be of another version']), [undefined, undefined, undefined],
    ]);
    expect(answers.map((update) => (update?.error?.cause as Error | undefined)?.message)).toEqual(['its key cannot be read', expect.stringContaining('name must be'), undefined]);
    rig.server.value = 3;
    await rig.clock.advance(lease);
    expect(seen.values).toEqual([0, 3]);
    expect(rig.server.sizes().reduce((sum, size) => sum + size, 0), 'the one that it can read').toBe(2);
  });
});
