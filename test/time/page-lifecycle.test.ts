/** Whether anybody can be looking: what counts, and that nothing is listened to longer than somebody wants to know. */
import { describe, expect, it } from 'vitest';
import { createPageLifecycle } from '../../src/time/page-lifecycle.js';
import { createFakePage } from '../support/fake-page.js';

describe('presence', () => {
  it('where there is no page, somebody always looks, and nobody ever leaves', () => {
    const presence = createPageLifecycle({});
    expect(presence.attentive).toBe(true);
    presence.onResume(() => undefined)();
    presence.onPageHide(() => undefined)();
  });

  it('F72: a page that is hidden or offline is looked at by nobody', () => {
    const page = createFakePage();
    const presence = createPageLifecycle(page);
    const seen = [presence.attentive];
    for (const change of [page.hide, page.goOffline, page.show, page.goOnline]) {
      change();
      seen.push(presence.attentive);
    }
    expect(seen).toEqual([true, false, false, false, true]);
  });

  it('F72: calls back when it is looked at again, and only then; not any more once cancelled', () => {
    const page = createFakePage();
    let returns = 0;
    const cancel = createPageLifecycle(page).onResume(() => returns++);
    page.hide();
    page.goOffline();
    page.goOnline();
    expect(returns).toBe(0);
    page.show();
    page.goOffline();
    page.goOnline();
    expect(returns).toBe(2);
    cancel();
    page.hide();
    page.show();
    page.restore();
    expect(returns).toBe(2);
  });

  it('F83: tells when the page is left and when it is there again', () => {
    const page = createFakePage();
    const told: string[] = [];
    createPageLifecycle(page).onPageHide(() => told.push('left'), () => told.push('back'));
    page.hide();
    page.show();
    expect(told).toEqual([]);
    page.leave();
    expect(told).toEqual(['left']);
    page.restore();
    expect(told).toEqual(['left', 'back']);
  });

  it('I4: a cancel leaves no listener behind', () => {
    const page = createFakePage();
    const presence = createPageLifecycle(page);
    const cancels = [presence.onResume(() => undefined), presence.onPageHide(() => undefined), presence.onPageHide(() => undefined, () => undefined)];
    expect(page.listeners).toBeGreaterThan(0);
    cancels.forEach((cancel) => cancel());
    expect(page.listeners).toBe(0);
  });
});
