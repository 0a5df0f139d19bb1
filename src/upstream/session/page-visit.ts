/**
 * An upstream and the page it lives in. A page that is left, perhaps for good, must leave nothing open behind it; one that
 * returns from the back-forward cache opens anew (F83). Owns which ids need a DELETE at this moment, and waiting for the
 * page. Knows nothing of requests.
 */
import { reasonToEnd } from '../../model/errors.js';
import type { UpstreamContext } from '../context.js';
import type { Deleter } from '../cleanup/deleter.js';

export interface PageVisit {
  /** Aborts when the page is left or the upstream closed. Each visit has its own, and no subscription outlives it. */
  readonly signal: AbortSignal;
  /** An id is open on the server from now on, or may be. */
  opened(id: string): void;
  /** An id was never opened. */
  notOpened(id: string): void;
  /** Sends the DELETE of one id, or of all, unless it was sent already. */
  delete(id?: string): void;
  /** The ids that have had no DELETE. */
  readonly undeleted: readonly string[];
  /** Resolves when the page is there; rejects when the upstream is closed. */
  whenPresent(): Promise<void>;
  /** Nothing will be opened any more. */
  end(): void;
}

/** @param left - called when the page has been left and its DELETEs are on their way. */
export function createPageVisit({ page, closing }: Pick<UpstreamContext, 'page' | 'closing'>, deleter: Pick<Deleter, 'delete'>, left: () => void): PageVisit {
  const open = new Set<string>();
  let visit = new AbortController();
  /** Pending while the page is away. */
  let returned: Promise<void> | undefined;
  let comeBack = (): void => undefined;

  closing.addEventListener('abort', () => {
    visit.abort(closing.reason);
    comeBack();
  }, { once: true });

  function deleteOpen(ids: Iterable<string>, when: 0 | 'at once'): void {
    for (const id of ids) {
      if (open.delete(id)) {
        deleter.delete(id, when);
      }
    }
  }

  function leave(): void {
    returned ??= new Promise((resolve) => {
      comeBack = () => {
        returned = undefined;
        resolve();
      };
    });
    // During the event: after it the page runs no more, and nobody would delete what it has open.
    deleteOpen(open, 'at once');
    visit.abort(reasonToEnd('the page was left'));
    visit = new AbortController();
    left();
  }

  return {
    get signal() {
      return visit.signal;
    },
    opened: (id) => void open.add(id),
    notOpened: (id) => void open.delete(id),
    delete: (id) => deleteOpen(id === undefined ? open : [id], 0),
    get undeleted() {
      return [...open];
    },
    async whenPresent() {
      await returned;
      closing.throwIfAborted();
    },
    end: page.onPageHide(leave, () => comeBack()),
  };
}
