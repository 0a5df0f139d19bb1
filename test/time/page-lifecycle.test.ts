/** When a page is active, when it resumes and goes, and that no listener outlives its cancel. */
import { describe, expect, it } from 'vitest';
import { createPageLifecycle } from '../../src/time/page-lifecycle.js';
import { createFakePage } from '../support/fake-page.js';

describe('the page lifecycle', () => {
  it('is always active without a page, and never ends', () => {
    const lifecycle = createPageLifecycle({});
    expect(lifecycle.isActive).toBe(true);
    lifecycle.onResume(() => undefined)();
    lifecycle.onPageHide(() => undefined)();
  });

  it('F72: is inactive while the page is hidden or offline', () => {
    const page = createFakePage();
    const lifecycle = createPageLifecycle(page);
    const seen = [lifecycle.isActive];
    for (const change of [page.hide, page.goOffline, page.show, page.goOnline]) {
      change();
      seen.push(lifecycle.isActive);
    }
    expect(seen).toEqual([true, false, false, false, true]);
  });

  it('F72: reports each return to active and nothing else, until cancelled', () => {
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

  it('F83: reports when the page is left and when it is restored', () => {
    const page = createFakePage();
    const reported: string[] = [];
    createPageLifecycle(page).onPageHide(() => reported.push('left'), () => reported.push('back'));
    page.hide();
    page.show();
    expect(reported).toEqual([]);
    page.leave();
    expect(reported).toEqual(['left']);
    page.restore();
    expect(reported).toEqual(['left', 'back']);
  });

  it('I4: cancelling removes every listener', () => {
    const page = createFakePage();
    const lifecycle = createPageLifecycle(page);
    const cancels = [lifecycle.onResume(() => undefined), lifecycle.onPageHide(() => undefined), lifecycle.onPageHide(() => undefined, () => undefined)];
    expect(page.listeners).toBeGreaterThan(0);
    cancels.forEach((cancel) => cancel());
    expect(page.listeners).toBe(0);
  });
});
