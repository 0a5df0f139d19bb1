/** Handing the readings of an answer to the cells they belong to: none looks at an answer in which it did not change. */
import type { Answer } from '../upstream/source.js';
import type { Cell, Home } from './cell.js';

/**
 * @param cells - by the index of their definition; `undefined` where none takes it.
 * @param home - whose answer it is: a cell that has moved on is kept live elsewhere.
 * @param calm - none of them wants to be offered what is the same as before.
 * @returns how many found news.
 */
export function offerTo(cells: readonly (Cell | undefined)[], answer: Answer, home: Home, calm: boolean): number {
  const { readings, changed } = answer;
  let news = 0;
  const offer = (cell: Cell | undefined, index: number): void => {
    const reading = readings[index];
    if (cell !== undefined && reading !== undefined && cell.home === home && cell.offer(reading, answer)) {
      news++;
    }
  };
  if (changed === undefined) {
    cells.forEach(offer);
    return news;
  }
  changed.forEach((index) => offer(cells[index], index));
  if (calm) {
    return news;
  }
  const differing = new Set(changed);
  cells.forEach((cell, index) => {
    if (cell?.attentive === true && !differing.has(index)) {
      offer(cell, index);
    }
  });
  return news;
}
