/**
 * Opens the members of a refused set apart from each other, for nobody but the search that looks for the culprit. A search
 * among single statistics finds the one that is refused by halves; if each is accepted, the server refuses their combination.
 */
import type { StatisticRejectedError, StatisticsError } from '../model/errors.js';
import type { StatisticValue } from '../model/statistic.js';
import { Cell } from './cell.js';
import type { LiveSet } from './set.js';
import type { Observer, Tenant } from './tenant.js';

/**
 * Probes the members of a set.
 *
 * @param open - opens cells for them; returns what closes all that was opened.
 * @param concluded - called once, unless it is ended before: with the error of a member that the server does not return, or
 * without any when it has answered for every member.
 * @returns what ends it: nothing of it stays open.
 */
export function probeMembers(
  { definitions }: LiveSet,
  open: (cells: readonly Cell[]) => () => void,
  concluded: (missing?: StatisticRejectedError) => void,
): () => void {
  const observers: Observer<StatisticValue>[] = [];
  let close = (): void => undefined;
  let unanswered = definitions.length;

  function stop(): void {
    observers.forEach((observer) => observer.unsubscribe());
    close();
  }

  function conclude(missing?: StatisticsError): void {
    stop();
    concluded(missing as StatisticRejectedError | undefined);
  }

  function answered(): void {
    unanswered--;
    if (unanswered === 0) {
      conclude();
    }
  }

  const cells = definitions.map((definition) => {
    const cell = new Cell(definition, nobody);
    const observer = createObserver(answered, conclude);
    observers.push(observer);
    cell.join(observer);
    return cell;
  });
  close = open(cells);
  return stop;
}

const nobody = { unobserved: () => undefined };

function createObserver(answered: () => void, failed: (error: StatisticsError) => void): Observer<StatisticValue> {
  let isAnswered = false;
  const observer: Observer<StatisticValue> = {
    tenant: undefined as Tenant<StatisticValue> | undefined,
    wantsUnchanged: false,
    interval: undefined,
    value() {
      if (!isAnswered) {
        isAnswered = true;
        answered();
      }
    },
    state: () => undefined,
    fail: failed,
    complete: () => undefined,
    unsubscribe: () => observer.tenant?.leave(observer),
  };
  return observer;
}
