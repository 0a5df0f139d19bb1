/**
 * Generates the arrivals of calls: the traffic of a day, and an additional rush. Owns the rate and the next arrival of each queue.
 * Does not know what happens to a call. Durations are in seconds.
 */
import type { Queue } from './queue.js';
import type { Schedule } from './schedule.js';
import { peakLoad, type Team } from './team.js';

const HOUR = 3600;

/** The mean seconds for which an inbound call occupies an agent, wrap-up included. */
const HANDLING = 230;

/** Traffic by the hour of the day (UTC), as a share of the peak, interpolated linearly: few calls at night, two humps by day. */
const BY_HOUR = [
  0.42, 0.4, 0.38, 0.38, 0.4, 0.44, 0.52, 0.66, 0.82, 0.92, 1, 0.98,
  0.86, 0.88, 0.96, 1, 0.96, 0.86, 0.76, 0.68, 0.62, 0.56, 0.5, 0.45,
];

/** A daily surge that staffing does not foresee: `factor` times the calls of the curve, between these hours. */
const RUSH = { from: 10.5, to: 11.5, factor: 2 };

/** The forecast traffic at an epoch second, 0..1 of the peak. Staffing follows it. */
export function foreseen(now: number): number {
  const hour = (now / HOUR) % 24;
  const from = Math.floor(hour);
  const [here, next] = [BY_HOUR[from] ?? 1, BY_HOUR[(from + 1) % 24] ?? 1];
  return here + (next - here) * (hour - from);
}

/** The actual traffic: the forecast, and the daily rush. */
function actual(now: number): number {
  const hour = (now / HOUR) % 24;
  return foreseen(now) * (hour >= RUSH.from && hour < RUSH.to ? RUSH.factor : 1);
}

/** Sends calls to queues. */
export class Traffic {
  readonly #schedule: Schedule;
  readonly #arrive: (queue: Queue) => void;
  readonly #teams: Team[] = [];
  #rush = 1;
  /** Incremented when a test changes the rate. Arrivals planned under an earlier number are void. */
  #plan = 0;

  constructor(schedule: Schedule, arrive: (queue: Queue) => void) {
    this.#schedule = schedule;
    this.#arrive = arrive;
  }

  /** Lets the queues of a team take calls from now on. */
  open(team: Team): void {
    this.#teams.push(team);
    for (const queue of team.queues) this.#expect(team, queue);
  }

  /** Multiplies the usual traffic by `factor` for this number of seconds. Replaces any current rush. */
  rush(factor: number, seconds: number): void {
    this.#change(factor);
    const plan = this.#plan;
    this.#schedule.in(seconds, () => {
      if (plan === this.#plan) this.#change(1);
    });
  }

  #change(factor: number): void {
    this.#rush = factor;
    this.#plan++;
    for (const team of this.#teams) {
      for (const queue of team.queues) {
        queue.nextArrival = this.#schedule.now;
        this.#expect(team, queue);
      }
    }
  }

  #expect(team: Team, queue: Queue): void {
    const load = peakLoad(team.agents.length) * actual(queue.nextArrival) * this.#rush;
    const gap = queue.random.exponential((HANDLING * team.queues.length) / load);
    if (!Number.isFinite(gap)) return;
    queue.nextArrival += gap;
    const plan = this.#plan;
    this.#schedule.at(Math.ceil(queue.nextArrival), () => {
      if (plan !== this.#plan) return;
      this.#arrive(queue);
      this.#expect(team, queue);
    });
  }
}
