/** The handling of answers: whether their session is a reopened one, whether it is healthy, and which statistics are missing. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/model/definition.js';
import { createAnswerHandler, type FirstAnswer, type Polled } from '../../../src/upstream/answer/answer-handler.js';
import { createRequestedStatistics } from '../../../src/upstream/answer/requested-statistics.js';
import type { Answer } from '../../../src/upstream/source.js';
import { createMonitor } from '../../../src/upstream/telemetry/monitor.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const definitions = ['a', 'b'].map((name) => readDefinition({ name, objectId: 'Sales@SIP', objectType: 'Queue' }));
const reading = { timestamp: 1, value: 1 };
const context = { operation: 'GET', httpStatus: 200, retryAfter: undefined, location: undefined, redact: (text: string) => text };

/** A poll whose answer holds some, or none, of the requested statistics. */
const answer = (...readings: (typeof reading | undefined)[]): Polled => ({
  matched: { readings, changed: undefined },
  entries: readings.filter((each) => each !== undefined).length,
  raw: { body: { bytes: new TextEncoder().encode('{}'), release: () => undefined }, context, age: 0, serverTime: 5 },
  asked: undefined,
});

const opening = (...readings: Parameters<typeof answer>): FirstAnswer => ({ matched: answer(...readings).matched, serverTime: 5 });

function start() {
  const controller = new AbortController();
  const answers: Answer[] = [];
  const calls: string[] = [];
  const clock = createVirtualClock();
  const monitor = createMonitor(clock);
  monitor.events$.subscribe(({ type }) => calls.push(type));
  const handler = createAnswerHandler(
    {
      clock,
      monitor,
      closing: controller.signal,
      track: { ...monitor.track(definitions), size: (size) => calls.push(`size ${size}`) },
      hooks: {
        answer: (given) => answers.push(given),
        missing: (indices) => calls.push(`missing ${indices.join()}`),
        lag: () => undefined,
        needs: () => ({}),
        refused: () => 'stop',
        stale: () => undefined,
      },
    },
    createRequestedStatistics(definitions),
    { confirm: () => calls.push('confirmed'), staleBefore: () => 0 },
    () => calls.push('healthy'),
  );
  return { handler, controller, answers, calls };
}

describe('the answer handler', () => {
  it('I9: marks a session as reopened only after an earlier one has answered, and gives each session its own identity', () => {
    const { handler, answers } = start();
    for (const id of ['first', 'second']) {
      handler.opened(id, opening(reading, reading));
      handler.polled(answer(reading, reading));
    }
    expect(answers.map(({ opening, reopened }) => [opening, reopened])).toEqual([[true, false], [false, false], [true, true], [false, true]]);
    const [one, same, other] = answers.map(({ session }) => session);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('F37: calls a session healthy after a poll that holds any of its statistics, not after its opening', () => {
    const { handler, calls } = start();
    handler.opened('first', opening(reading, undefined));
    expect([handler.isHealthy, calls]).toEqual([false, ['confirmed']]);
    handler.polled(answer(reading, undefined));
    expect([handler.isHealthy, calls]).toEqual([true, ['confirmed', 'confirmed', 'healthy', 'polled']]);
    handler.opened('second', opening(reading, undefined));
    expect(handler.isHealthy).toBe(false);
  });

  it('treats an empty answer as a lost subscription once any statistic was seen; before, it confirms nothing', () => {
    const { handler, answers, calls } = start();
    handler.opened('first', opening(undefined, undefined));
    expect([handler.polled(answer(undefined, undefined)), handler.isHealthy, calls]).toEqual([2, false, ['polled']]);
    handler.polled(answer(reading, undefined));
    expect(handler.polled(answer(undefined, undefined))).toMatchObject({ message: 'subscription first is lost: the server answered with none of its statistics' });
    expect(answers).toHaveLength(3);
  });

  it('G8: reports missing statistics and the number of the remaining ones, but not once the upstream is closed', () => {
    const { handler, calls } = start();
    handler.opened('first', opening(reading, undefined));
    handler.polled(answer(reading, undefined));
    handler.polled(answer(reading, undefined));
    expect(calls.slice(-2)).toEqual(['size 1', 'missing 1']);
    const other = start();
    other.handler.opened('first', opening(reading, undefined));
    other.handler.polled(answer(reading, undefined));
    other.controller.abort();
    other.handler.polled(answer(reading, undefined));
    expect(other.calls.at(-1)).toBe('polled');
  });
});
