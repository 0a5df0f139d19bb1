/** The last half hour of each figure. It outlives the tiles, so that a trend is still there when the viewer returns to the wall. */
import { Injectable } from '@angular/core';

export const span = 30 * 60_000;

/** Milliseconds. Points that are closer than this are merged, because more would not be visible. */
const step = 10_000;

export interface Point {
  readonly time: number;
  readonly value: number | null;
}

@Injectable({ providedIn: 'root' })
export class History {
  readonly #points = new Map<string, Point[]>();

  /** `null` is a gap. Returns the points of the last half hour, oldest first. */
  add(name: string, point: Point): readonly Point[] {
    const known = this.#points.get(name) ?? [];
    const last = known.at(-1);
    const kept = last && point.time - last.time < step && last.value !== null && point.value !== null && known.length > 1 && last.time - (known.at(-2)?.time ?? 0) < step ? known.slice(0, -1) : known;
    const points = [...kept.filter(({ time }) => time >= point.time - span), point];
    this.#points.set(name, points);
    return points;
  }
}
