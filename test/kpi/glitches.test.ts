/** Figures of one answer: 100,000 answers, each of which keeps an invariant that any mix of two answers breaks. */
import { combineLatest, Subject, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { StatisticValue } from '../../src/index.js';
import { combineStatistics, kpis } from '../../src/kpi/index.js';

const answers = 100_000;
const value = (number: number): StatisticValue => ({ name: 'Total_Answered', objectId: 'Sales@SIP', objectType: 'Queue', timestamp: number, value: number });

/** Of each answer, the second number is twice the first. */
type Pair = { readonly once: StatisticValue; readonly twice: StatisticValue };

/** Sends every answer through two streams, and counts the figures and those that mix two answers. */
async function count(combine: (once$: Observable<StatisticValue>, twice$: Observable<StatisticValue>) => Observable<Pair>): Promise<{ figures: number; glitches: number }> {
  const [once$, twice$] = [new Subject<StatisticValue>(), new Subject<StatisticValue>()];
  let figures = 0;
  let glitches = 0;
  combine(once$, twice$)
    .pipe(kpis({ difference: ({ once, twice }) => (once === null || twice === null ? null : twice - 2 * once), once: ({ once }) => once }))
    .subscribe(({ difference }) => {
      figures++;
      glitches += difference === 0 ? 0 : 1;
    });
  for (let answer = 1; answer <= answers; answer++) {
    once$.next(value(answer));
    twice$.next(value(2 * answer));
    // The next answer comes in a later task.
    await Promise.resolve();
  }
  return { figures, glitches };
}

describe('100,000 answers, each in two streams', () => {
  it('combineStatistics and kpis make one figure of each, and none of two answers', async () => {
    expect(await count((once, twice) => combineStatistics({ once, twice }))).toEqual({ figures: answers, glitches: 0 });
  });

  it('combineLatest makes two of each, and every second one mixes two answers', async () => {
    const figures = await count((once, twice) => combineLatest({ once, twice }));
    expect(figures).toEqual({ figures: 2 * answers - 1, glitches: answers - 1 });
  });
});
