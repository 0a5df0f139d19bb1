/**
 * Connects an upstream with the page it runs in. A page that is left, perhaps for good, must delete everything it has open; a page
 * that returns from the back-forward cache opens again (F83). Owns the ids that need a DELETE at this moment, and the wait for the
 * page's return. Knows nothing of requests.
 */
import { reasonToEnd } from '../../model/errors.js';
import type { UpstreamContext } from '../context.js';
import type { Deleter } from '../cleanup/deleter.js';

export interface PageVisit {
  /** Aborts when the page is left or the upstream closed. Each visit has its own signal, and no subscription outlives its visit. */
  readonly signal: AbortSignal;
  /** Records that an id is, or may be, open on the server from now on. */
  opened(id: string): void;
  /** Forgets an id without a DELETE: nothing was opened under it, or the caller deletes it. */
  notOpened(id: string): void;
  /** Hands one open id, or all of them, to the deleter. Ids that were handed over before are skipped. */
  delete(id?: string): void;
  /** The open ids that have not been handed to the deleter. */
  readonly undeleted: readonly string[];
  /** Resolves at once, or when a page that was left is restored. Rejects if the upstream is closed. */
  whenPresent(): Promise<void>;
  /** Stops watching the page. Call it when nothing will be opened any more. */
  end(): void;
}

/** @param left - called when the page is being left, after its DELETEs were sent. */
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
    // The DELETEs must be sent during the event, because no code of the page may run afterwards.
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
