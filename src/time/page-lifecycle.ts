/**
 * Whether a user can see the page, whether the platform calls it offline, and when the page goes. A hidden or offline page
 * is polled rarely and catches up when it returns; a page that is left keeps nothing open. Owns the listeners on the
 * platform. Without a page, as in Node, the client is always visible and never called offline.
 */
import type { Cancel } from './clock.js';

export interface PageLifecycle {
  readonly isVisible: boolean;
  /** Whether the platform says so, which proves nothing: a LAN without a way out may have a server that answers. */
  readonly isCalledOffline: boolean;
  /** Calls back whenever the page becomes visible again, and when a visible page is online again. */
  onResume(callback: () => void): Cancel;
  /** Calls `left` when the page goes, perhaps for good: the last moment to send. Calls `back` if the page is restored. */
  onPageHide(left: () => void, back?: () => void): Cancel;
}

/** The part of a global object that is listened to. */
interface Page extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly document?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & { readonly visibilityState: string };
  readonly navigator?: { readonly onLine?: boolean };
}

/** @param page - the global object, or one that stands for it. */
export function createPageLifecycle(page: Partial<Page>): PageLifecycle {
  const isVisible = (): boolean => page.document?.visibilityState !== 'hidden';
  return {
    get isVisible() {
      return isVisible();
    },
    get isCalledOffline() {
      return page.navigator?.onLine === false;
    },
    onResume(callback) {
      const changed = (): void => {
        if (isVisible()) {
          callback();
        }
      };
      // A page restored from the back-forward cache fires `pageshow`.
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
