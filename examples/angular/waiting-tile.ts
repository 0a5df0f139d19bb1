// A tile: how many calls wait in a queue, and how many of its callers gave up.
import { Component, input } from '@angular/core';
import { numberOf } from 'genesys-statistics-rx';
import { injectKpi, injectStatistic } from 'genesys-statistics-rx/angular';
import { abandonRate } from 'genesys-statistics-rx/kpi';

@Component({
  selector: 'app-waiting-tile',
  template: `
    <h2>{{ queue() }}</h2>
    @if (waiting.hasValue()) {
      <b [class.stale]="waiting.stale()">{{ waiting.value() }}</b>
    } @else {
      <p>{{ waiting.error()?.message ?? 'waiting for the first value' }}</p>
    }
    <p>{{ lost.value() ?? 'no calls yet' }}</p>
  `,
})
export class WaitingTile {
  readonly queue = input.required<string>();
  readonly waiting = injectStatistic('Current_In_Queue', () => ({ objectId: this.queue(), objectType: 'Queue' }), { parse: ({ value }) => numberOf(value) });
  readonly lost = injectKpi(
    () => ({
      answered: { name: 'Total_Answered', objectId: this.queue(), objectType: 'Queue' },
      abandoned: { name: 'Total_Abandoned', objectId: this.queue(), objectType: 'Queue' },
    }),
    abandonRate,
  );
}
