// How many of the calls of a queue are answered in time: now, and over the last half hour.
import { Component, input } from '@angular/core';
import { injectKpi } from 'genesys-statistics-rx/angular';
import { serviceLevel } from 'genesys-statistics-rx/kpi';
import { serviceLevelTarget as target } from '../centre.js';
import { levelOf } from '../level.js';
import { percent } from '../now.js';
import { Tile } from './tile.js';
import { Trend } from './trend.js';

@Component({
  selector: 'app-service-level-tile',
  imports: [Tile, Trend],
  template: `
    <app-tile heading="Service level" [queue]="queue()" [of]="level" [level]="alarm()" [text]="percent(level.value())">
      <app-trend [name]="queue()" [value]="level.value()" [target]="target" [stale]="level.stale()" />
    </app-tile>
  `,
})
export class ServiceLevelTile {
  readonly queue = input.required<string>();
  readonly of = (name: string): { name: string; objectId: string; objectType: string } => ({ name, objectId: this.queue(), objectType: 'Queue' });
  readonly level = injectKpi(() => ({ answeredWithin: this.of('Total_Answered_In_Threshold'), answered: this.of('Total_Answered'), abandoned: this.of('Total_Abandoned') }), serviceLevel);
  readonly alarm = levelOf(this.level.value, { side: 'below', warning: target, error: target - 10, hysteresis: 1 });
  readonly percent = percent;
  readonly target = target;
}
