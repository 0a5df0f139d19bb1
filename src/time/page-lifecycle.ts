/**
 * The state of the page: whether a user can see it, whether the platform calls it offline, and when it is left. Upstreams poll
 * rarely while it is hidden or offline, and delete everything when it is left. Owns the listeners on the platform. Without a page,
 * as in Node, the client counts as visible and online.
 */
import type { Cancel } from './clock.js';

export interface PageLifecycle {
  readonly isVisible: boolean;
  /** Whether the platform calls the page offline. This proves nothing: in a LAN without internet access, the server may still answer. */
  readonly isCalledOffline: boolean;
  /** Calls back whenever the page becomes visible again, and when a visible page comes online again. */
  onResume(callback: () => void): Cancel;
  /** Calls `left` when the page is left, which may be the last moment to send anything. Calls `back` if the page is restored. */
  onPageHide(left: () => void, back?: () => void): Cancel;
  /** Calls back after the present task, without a timer: browsers delay the timers of a hidden page by up to a minute. */
  afterTask(callback: () => void): Cancel;
}

/** The part of the global object that is used. */
interface Page extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly document?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> & { readonly visibilityState: string };
  readonly navigator?: { readonly onLine?: boolean };
  readonly MessageChannel?: typeof MessageChannel;
}

/** @param page - the global object, or a replacement in tests. */
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
    afterTask(callback) {
      const { port1, port2 } = new (page.MessageChannel ?? MessageChannel)();
      const cancel = (): void => {
        port1.onmessage = null;
        port1.close();
      };
      port1.onmessage = () => {
        cancel();
        callback();
      };
      port2.postMessage(undefined);
      return cancel;
    },
  };
}
