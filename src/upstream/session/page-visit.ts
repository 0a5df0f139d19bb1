/**
 * An upstream and the page it lives in. A page that is left, perhaps for good, must leave nothing open behind it; one that
 * comes back from the back-forward cache opens anew (F83). Owns what is owed a DELETE at this moment, and waiting for the
 * page. Knows nothing of requests but the id.
 */
import { reasonToEnd } from '../../model/errors.js';
import type { PageLifecycle } from '../../time/page-lifecycle.js';
import type { Deleter } from '../cleanup/deleter.js';

export interface PageVisit {
  /** Of the present visit: aborts when the page is left, or the upstream closed. No subscription outlives it. */
  readonly signal: AbortSignal;
  /** This is open on the server, or may be; `undefined`: nothing is. */
  owe(id: string | undefined): void;
  readonly owed: string | undefined;
  /** One DELETE for what is owed, if it is. */
  settle(): void;
  /** Resolves when the page is there; rejects when the upstream is closed. */
  present(): Promise<void>;
  /** Nothing can be owed any more. */
  end(): void;
}

/**
 * @param closing - the upstream is closed.
 * @param left - told when the page has been left, and what was owed is on its way to be deleted.
 */
export function createPageVisit(
  { presence, deleter }: { readonly presence: PageLifecycle; readonly deleter: Deleter },
  closing: AbortSignal,
  left: () => void,
): PageVisit {
  let visit = new AbortController();
  let owed: string | undefined;
  /** While the page is away. */
  let back: Promise<void> | undefined;
  let comeBack = (): void => undefined;

  closing.addEventListener('abort', () => {
    visit.abort(closing.reason);
    comeBack();
  }, { once: true });

  function settle(when: 0 | 'at once' = 0): void {
    if (owed !== undefined) {
      deleter.remove(owed, when);
      owed = undefined;
    }
  }

  function leave(): void {
    back ??= new Promise((resolve) => {
      comeBack = () => {
        back = undefined;
        resolve();
      };
    });
    // While the event lasts: after it the page runs no more, and nobody would delete what it had open.
    settle('at once');
    visit.abort(reasonToEnd('the page was left'));
    visit = new AbortController();
    left();
  }

  return {
    get signal() {
      return visit.signal;
    },
    owe(id) {
      owed = id;
    },
    get owed() {
      return owed;
    },
    settle,
    async present() {
      await back;
      closing.throwIfAborted();
    },
    end: presence.onPageHide(leave, () => comeBack()),
  };
}
