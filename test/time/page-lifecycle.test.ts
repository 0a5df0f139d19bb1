/** When a page is visible, what its platform says of its line, when it resumes and goes, and that no listener outlives its cancel. */
import { describe, expect, it } from 'vitest';
import { createPageLifecycle } from '../../src/time/page-lifecycle.js';
import { createFakePage } from '../support/fake-page.js';

describe('the page lifecycle', () => {
  it.each([{}, { navigator: {} }])('is always visible and never called offline without a page, and never ends', (platform) => {
    const lifecycle = createPageLifecycle(platform);
    expect([lifecycle.isVisible, lifecycle.isCalledOffline]).toEqual([true, false]);
    lifecycle.onResume(() => undefined)();
    lifecycle.onPageHide(() => undefined)();
  });

  it('F72: says whether the page is visible, and whether its platform calls it offline', () => {
    const page = createFakePage();
    const lifecycle = createPageLifecycle(page);
    const seen = [page.hide, page.goOffline, page.show, page.goOnline].map((change) => {
      change();
      return [lifecycle.isVisible, lifecycle.isCalledOffline];
    });
    expect(seen).toEqual([[false, false], [false, true], [true, true], [true, false]]);
  });

  it('F160: reports a return to view although the platform says offline', () => {
    const page = createFakePage();
    let returns = 0;
    createPageLifecycle(page).onResume(() => returns++);
    page.goOffline();
    page.hide();
    page.show();
    expect(returns).toBe(1);
  });

  it('F72: reports each return to view or online of a visible page and nothing else, until cancelled', () => {
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

  it('F250: calls back after the promises of the present task, unless that is cancelled', async () => {
    const order: string[] = [];
    const { afterTask } = createPageLifecycle({});
    await new Promise<void>((resolve) => {
      afterTask(() => order.push('cancelled'))();
      afterTask(() => {
        order.push('task');
        resolve();
      });
      void Promise.resolve().then(() => Promise.resolve()).then(() => order.push('promises'));
    });
    expect(order).toEqual(['promises', 'task']);
  });
});
