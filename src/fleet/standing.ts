/**
 * How a session stands, for `health$`: the health of whoever leads, and why values cannot arrive. Each reason comes and goes by
 * itself, so the end of one does not hide another.
 */
import { StatisticsError, type Health } from '../index.js';
import type { LeaderReport } from './report.js';

export interface Standing {
  /** The health of this process's own client, while it leads. */
  readonly own: Health | undefined;
  /** The last report of a leader in another process. */
  readonly report: LeaderReport | undefined;
  /** Why values cannot arrive: the bus is away or takes nothing, or nobody leads. */
  readonly error: StatisticsError | undefined;
}

/** Why values cannot arrive; the first that holds is shown. */
const reasons = ['away', 'unheard', 'leaderless'] as const;
type Reason = (typeof reasons)[number];

export interface StandingKeeper {
  readonly now: Standing;
  own(health: Health | undefined): void;
  report(report: LeaderReport | undefined): void;
  /** A reason has come. It keeps its first error until it is cleared. */
  because(reason: Reason, message: string, cause: unknown): void;
  clear(...gone: readonly Reason[]): void;
  holds(reason: Reason): boolean;
}

export function createStanding(changed: (standing: Standing) => void): StandingKeeper {
  const errors = new Map<Reason, StatisticsError>();
  let now: Standing = { own: undefined, report: undefined, error: undefined };

  function stand(change: Partial<Standing>): void {
    now = { ...now, ...change };
    changed(now);
  }

  function show(): void {
    const first = reasons.find((reason) => errors.has(reason));
    stand({ error: first && errors.get(first) });
  }

  return {
    get now() {
      return now;
    },
    own: (own) => stand({ own }),
    report: (report) => stand({ report }),
    because(reason, message, cause) {
      if (!errors.has(reason)) {
        errors.set(reason, new StatisticsError(message, cause === undefined ? undefined : { cause }));
        show();
      }
    },
    clear(...gone) {
      if (gone.filter((reason) => errors.delete(reason)).length > 0) {
        show();
      }
    },
    holds: (reason) => errors.has(reason),
  };
}
