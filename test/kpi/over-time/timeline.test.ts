/** Which of two clocks says when an input happened. */
import { describe, expect, it } from 'vitest';
import { createTimeline } from '../../../src/kpi/over-time/timeline.js';

/** A timeline whose inputs are `[time by the scheduler, timestamp]`; gives when each happened. */
function placesOf(inputs: readonly (readonly [number, number | null])[]): number[] {
  let now = inputs[0]?.[0] ?? 0;
  const timeline = createTimeline({ now: () => now, schedule: () => expect.fail() });
  return inputs.map(([time, timestamp]) => {
    now = time;
    return timeline.arrive(timestamp);
  });
}

describe('a timeline', () => {
  it.each([
    ['goes by the scheduler without timestamps', [[50, null], [60, null], [75, null]], [0, 10, 25]],
    ['goes by timestamps where both neighbours have one', [[50, 1_000], [60, 1_003], [75, 1_010]], [0, 3, 10]],
    ['goes by the scheduler beside a neighbour without one', [[50, 1_000], [60, null], [75, 9_000], [76, 9_030]], [0, 10, 25, 55]],
    ['goes by the scheduler while timestamps stand still', [[50, 1_000], [60, 1_000], [75, 1_000]], [0, 10, 25]],
    ['counts no time twice when they move on', [[50, 1_000], [60, 1_000], [75, 1_020]], [0, 10, 20]],
    ['goes by the scheduler when they move on by less than has passed', [[50, 1_000], [60, 1_000], [75, 1_004], [80, 1_006]], [0, 10, 25, 27]],
    ['goes by the scheduler when they go back', [[50, 1_000], [60, 400], [75, 407]], [0, 10, 17]],
    ['stands still when the clock of the scheduler is set back', [[50, null], [20, null], [25, null]], [0, 0, 5]],
  ] as const)('%s', (_, inputs, places) => {
    expect(placesOf(inputs)).toEqual(places);
  });

  it('goes on by the scheduler after the last input', () => {
    let now = 50;
    const timeline = createTimeline({ now: () => now, schedule: () => expect.fail() });
    timeline.arrive(1_000);
    now = 58;
    expect(timeline.now()).toBe(8);
    now = 40;
    expect(timeline.now()).toBe(0);
  });
});
