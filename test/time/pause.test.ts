/** One worker's waits: a wake-up shortens the present one, and none outlives its signal. */
import { describe, expect, it } from 'vitest';
import { createPause } from '../../src/time/pause.js';
import { createVirtualClock, settle } from '../support/virtual-clock.js';

function start() {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const pause = createPause(clock, controller.signal);
  const ended: { readonly at: number; readonly goesOn: boolean }[] = [];
  const rest = (delay: number): void => {
    void pause.rest(delay).then((goesOn) => ended.push({ at: clock.monotonic(), goesOn }));
  };
  return { clock, controller, pause, rest, ended };
}

describe('a pause', () => {
  it('lasts as long as it is told to', async () => {
    const { clock, rest, ended } = start();
    rest(1000);
    await clock.advance(5000);
    expect(ended).toEqual([{ at: 1000, goesOn: true }]);
  });

  it('is ended by a wake-up, which is forgotten by the next', async () => {
    const { clock, pause, rest, ended } = start();
    pause.wake();
    rest(1000);
    await clock.advance(100);
    pause.wake();
    await settle();
    expect(ended).toEqual([{ at: 100, goesOn: true }]);
    rest(1000);
    await clock.advance(5000);
    expect(ended[1]).toEqual({ at: 1100, goesOn: true });
    expect(clock.pending).toEqual([]);
  });

  it('I4: the signal ends it at once, says so, and leaves no timer', async () => {
    const { clock, controller, rest, ended } = start();
    rest(1000);
    await clock.advance(100);
    controller.abort();
    await settle();
    expect(ended).toEqual([{ at: 100, goesOn: false }]);
    expect(clock.pending).toEqual([]);
    rest(1000);
    await settle();
    expect(ended[1]).toEqual({ at: 100, goesOn: false });
  });
});
