/** A fake browser page, which a test can hide, show, take offline and online, leave and restore. Its events come in the order of Chromium. */

export interface FakePage extends EventTarget {
  readonly document: EventTarget & { visibilityState: DocumentVisibilityState };
  readonly navigator: { onLine: boolean };
  /** The number of listeners on the page and its document. */
  readonly listeners: number;
  hide(): void;
  show(): void;
  goOffline(): void;
  goOnline(): void;
  /** Leaves the page, as by navigation. */
  leave(): void;
  /** Restores the page from the back-forward cache. */
  restore(): void;
}

/** Its messages come with the next `setImmediate`, so that a test can wait for them. A closed port receives nothing. */
class FakeChannel {
  readonly port1 = {
    onmessage: undefined as (() => void) | undefined,
    close(): void {
      this.onmessage = undefined;
    },
  };
  readonly port2 = { postMessage: () => void setImmediate(() => this.port1.onmessage?.()) };
}

export function createFakePage(): FakePage {
  const listeners = new Map<unknown, string[]>();
  const target = <T extends object>(more: T): EventTarget & T => {
    const events = new EventTarget();
    return Object.assign(events, {
      ...more,
      addEventListener(type: string, listener: () => void) {
        listeners.set(listener, [...(listeners.get(listener) ?? []).filter((each) => each !== type), type]);
        EventTarget.prototype.addEventListener.call(events, type, listener);
      },
      removeEventListener(type: string, listener: () => void) {
        listeners.set(listener, (listeners.get(listener) ?? []).filter((each) => each !== type));
        EventTarget.prototype.removeEventListener.call(events, type, listener);
      },
    });
  };
  const document = target({ visibilityState: 'visible' });
  const navigator = { onLine: true };
  const page = target({ document, navigator, MessageChannel: FakeChannel });

  const fire = (at: EventTarget, type: string): boolean => at.dispatchEvent(new Event(type));
  function look(visibilityState: DocumentVisibilityState): void {
    document.visibilityState = visibilityState;
    fire(document, 'visibilitychange');
  }

  return Object.defineProperty(
    Object.assign(page, {
      hide: () => look('hidden'),
      show: () => look('visible'),
      goOffline() {
        navigator.onLine = false;
        fire(page, 'offline');
      },
      goOnline() {
        navigator.onLine = true;
        fire(page, 'online');
      },
      leave() {
        fire(page, 'pagehide');
        look('hidden');
      },
      restore() {
        look('visible');
        fire(page, 'pageshow');
      },
    }),
    'listeners',
    { get: () => [...listeners.values()].flat().length },
  ) as unknown as FakePage;
}
