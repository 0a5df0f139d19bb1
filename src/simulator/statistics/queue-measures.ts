/**
 * Statistics of queues and their groups: counts, waits and the service factor, summed over the queues of an object. Owns the meaning
 * of each category for queues. Knows neither agents nor the form of definitions.
 */
import type { Queue } from '../centre/queue.js';
import type { SlidingWindow } from '../centre/recent.js';
import type { Waits } from '../centre/tally.js';
import { ratio, rounded, type Measure } from './reading.js';
import type { QueueAction } from './mask.js';

type Queues = readonly Queue[];

/** A range of seconds, both ends included. */
export interface TimeRange {
  readonly left: number;
  readonly right: number;
}

/** The ended waits of an action. CallWait stands for every ended wait. */
function waitsOf(queue: Queue, action: QueueAction): readonly Waits[] {
  switch (action) {
    case 'CallAnswered':
      return [queue.answered];
    case 'CallAbandoned':
      return [queue.abandoned];
    case 'CallDistributed':
      return [queue.distributed];
    case 'CallWait':
      return [queue.answered, queue.abandoned];
    case 'CallEntered':
      return [];
  }
}

/** Counts and waits of today, or within a window. */
interface Counted {
  readonly count: number;
  readonly seconds: number;
  within(left: number, right: number): number;
  readonly at: number;
}
type Source = (now: number) => Counted;

/** The counts of each queue for a list of actions, gathered once. With `window` they are of the window, not of today. */
function sourcesOf(queues: Queues, actions: readonly QueueAction[], window: SlidingWindow | null): readonly Source[] {
  const waits = queues.flatMap((queue) => actions.flatMap((action) => waitsOf(queue, action)));
  const entered = actions.includes('CallEntered') ? queues.map((queue) => queue.entered) : [];
  if (window !== null) return [...waits, ...entered].map(({ recent }) => (now) => recent.view(now, window));
  return [...waits.map((wait): Source => () => wait), ...entered.map((tally): Source => () => ({ count: tally.count, seconds: 0, within: () => 0, at: tally.at }))];
}

/** Sums a number over the sources, and keeps the latest time. */
function sumOf(sources: readonly Source[], of: (counted: Counted) => number): Measure {
  return (now) => {
    let value = 0;
    let at = 0;
    for (const source of sources) {
      const counted = source(now);
      value += of(counted);
      if (counted.at > at) at = counted.at;
    }
    return { value, at };
  };
}

/** The number of times that the actions happened. */
export function totalNumber(queues: Queues, actions: readonly QueueAction[], window: SlidingWindow | null): Measure {
  return sumOf(sourcesOf(queues, actions, window), ({ count }) => count);
}

/** The number of actions after a wait in the range. */
export function totalNumberInRange(queues: Queues, actions: readonly QueueAction[], range: TimeRange, window: SlidingWindow | null): Measure {
  return sumOf(sourcesOf(queues, actions, window), (counted) => counted.within(range.left, range.right));
}

/** Seconds waited before the actions. */
export function finishedTime(queues: Queues, actions: readonly QueueAction[], window: SlidingWindow | null): Measure {
  return sumOf(sourcesOf(queues, actions, window), ({ seconds }) => seconds);
}

/** Seconds waited before the actions, current waits included. */
export function adjustedTime(queues: Queues, actions: readonly QueueAction[]): Measure {
  const finished = finishedTime(queues, actions, null);
  if (!actions.includes('CallWait')) return finished;
  return (now) => {
    const { value, at } = finished(now);
    let sum = Number(value);
    let waiting = false;
    for (const queue of queues) {
      for (const call of queue.waiting) {
        sum += now - call.enteredAt;
        waiting = true;
      }
    }
    return { value: sum, at: waiting ? now : at };
  };
}

/** Waiting calls, ringing ones included. */
export function waitingNow(queues: Queues): Measure {
  return () => {
    let value = 0;
    let at = 0;
    for (const queue of queues) {
      value += queue.waiting.size;
      at = Math.max(at, queue.waitingAt);
    }
    return { value, at };
  };
}

/** Calls that have waited for a time in the range. */
export function waitingInRange(queues: Queues, range: TimeRange): Measure {
  return (now) => {
    let value = 0;
    let at = 0;
    for (const queue of queues) {
      for (const { enteredAt } of queue.waiting) if (now - enteredAt >= range.left && now - enteredAt <= range.right) value++;
      at = Math.max(at, queue.waiting.size > 0 ? now : queue.waitingAt);
    }
    return { value, at };
  };
}

/** The mean of the current waits; 0 if nobody waits. */
export function averageWait(queues: Queues): Measure {
  return (now) => {
    let seconds = 0;
    let count = 0;
    let at = 0;
    for (const queue of queues) {
      for (const { enteredAt } of queue.waiting) seconds += now - enteredAt;
      count += queue.waiting.size;
      at = Math.max(at, queue.waiting.size > 0 ? now : queue.waitingAt);
    }
    return { value: count === 0 ? 0 : rounded(seconds / count), at };
  };
}

/** Seconds of the longest current wait; 0 if nobody waits. */
export function longestWait(queues: Queues): Measure {
  return (now) => {
    let value = 0;
    let at = 0;
    for (const queue of queues) {
      value = Math.max(value, queue.longestWait(now));
      at = Math.max(at, queue.waiting.size > 0 ? now : queue.waitingAt);
    }
    return { value, at };
  };
}

/**
 * ServiceFactor1, in percent: calls answered in the first range, divided by all answered and abandoned calls except those abandoned
 * in the second range. 0 for 0/0, as in Stat Server.
 */
export function serviceFactor(queues: Queues, answeredIn: TimeRange, abandonedIn: TimeRange, window: SlidingWindow | null): Measure {
  const answered = sourcesOf(queues, ['CallAnswered'], window);
  const abandoned = sourcesOf(queues, ['CallAbandoned'], window);
  const good = sumOf(answered, (counted) => counted.within(answeredIn.left, answeredIn.right));
  const all = sumOf(answered, ({ count }) => count);
  const lost = sumOf(abandoned, (counted) => counted.count - counted.within(abandonedIn.left, abandonedIn.right));
  return ratio(good, (now) => {
    const [a, b] = [all(now), lost(now)];
    return { value: Number(a.value) + Number(b.value), at: Math.max(a.at, b.at) };
  }, 100);
}
