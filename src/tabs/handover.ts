/**
 * Which tab takes the lead when the lock comes to this one. Browsers slow the timers of hidden tabs, so a hidden tab leaves the lead
 * to a visible one that answers. Owns what the tab says and hears of that, and what it knows of its own visibility.
 */
import { systemClock as clock } from '../fleet/clock.js';
import type { TabLock } from './lock.js';
import { createVisibleTabs } from './visible-tabs.js';

export interface HandoverDeps {
  readonly locks: LockManager;
  /** The name of the lock that visible tabs share. */
  readonly name: string;
  readonly lock: Pick<TabLock, 'held' | 'fence' | 'release'>;
  /** This hidden tab has the lock: is there a visible one? */
  ask(): void;
  /** This tab is visible. */
  answer(): void;
  lead(): void;
  /** Ends the lead of this tab, and releases the lock. */
  yieldLead(): void;
}

export interface Handover {
  /** Whether this tab has the lock, and waits for a visible one that leads instead. */
  readonly isUnderWay: boolean;
  start(): void;
  /** The lock is this tab's. */
  granted(): void;
  /** A hidden tab asks. */
  heardQuestion(): void;
  /** A visible tab answers. */
  heardAnswer(): void;
  /** This tab has begun to lead. A tab that became visible during the election is heard now, since there is a leader that can yield. */
  begun(): void;
  /** Answers no hidden tab for so many milliseconds, because the lead of this one was without success. */
  abstain(duration: number): void;
  end(): void;
}

/** Milliseconds for which a hidden tab waits for the answer of a visible one, which may hang. */
const answerWithin = 100;

export function createHandover({ locks, name, lock, ask, answer, lead, yieldLead }: HandoverDeps): Handover {
  const page = (globalThis as { readonly document?: Document }).document;
  const visibleTabs = createVisibleTabs(locks, name);
  let ended = false;
  let abstainUntil = 0;
  let stopWaiting: (() => void) | undefined;

  const isHidden = (): boolean => page?.visibilityState === 'hidden';

  function endWait(): void {
    stopWaiting?.();
    stopWaiting = undefined;
  }

  /** What was true before a wait may have changed: the tab is left, has lost the lock, or is visible. */
  function askOrLead(isAnyVisible: boolean): void {
    if (ended || !lock.held) {
      return;
    }
    if (!isAnyVisible || !isHidden()) {
      lead();
      return;
    }
    endWait();
    stopWaiting = clock.after(answerWithin, () => {
      stopWaiting = undefined;
      lead();
    });
    ask();
  }

  function answerUnlessAbstaining(): void {
    if (clock.monotonic() >= abstainUntil) {
      answer();
    }
  }

  function visibilityChanged(): void {
    visibleTabs.show(page !== undefined && !isHidden());
    if (isHidden()) {
      if (lock.held) {
        ask();
      }
    } else if (!lock.held) {
      answerUnlessAbstaining();
    } else if (stopWaiting !== undefined) {
      endWait();
      lead();
    }
  }

  return {
    get isUnderWay() {
      return stopWaiting !== undefined;
    },
    start() {
      page?.addEventListener('visibilitychange', visibilityChanged);
      visibilityChanged();
    },
    granted() {
      if (isHidden()) {
        visibleTabs.any().then(askOrLead, () => askOrLead(false));
      } else {
        lead();
      }
    },
    heardQuestion() {
      if (!isHidden()) {
        answerUnlessAbstaining();
      }
    },
    heardAnswer() {
      if (!isHidden()) {
        return;
      }
      if (lock.fence > 0) {
        yieldLead();
      } else if (stopWaiting !== undefined) {
        endWait();
        lock.release();
      }
    },
    begun() {
      if (isHidden()) {
        ask();
      }
    },
    abstain(duration) {
      abstainUntil = clock.monotonic() + duration;
    },
    end() {
      ended = true;
      endWait();
      page?.removeEventListener('visibilitychange', visibilityChanged);
      visibleTabs.show(false);
    },
  };
}
