/** Schedulers that stand at a date, since those of rxjs begin in 1970. */
import { VirtualTimeScheduler, type SchedulerLike } from 'rxjs';

/** A virtual scheduler whose beginning is at a date. */
export function schedulerAt(date: string | number, scheduler: SchedulerLike = new VirtualTimeScheduler()): SchedulerLike {
  const start = typeof date === 'number' ? date : Date.parse(date);
  return {
    now: () => start + scheduler.now(),
    schedule: scheduler.schedule.bind(scheduler),
  };
}
