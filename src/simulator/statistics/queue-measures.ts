/**
 * Statistics of queues and what groups them: counts, waits and the service factor, summed over the queues of an object.
 * Owns what each category means for queues; must not know agents or how definitions are written.
 */
import type { Queue } from '../centre/queue.js';
import type { Waits } from '../centre/tally.js';
import { rounded, type Measure } from './reading.js';
import type { QueueAction } from './mask.js';

type Queues = readonly Queue[];

/** A range of seconds, both ends included. */
export interface TimeRange {
  readonly left: number;
  readonly right: number;
}

/** The finished waits an action stands for. CallWait is every wait that is over, however it ended. */
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

/** The part of each queue that a list of actions reads, gathered once. */
function parts(queues: Queues, actions: readonly QueueAction[]) {
  return {
    waits: queues.flatMap((queue) => actions.flatMap((action) => waitsOf(queue, action))),
    entered: actions.includes('CallEntered') ? queues.map((queue) => queue.entered) : [],
  };
}

const latest = (parts: readonly { readonly at: number }[]): number => {
  let last = 0;
  for (const { at } of parts) if (at > last) last = at;
  return last;
};

/** How often the actions happened today. */
export function totalNumber(queues: Queues, actions: readonly QueueAction[]): Measure {
  const { waits, entered } = parts(queues, actions);
  const counted = [...waits, ...entered];
  return () => {
    let value = 0;
    for (const { count } of counted) value += count;
    return { value, at: latest(counted) };
  };
}

/** How many of the actions came after a wait in the range. */
export function totalNumberInRange(queues: Queues, actions: readonly QueueAction[], range: TimeRange): Measure {
  const { waits } = parts(queues, actions);
  return () => {
    let value = 0;
    for (const wait of waits) value += wait.within(range.left, range.right);
    return { value, at: latest(waits) };
  };
}

/** Seconds waited before the actions of today. */
export function finishedTime(queues: Queues, actions: readonly QueueAction[]): Measure {
  const { waits } = parts(queues, actions);
  return () => {
    let value = 0;
    for (const { seconds } of waits) value += seconds;
    return { value, at: latest(waits) };
  };
}

/** The same with the waits that go on. */
export function adjustedTime(queues: Queues, actions: readonly QueueAction[]): Measure {
  const finished = finishedTime(queues, actions);
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

/** Seconds waited before the actions, per relative action; 0 when there was none. */
export function averageTime(queues: Queues, main: readonly QueueAction[], relative: readonly QueueAction[]): Measure {
  const time = finishedTime(queues, main);
  const count = totalNumber(queues, relative);
  return (now) => {
    const over = time(now);
    const under = count(now);
    const divisor = Number(under.value);
    return { value: divisor === 0 ? 0 : rounded(Number(over.value) / divisor), at: Math.max(over.at, under.at) };
  };
}

/** Calls waiting now, those that ring included. */
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

/** Seconds the call waits that has waited longest; 0 when nobody waits. */
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
 * ServiceFactor1, in percent: answered in the first range, of answered and abandoned without those abandoned in the
 * second range. 0 when there is nothing to divide by, as Stat Server has it.
 */
export function serviceFactor(queues: Queues, answeredIn: TimeRange, abandonedIn: TimeRange): Measure {
  return () => {
    let good = 0;
    let all = 0;
    let at = 0;
    for (const { answered, abandoned } of queues) {
      good += answered.within(answeredIn.left, answeredIn.right);
      all += answered.count + abandoned.count - abandoned.within(abandonedIn.left, abandonedIn.right);
      at = Math.max(at, answered.at, abandoned.at);
    }
    return { value: all === 0 ? 0 : rounded((100 * good) / all), at };
  };
}
