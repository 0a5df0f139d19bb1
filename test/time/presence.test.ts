/** Whether anybody looks: told by the page, where there is one. */
import { describe, expect, it } from 'vitest';
import { createPresence } from '../../src/time/presence.js';

interface FakePage extends EventTarget {
  readonly document: EventTarget & { visibilityState: DocumentVisibilityState };
  readonly navigator: { onLine: boolean };
}

function page(): FakePage {
  const visibilityState: DocumentVisibilityState = 'visible';
  return Object.assign(new EventTarget(), { document: Object.assign(new EventTarget(), { visibilityState }), navigator: { onLine: true } });
}

describe('presence', () => {
  it('where there is no page, somebody always looks', () => {
    const presence = createPresence({});
    expect(presence.attentive).toBe(true);
    presence.onReturn(() => undefined)();
  });

  it('F72: a page that is hidden or offline is not looked at', () => {
    const target = page();
    const presence = createPresence(target);
    expect(presence.attentive).toBe(true);
    target.document.visibilityState = 'hidden';
    expect(presence.attentive).toBe(false);
    target.document.visibilityState = 'visible';
    target.navigator.onLine = false;
    expect(presence.attentive).toBe(false);
  });

  it('calls back when it returns, and only then; not any more once cancelled', () => {
    const target = page();
    const presence = createPresence(target);
    let returns = 0;
    const cancel = presence.onReturn(() => returns++);
    target.document.visibilityState = 'hidden';
    target.document.dispatchEvent(new Event('visibilitychange'));
    expect(returns).toBe(0);
    target.document.visibilityState = 'visible';
    target.document.dispatchEvent(new Event('visibilitychange'));
    target.dispatchEvent(new Event('online'));
    target.dispatchEvent(new Event('pageshow'));
    expect(returns).toBe(3);
    cancel();
    target.dispatchEvent(new Event('online'));
    expect(returns).toBe(3);
  });
});
