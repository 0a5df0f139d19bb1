/** What answers show of the sessions they come from: which clock is theirs, whether one is healthy, and what is told at the end. */
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/model/definition.js';
import { createAnswerHandler, type Polled } from '../../../src/upstream/answer/answer-handler.js';
import { createRequestedStatistics } from '../../../src/upstream/answer/requested-statistics.js';
import type { Answer } from '../../../src/upstream/source.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const definitions = ['a', 'b'].map((name) => readDefinition({ name, objectId: 'Sales@SIP', objectType: 'Queue' }));
const reading = { timestamp: 1, value: 1 };
const context = { operation: 'GET', httpStatus: 200, retryAfter: undefined, location: undefined, redact: (text: string) => text };

/** A poll whose answer holds some, or none, of what was asked for. */
const answer = (...readings: (typeof reading | undefined)[]): Polled => ({
  matched: { readings, changed: undefined },
  entries: readings.filter((each) => each !== undefined).length,
  raw: { body: { bytes: new TextEncoder().encode('{}'), release: () => undefined }, context, age: 0 },
  asked: undefined,
});

function start() {
  const controller = new AbortController();
  const answers: Answer[] = [];
  const told: string[] = [];
  const hooks = {
    answer: (given: Answer) => answers.push(given),
    missing: (indices: readonly number[]) => told.push(`missing ${indices.join()}`),
  };
  const delivery = createAnswerHandler(
    { clock: createVirtualClock(), monitor: { emit: ({ type }) => told.push(type) } },
    {
      hooks,
      holdings: createRequestedStatistics(definitions),
      freshness: { confirm: () => told.push('fresh') },
      patience: { restore: () => told.push('restored') },
      track: { working: () => undefined, size: (size) => told.push(`size ${size}`) },
      closing: controller.signal,
    },
  );
  return { delivery, controller, answers, told };
}

describe('delivery', () => {
  it('I9: only what follows a session that has answered is opened anew, and no two sessions are one', () => {
    const { delivery, answers } = start();
    for (const id of ['first', 'second']) {
      delivery.opened(id, answer(reading, reading).matched);
      delivery.polled(answer(reading, reading));
    }
    expect(answers.map(({ opening, reopened }) => [opening, reopened])).toEqual([[true, false], [false, false], [true, true], [false, true]]);
    const [one, same, other] = answers.map(({ session }) => session);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('F37: a session is healthy by a poll of its own that holds any of ours, not by its opening', () => {
    const { delivery, told } = start();
    delivery.opened('first', answer(reading, undefined).matched);
    expect([delivery.healthy, told]).toEqual([false, ['fresh']]);
    delivery.polled(answer(reading, undefined));
    expect([delivery.healthy, told]).toEqual([true, ['fresh', 'fresh', 'restored', 'polled']]);
    delivery.opened('second', answer(reading, undefined).matched);
    expect(delivery.healthy).toBe(false);
  });

  it('an answer that holds nothing is no answer once anything was held; before, it confirms nothing', () => {
    const { delivery, answers, told } = start();
    delivery.opened('first', answer(undefined, undefined).matched);
    expect([delivery.polled(answer(undefined, undefined)), delivery.healthy, told]).toEqual([2, false, ['polled']]);
    delivery.polled(answer(reading, undefined));
    expect(delivery.polled(answer(undefined, undefined))).toBeUndefined();
    expect(answers).toHaveLength(3);
  });

  it('G8: tells what is missing, and of how many health is to tell; nobody who has closed', () => {
    const { delivery, told } = start();
    delivery.opened('first', answer(reading, undefined).matched);
    delivery.polled(answer(reading, undefined));
    delivery.polled(answer(reading, undefined));
    expect(told.slice(-2)).toEqual(['size 1', 'missing 1']);
    const other = start();
    other.delivery.opened('first', answer(reading, undefined).matched);
    other.delivery.polled(answer(reading, undefined));
    other.controller.abort();
    other.delivery.polled(answer(reading, undefined));
    expect(other.told.at(-1)).toBe('polled');
  });
});
