/** Hands an answer of a group to its residents. None looks at an answer in which nothing of its own can have changed. */
import type { Answer } from '../upstream/source.js';
import type { LiveSet } from './set.js';
import type { Residents } from './residents.js';
import type { Home } from './tenant.js';

/**
 * Sets come first: an observer of a cell may join a set while it is notified, and is to be given this answer, not the last.
 *
 * @param home - a resident that lives elsewhere by now is kept live there, and is not offered anything.
 * @param skipUnchanged - no resident wants an answer in which nothing changed for it.
 * @returns how many definitions have a value that is news.
 */
export function fanOut(residents: Residents, answer: Answer, home: Home, skipUnchanged: boolean): number {
  if (residents.sets.size === 0) {
    return offerToCells(residents, answer, home, skipUnchanged, undefined);
  }
  const news = new Set<number>();
  offerToSets(residents, answer, home, skipUnchanged, news);
  offerToCells(residents, answer, home, skipUnchanged, news);
  return news.size;
}

function offerToSets(residents: Residents, answer: Answer, home: Home, skipUnchanged: boolean, news: Set<number>): void {
  for (const [set, changed] of concerned(residents, answer.changed, skipUnchanged)) {
    const places = residents.sets.get(set);
    if (places !== undefined && set.home === home) {
      set.take(answer, places, changed, answer).forEach((member) => news.add(places[member] ?? -1));
    }
  }
}

/** The sets to offer an answer to, each with the members that can have changed; `undefined`: all can. */
function concerned(residents: Residents, changed: readonly number[] | undefined, skipUnchanged: boolean): Map<LiveSet, number[] | undefined> {
  const found = new Map<LiveSet, number[] | undefined>();
  if (changed === undefined) {
    for (const set of residents.sets.keys()) {
      found.set(set, undefined);
    }
    return found;
  }
  for (const place of changed) {
    for (const { set, member } of residents.membershipsAt(place)) {
      const members = found.get(set);
      if (members === undefined) {
        found.set(set, [member]);
      } else {
        members.push(member);
      }
    }
  }
  for (const set of skipUnchanged ? [] : residents.sets.keys()) {
    if (set.wantsUnchanged && !found.has(set)) {
      found.set(set, []);
    }
  }
  return found;
}

/** @param found - takes the places of what is news; `undefined`: they are counted only. */
function offerToCells({ cells }: Residents, answer: Answer, home: Home, skipUnchanged: boolean, found: Set<number> | undefined): number {
  const { readings, changed } = answer;
  let news = 0;
  const offer = (place: number): void => {
    const cell = cells[place];
    const reading = readings[place];
    if (cell !== undefined && reading !== undefined && cell.home === home && cell.take(reading, answer)) {
      news++;
      found?.add(place);
    }
  };
  if (changed === undefined) {
    for (let place = 0; place < readings.length; place++) {
      offer(place);
    }
    return news;
  }
  changed.forEach(offer);
  if (skipUnchanged) {
    return news;
  }
  const differing = new Set(changed);
  for (const [place, cell] of cells.entries()) {
    if (cell?.wantsUnchanged === true && !differing.has(place)) {
      offer(place);
    }
  }
  return news;
}
