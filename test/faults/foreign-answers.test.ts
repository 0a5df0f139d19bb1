/** F30: success statuses that do not come from the API, for a subscription that the server has forgotten. */
import { describe, expect, it } from 'vitest';
import { record, sales } from '../support/journey.js';
import { reply } from '../support/memory-server.js';
import { closeRig, startRig } from '../support/rig.js';

const poll = { interval: 1000, maxInterval: 1000 };

describe('F30: a forgotten subscription that is answered by', () => {
  it.each<[string, number, string]>([
    ['204', 204, ''],
    ['205', 205, ''],
    ['an empty 200', 200, ''],
    ['null', 200, 'null'],
    ['a list', 200, '[]'],
    ['a text', 200, '"no such subscription"'],
    ['a page', 200, '<html>who is asking</html>'],
  ])('%s is opened anew after the second such answer, and the old one deleted', async (_, status, body) => {
    const rig = startRig({ poll });
    const { clock, server, client } = rig;
    const one = record(client.statistic$('a', sales));
    await clock.advance(1500);
    const [forgotten = ''] = server.opened;
    server.fault = ({ method, url }) => (method === 'GET' && url.includes(forgotten) ? reply(status, body) : undefined);
    server.value = 7;
    await clock.advance(5000);
    expect(one.values.map(({ value }) => value)).toEqual([{ intValue: 0 }, { intValue: 7 }]);
    expect([server.count('POST'), server.deleted]).toEqual([2, [forgotten]]);
    await closeRig(rig);
  });

  it('gives up no subscription while every request gets such an answer', async () => {
    const rig = startRig({ poll, seed: 1 });
    const { clock, server, client } = rig;
    const one = record(client.statistic$('a', sales));
    await clock.advance(1500);
    server.fault = () => reply(200, '<html>maintenance</html>');
    await clock.advance(600_000);
    const opens = server.count('POST');
    expect(opens).toBeLessThan(40);
    server.fault = undefined;
    server.value = 3;
    await clock.advance(60_000);
    expect(one.values).toHaveLength(2);
    expect(server.count('POST')).toBeLessThanOrEqual(opens + 1);
    await closeRig(rig);
  });
});
