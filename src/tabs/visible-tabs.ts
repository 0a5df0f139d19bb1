/**
 * Whether any tab is visible: each visible one holds a shared lock, so a tab learns it from the browser, without a message to wait
 * for and without a timer. A browser slows the timers of hidden tabs to one a second.
 */
import { noop } from 'rxjs';

export interface VisibleTabs {
  /** This tab is visible now, or is not. */
  show(isVisible: boolean): void;
  any(): Promise<boolean>;
}

export function createVisibleTabs(locks: LockManager, name: string): VisibleTabs {
  let letGo: (() => void) | undefined;
  return {
    show(isVisible) {
      if (!isVisible) {
        letGo?.();
        letGo = undefined;
      } else if (letGo === undefined) {
        const held = new Promise<void>((resolve) => (letGo = resolve));
        locks.request(name, { mode: 'shared' }, () => held).catch(noop);
      }
    },
    any: async () => ((await locks.query()).held ?? []).some((lock) => lock.name === name),
  };
}
