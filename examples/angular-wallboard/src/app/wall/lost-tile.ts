// How many of the callers of a queue gave up.
import { Component, input } from '@angular/core';
import { injectKpi } from 'genesys-statistics-rx/angular';
import { abandonRate } from 'genesys-statistics-rx/kpi';
import { levelOf } from '../level.js';
import { percent } from '../now.js';
import { Tile } from './tile.js';

@Component({
  selector: 'app-lost-tile',
  imports: [Tile],
  template: `<app-tile heading="Gave up" [queue]="queue()" [of]="lost" [level]="level()" [text]="percent(lost.value())" />`,
})
export class LostTile {
  readonly queue = input.required<string>();
  readonly of = (name: string): { name: string; objectId: string; objectType: string } => ({ name, objectId: this.queue(), objectType: 'Queue' });
  readonly lost = injectKpi(() => ({ answered: this.of('Total_Answered'), abandoned: this.of('Total_Abandoned') }), abandonRate);
  readonly level = levelOf(this.lost.value, { side: 'above', warning: 12, error: 20, hysteresis: 1 });
  readonly percent = percent;
}
