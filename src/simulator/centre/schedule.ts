/** The planned actions: a binary heap by time, then by order of planning. Owns the current time in whole epoch seconds. Knows no action. */
interface Planned {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Planned actions, which run when the schedule advances to their time. */
export class Schedule {
  #heap: Planned[] = [];
  #order = 0;
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  /** Epoch seconds, whole. */
  get now(): number {
    return this.#now;
  }

  /** Plans `run` for `seconds` from now, rounded up to a whole second; 0 means later within the present second. */
  in(seconds: number, run: () => void): void {
    this.at(this.#now + Math.max(0, Math.ceil(seconds)), run);
  }

  /** Plans `run` for the epoch second `at`, or for now if that has passed. */
  at(at: number, run: () => void): void {
    const heap = this.#heap;
    const planned = { at: Math.max(at, this.#now), order: this.#order++, run };
    let i = heap.push(planned) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up] as Planned;
      if (!before(planned, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = planned;
  }

  /** Runs all actions planned up to and including `time`, which then is the current time. An earlier `time` does nothing. */
  runTo(time: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= time; first = this.#heap[0]) {
      this.#removeFirst();
      this.#now = first.at;
      first.run();
    }
    this.#now = Math.max(this.#now, time);
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const moved = heap.pop();
    if (moved === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Planned, heap[child] as Planned)) child++;
      const candidate = heap[child] as Planned;
      if (!before(candidate, moved)) break;
      heap[i] = candidate;
      i = child;
    }
    heap[i] = moved;
  }
}
