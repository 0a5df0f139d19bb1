/**
 * Whether anybody can be looking: a browser's page that is hidden or offline is polled as rarely as may be, and told the
 * present when it comes back; one that is left keeps nothing open. Owns the listeners on the platform; where there is no
 * page, somebody always looks.
 */
import type { Cancel } from './clock.js';

export interface PageLifecycle {
  /** Whether it is worth asking often. */
  readonly attentive: boolean;
  /** Calls back whenever it becomes so again. */
  onResume(callback: () => void): Cancel;
  /** Calls `left` when the page goes, perhaps for good: the last moment to send; and `back` should it be restored as it was. */
  onPageHide(left: () => void, back?: () => void): Cancel;
}

/** The part of a page that tells. */
interface Page extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly navigator?: { readonly onLine?: boolean };
}

/** @param page - the global object, or one that stands for it. */
export function createPageLifecycle(page: Partial<Page>): PageLifecycle {
  const isAttentive = (): boolean => page.document?.visibilityState !== 'hidden' && page.navigator?.onLine !== false;
  return {
    get attentive() {
      return isAttentive();
    },
    onResume(callback) {
      const changed = (): void => {
        if (isAttentive()) {
          callback();
        }
      };
      // A page restored from the back-forward cache comes by `pageshow`.
      const sources = [[page.document, 'visibilitychange'], [page, 'online'], [page, 'pageshow']] as const;
      sources.forEach(([source, type]) => source?.addEventListener?.(type, changed));
      return () => sources.forEach(([source, type]) => source?.removeEventListener?.(type, changed));
    },
    onPageHide(left, back = () => undefined) {
      page.addEventListener?.('pagehide', left);
      page.addEventListener?.('pageshow', back);
      return () => {
        page.removeEventListener?.('pagehide', left);
        page.removeEventListener?.('pageshow', back);
      };
    },
  };
}
