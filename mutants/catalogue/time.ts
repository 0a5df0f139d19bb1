/** Bugs of `src/time`: waits that are too short, too long, never end, or are never let go of. */
import { inFile, type Mutant } from '../mutant.ts';

export const time: readonly Mutant[] = [
  ...inFile('time/token-bucket.ts', ['time/token-bucket', 'sharing/housing'], [
    { breaks: 'G4: waits for a whole period, however much of it is over', find: ': since + period - clock.monotonic();', replace: ': period;' },
  ]),
  ...inFile('time/backoff.ts', ['time/backoff'], [
    { breaks: 'I19: the first wait is that of a second failure', find: 'factor ** (attempt - 1)', replace: 'factor ** attempt' },
    { breaks: 'F42: a Retry-After in seconds is taken for milliseconds', find: 'return Number(text) * 1000;', replace: 'return Number(text);' },
    { breaks: 'F44: a date that is over is a wait below zero', find: 'Math.max(0, date - now)', replace: 'date - now' },
    { breaks: 'F44: anything that Date.parse takes is a date', find: ': NaN;', replace: ': Date.parse(text);' },
  ]),
  ...inFile('time/clock.ts', ['time/clock', 'faults/platform'], [
    { breaks: 'G4: a timer of 0 ms', find: 'Math.max(1, Math.ceil(delay))', replace: 'Math.max(0, Math.ceil(delay))' },
    { breaks: 'F74, G4: a timer above 2^31-1 fires at once', find: 'Math.min(maxDelay, Math.max(1, Math.ceil(delay)))', replace: 'Math.max(1, Math.ceil(delay))' },
    { breaks: 'F95: a clock that stands still while timers fire is waited for forever', find: 'proven = Math.max(proven, due);', replace: '' },
    { breaks: 'I4: a timer that was cancelled still fires', find: 'return () => clearTimeout(timer);', replace: 'return () => void timer;' },
    { breaks: 'F69: times that are told are no times of the day', find: 'now: () => Date.now(),', replace: 'now: () => performance.now(),' },
  ]),
  ...inFile('time/semaphore.ts', ['time/semaphore'], [
    { breaks: 'G3: work that has ended, or failed, keeps its place', find: 'leave();', replace: '' },
    { breaks: 'I4: the timer of a place outlives it', find: 'cancel();', replace: '' },
    { breaks: 'who leaves late frees a second place', find: 'inside = false;', replace: 'inside = true;' },
  ]),
  ...inFile('time/pause.ts', ['time/pause', 'upstream/time'], [
    { breaks: 'I2: a wait that was ended by the signal says to go on', find: 'return !signal.aborted;', replace: 'return true;' },
    { breaks: 'I4, G13: closing leaves the wait, and its timer', find: `signal.addEventListener('abort', wake, { once: true });`, replace: '' },
    { breaks: 'I4: after the end it waits once more', find: 'delay > 0 && !signal.aborted', replace: 'delay > 0' },
    { breaks: 'a wake-up wakes nobody', find: 'current?.wake();', replace: 'undefined;' },
  ]),
  ...inFile('time/page-lifecycle.ts', ['time/page-lifecycle', 'upstream/page', 'upstream/session/poll-schedule'], [
    { breaks: 'F72: a hidden page is polled as often as a visible one', find: `page.document?.visibilityState !== 'hidden'`, replace: 'true' },
    { breaks: 'F72: an offline page is polled as often as one that is online', find: 'page.navigator?.onLine === false', replace: 'false' },
    { breaks: 'in Node, whose navigator says nothing of lines, every page is offline', find: 'page.navigator?.onLine === false', replace: 'page.navigator?.onLine !== true' },
    { breaks: 'F72: being online again is not noticed', find: `, [page, 'online']`, replace: '' },
    { breaks: 'I4: listeners on a page outlive the client', find: 'return () => sources.forEach(([source, type]) => source?.removeEventListener?.(type, changed));', replace: 'return () => undefined;' },
    { breaks: 'F83: a page that is left is not noticed', find: `page.addEventListener?.('pagehide', left);`, replace: '' },
    { breaks: 'F83: a page out of the back-forward cache is not noticed', find: `page.addEventListener?.('pageshow', back);`, replace: '' },
    { breaks: 'I4: the listener for leaving outlives the client', find: `page.removeEventListener?.('pagehide', left);`, replace: '' },
    { breaks: 'I4: the listener for coming back outlives the client', find: `page.removeEventListener?.('pageshow', back);`, replace: '' },
  ]),
  ...inFile('time/retry.ts', ['upstream/time', 'journeys/healing'], [
    { breaks: 'G7: gives up after ten attempts', find: 'Number.POSITIVE_INFINITY', replace: '10' },
    { breaks: 'I19: a second backoff, of the library below, on top of ours', find: 'minTimeout: 0,', replace: '' },
    { breaks: 'a bug of ours passes for an end', find: 'if (error !== judged) {', replace: 'if (judged === null) {', tests: ['time/retry'] },
  ]),
  ...inFile('time/sleep.ts', ['upstream/time', 'faults/callbacks'], [
    { breaks: 'I4, G13: a wait that was cut short leaves its timer', find: 'cancel();', replace: '' },
    { breaks: 'a wake-up stops the timer and wakes nobody', find: 'resolve();', replace: '' },
  ]),
];
