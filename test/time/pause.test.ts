/** The waits of one worker: a wake-up shortens the present one, and none outlives its signal. */
import { describe, expect, it } from 'vitest';
import { createPause } from '../../src/time/pause.js';
import { createVirtualClock, settle } from '../support/virtual-clock.js';

function start() {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const pause = createPause(clock, controller.signal);
  const ended: { readonly at: number; readonly goesOn: boolean }[] = [];
  const wait = (delay: number): void => {
    void pause.wait(delay).then((goesOn) => ended.push({ at: clock.monotonic(), goesOn }));
  };
  return { clock, controller, pause, wait, ended };
}

describe('a pause', () => {
  it('lasts for the given time', async () => {
    const { clock, wait, ended } = start();
    wait(1000);
    await clock.advance(5000);
    expect(ended).toEqual([{ at: 1000, goesOn: true }]);
  });

  it('is ended by a wake-up, which has no effect on later waits', async () => {
    const { clock, pause, wait, ended } = start();
    pause.wake();
    wait(1000);
    await clock.advance(100);
    pause.wake();
    await settle();
    expect(ended).toEqual([{ at: 100, goesOn: true }]);
    wait(1000);
    await clock.advance(5000);
    expect(ended[1]).toEqual({ at: 1100, goesOn: true });
    expect(clock.pending).toEqual([]);
  });

  it('I4: is ended by the signal at once, resolves false, and leaves no timer', async () => {
    const { clock, controller, wait, ended } = start();
    wait(1000);
    await clock.advance(100);
    controller.abort();
    await settle();
    expect(ended).toEqual([{ at: 100, goesOn: false }]);
    expect(clock.pending).toEqual([]);
    wait(1000);
    await settle();
    expect(ended[1]).toEqual({ at: 100, goesOn: false });
  });
});
