/**
 * Decides which tab leads when the lock comes to this one. Browsers slow the timers of hidden tabs, so a hidden tab leaves the lead
 * to a visible one that answers. Owns the questions and answers about it, and this tab's visibility.
 */
import { systemClock as clock } from '../fleet/clock.js';
import { createTimer } from '../fleet/timer.js';
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
  /** Whether this hidden tab has the lock, and does not know yet whether a visible one leads instead. */
  readonly isUnderWay: boolean;
  start(): void;
  /** The lock is this tab's. */
  granted(): void;
  /** A hidden tab asks. */
  heardQuestion(): void;
  /** A visible tab answers. */
  heardAnswer(): void;
  /** The term of this tab has begun. Asks again: during the election the answer of a visible tab had no effect. */
  termBegan(): void;
  /** The lead of this tab was without success, so it answers no hidden one for a minute. */
  abstain(): void;
  end(): void;
}

/** Milliseconds for which a hidden tab waits for the answer of a visible one, which may hang. */
const visibleWithin = 100;
/** Milliseconds after which a visible tab without success tries to lead again. A hidden tab may have success meanwhile. */
const claimAgainAfter = 60_000;

export function createHandover({ locks, name, lock, ask, answer, lead, yieldLead }: HandoverDeps): Handover {
  const page = (globalThis as { readonly document?: Document }).document;
  const visibleTabs = createVisibleTabs(locks, name);
  const [waiting, abstention] = [createTimer(clock), createTimer(clock)];
  let isUnderWay = false;
  let isAbstaining = false;

  const isHidden = (): boolean => page?.visibilityState === 'hidden';

  function settle(): void {
    isUnderWay = false;
    waiting.stop();
  }

  function leadNow(): void {
    settle();
    if (lock.held) {
      lead();
    }
  }

  /** Checks again after the wait: the tab may have been left, may have lost the lock, or may be visible. */
  function askOrLead(isAnyVisible: boolean): void {
    if (!isUnderWay) {
      return;
    }
    if (isAnyVisible && isHidden() && lock.held) {
      waiting.set(visibleWithin, leadNow);
      ask();
    } else {
      leadNow();
    }
  }

  function claim(): void {
    if (!isHidden() && !isAbstaining) {
      answer();
    }
  }

  function visibilityChanged(): void {
    visibleTabs.show(page !== undefined && !isHidden());
    if (!lock.held) {
      claim();
    } else if (isHidden()) {
      ask();
    } else if (isUnderWay) {
      leadNow();
    }
  }

  function endAbstention(): void {
    isAbstaining = false;
    if (!lock.held) {
      claim();
    }
  }

  return {
    get isUnderWay() {
      return isUnderWay;
    },
    start() {
      page?.addEventListener('visibilitychange', visibilityChanged);
      visibilityChanged();
    },
    granted() {
      waiting.stop();
      isUnderWay = isHidden();
      if (isUnderWay) {
        visibleTabs.any().then(askOrLead, () => askOrLead(false));
      } else {
        lead();
      }
    },
    heardQuestion: claim,
    heardAnswer() {
      if (!isHidden()) {
        return;
      }
      const isWaiting = isUnderWay;
      settle();
      if (lock.fence > 0) {
        yieldLead();
      } else if (isWaiting) {
        lock.release();
      }
    },
    termBegan() {
      if (isHidden()) {
        ask();
      }
    },
    abstain() {
      isAbstaining = true;
      abstention.set(claimAgainAfter, endAbstention);
    },
    end() {
      settle();
      abstention.stop();
      page?.removeEventListener('visibilitychange', visibilityChanged);
      visibleTabs.show(false);
    },
  };
}
